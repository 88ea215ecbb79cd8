"""Real files of version-controlled projects, where the collection is at hand: it is not part of the project."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from polpo.languages.ocl import Document, from_plain, parse, to_plain, write
from polpo.languages.ocl.projects import (
    channels_from_ocl,
    channels_to_ocl,
    deployment_process_from_ocl,
    deployment_process_to_ocl,
    deployment_settings_from_ocl,
    deployment_settings_to_ocl,
    runbook_from_ocl,
    runbook_to_ocl,
    schema_version_from_ocl,
    schema_version_to_ocl,
    templated_values_from_ocl,
    templated_values_to_ocl,
    variables_from_ocl,
    variables_to_ocl,
)

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "ocl_corpus.json"


def cases() -> list[dict[str, Any]]:
    return json.loads(CORPUS.read_text("utf-8")) if CORPUS.exists() else []  # type: ignore[no-any-return]


@pytest.mark.skipif(not CORPUS.exists(), reason="the collection of public OCL files is not beside the project")
def test_corpus_is_read_and_written_as_expected() -> None:
    wrong = [case["id"] for case in cases() if outcome(case) != case["expected"]]
    assert wrong == []
    assert len(cases()) > 90


def outcome(case: dict[str, Any]) -> object:
    if case["kind"] == "parse":
        return to_plain(parse(case["ocl"]))
    if case["kind"] == "roundtrip":
        return write(parse(case["ocl"]))
    return write(from_plain(case["structure"]))


@pytest.mark.skipif(not CORPUS.exists(), reason="the collection of public OCL files is not beside the project")
def test_corpus_says_the_same_after_the_way_through_the_wire() -> None:
    """Servers wrote these; one was ordered by hand, and is the only one that changes."""
    changed = [name for name, file, document in files() if write(through_the_wire(file, document)) != write(document)]
    assert [name.split(":")[1] for name in changed] == [".octopus/channels.ocl~read"]


def files() -> list[tuple[str, str, Document]]:
    found = [(case["id"], case["ocl"]) for case in cases() if case["kind"] == "parse" and ".octopus/" in case["id"]]
    return [(name, name.split(".octopus/")[1].split("~")[0], parse(text)) for name, text in found]


def through_the_wire(file: str, document: Document) -> Document:
    if file.startswith("runbooks/"):
        return runbook_to_ocl(*runbook_from_ocl(document))
    read, written = WAYS[file]
    return written(read(document))


WAYS: dict[str, tuple[Callable[[Document], Any], Callable[[Any], Document]]] = {
    "deployment_process.ocl": (deployment_process_from_ocl, deployment_process_to_ocl),
    "deployment_settings.ocl": (deployment_settings_from_ocl, deployment_settings_to_ocl),
    "variables.ocl": (variables_from_ocl, variables_to_ocl),
    "channels.ocl": (channels_from_ocl, channels_to_ocl),
    "schema_version.ocl": (schema_version_from_ocl, schema_version_to_ocl),
    "templated_project_values.ocl": (templated_values_from_ocl, templated_values_to_ocl),
}
