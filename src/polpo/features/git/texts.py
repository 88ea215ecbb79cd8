"""The files of a project as texts, and the documents of the REST API that they say."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from polpo.features.processes.resource import DeploymentProcess, DeploymentStep
from polpo.features.processes.service import complete_steps
from polpo.features.projects.resource import DeploymentSettings
from polpo.features.runbooks.resource import Runbook
from polpo.features.runbooks.service import complete_runbook
from polpo.features.variables.resource import Variable
from polpo.kernel.errors import Invalid
from polpo.languages.ocl import parse, write
from polpo.languages.ocl.elements import Document as Ocl
from polpo.languages.ocl.projects import (
    References,
    deployment_process_from_ocl,
    deployment_process_to_ocl,
    deployment_settings_from_ocl,
    deployment_settings_to_ocl,
    runbook_from_ocl,
    runbook_to_ocl,
    schema_version_to_ocl,
    variables_from_ocl,
    variables_to_ocl,
)
from polpo.languages.ocl.projects.files import (
    DEPLOYMENT_PROCESS_FILE,
    DEPLOYMENT_SETTINGS_FILE,
    VARIABLES_FILE,
)
from polpo.rest.binding import convert
from polpo.store.documents import Resource

T = TypeVar("T")
Wire = Mapping[str, Any]

#: Ids of what has none in its file are made of where it stands, so that they are the same at every reading.
_IDS = uuid.UUID("6f0c8c8e-4f0a-4a67-9a3c-0c7c5a6d2f10")


class _Variables(Resource):
    variables: list[Variable] = []


def read_process(text: bytes, references: References) -> list[DeploymentStep]:
    def steps() -> list[DeploymentStep]:
        return steps_of(deployment_process_from_ocl(_parsed(text), references))

    return _read(DEPLOYMENT_PROCESS_FILE, steps)


def steps_of(wire: Wire) -> list[DeploymentStep]:
    """Steps in the shape of the wire, complete."""
    steps = convert(DeploymentProcess, {"Steps": wire["Steps"]}).steps
    for step in steps:
        for action in step.actions:
            for package in action.packages:
                package.id = _stable_id(step.slug, action.slug, package.name or "")
    complete_steps(steps, [])
    return steps


def read_settings(text: bytes, references: References) -> DeploymentSettings:
    def settings() -> DeploymentSettings:
        return convert(DeploymentSettings, deployment_settings_from_ocl(_parsed(text), references))

    return _read(DEPLOYMENT_SETTINGS_FILE, settings)


def read_variables(text: bytes, references: References) -> list[Variable]:
    """Secrets are not in files; a row that only says that there is one is left out."""

    def rows() -> list[Variable]:
        return convert(_Variables, variables_from_ocl(_parsed(text), references)).variables

    counts: dict[str, int] = {}
    found = [row for row in _read(VARIABLES_FILE, rows) if not row.is_sensitive]
    for row in found:
        counts[row.name] = counts.get(row.name, 0) + 1
        row.id = _stable_id(row.name, str(counts[row.name]))
    return found


def read_runbook(text: bytes, file: str, references: References) -> tuple[Runbook, list[DeploymentStep]]:
    """The slug is the file's name."""

    def runbook() -> tuple[Runbook, list[DeploymentStep]]:
        settings, process = runbook_from_ocl(_parsed(text), references)
        return complete_runbook(convert(Runbook, settings)), steps_of(process)

    return _read(file, runbook)


def runbook_text(runbook: Runbook, steps: list[DeploymentStep], references: References) -> bytes:
    process = {"Steps": msgspec.to_builtins(steps)}
    return write(runbook_to_ocl(msgspec.to_builtins(runbook), process, references)).encode()


def process_text(steps: list[DeploymentStep], references: References) -> bytes:
    return write(deployment_process_to_ocl({"Steps": msgspec.to_builtins(steps)}, references)).encode()


def settings_text(settings: DeploymentSettings, references: References) -> bytes:
    return write(deployment_settings_to_ocl(msgspec.to_builtins(settings), references)).encode()


def variables_text(variables: list[Variable], references: References) -> bytes:
    return write(variables_to_ocl({"Variables": msgspec.to_builtins(variables)}, references)).encode()


def schema_text() -> bytes:
    return write(schema_version_to_ocl()).encode()


def _stable_id(*place: str) -> str:
    return str(uuid.uuid5(_IDS, "\n".join(place)))


def _read(name: str, work: Callable[[], T]) -> T:
    """What is wrong with what a file says is told with the name of the file."""
    try:
        return work()
    except UnicodeDecodeError as error:
        raise _wrong(name, ["It is no UTF-8 text."]) from error
    except Invalid as error:
        raise _wrong(name, error.errors or [error.message]) from error


def _parsed(text: bytes) -> Ocl:
    return parse(text.decode("utf-8-sig"))


def _wrong(name: str, faults: list[str]) -> Invalid:
    sentences = [f"{name}: {fault}" for fault in faults]
    return Invalid(f"The file {name} in the Git repository cannot be used: {faults[0]}", sentences)
