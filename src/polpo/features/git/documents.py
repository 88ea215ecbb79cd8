"""A project's documents as they are in one commit, and the files that a changed document becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from polpo.features.git import texts
from polpo.features.git.mirrors import Mirror, Reference
from polpo.features.git.references import ProjectReferences
from polpo.features.processes.resource import DeploymentProcess, DeploymentStep, process_id_of
from polpo.features.projects.resource import DeploymentSettings, PersistenceSettings, Project
from polpo.features.projects.service import complete_settings
from polpo.features.variables.resource import VariableSet
from polpo.kernel.errors import Invalid
from polpo.languages.ocl.projects.files import (
    BASE_PATH,
    DEPLOYMENT_PROCESS_FILE,
    DEPLOYMENT_SETTINGS_FILE,
    VARIABLES_FILE,
)
from polpo.store.documents import Document
from polpo.store.session import Session

D = TypeVar("D", bound=Document)

_MAX_PATH = 500


def checked_base_path(path: str | None) -> str:
    """A folder inside the repository, without slashes around it."""
    trimmed = (path or "").strip().replace("\\", "/").strip("/") or BASE_PATH
    parts = trimmed.split("/")
    odd = any(part in {"", ".", ".."} or part.casefold() == ".git" for part in parts)
    if odd or len(trimmed) > _MAX_PATH or re.search(r"[\x00-\x1f]", trimmed):
        sentence = f"BasePath must be a folder inside the repository, such as .octopus; it is '{trimmed[:100]}'."
        raise Invalid(sentence, [sentence])
    return trimmed


def path_of(settings: PersistenceSettings, file: str) -> str:
    return f"{checked_base_path(settings.base_path)}/{file}"


def version_of(blob: str) -> int:
    """The concurrency token of a document in a file: it changes when the file does. 0 is that of no file."""
    return int(blob[:8], 16) & 0x7FFFFFFF


@dataclass(frozen=True)
class Snapshot:
    """A project at a commit. Reads files when they are asked for; needs the mirror's thread and a session."""

    mirror: Mirror
    reference: Reference
    session: Session
    project: Project

    def process(self) -> DeploymentProcess:
        blob, text = self.file(DEPLOYMENT_PROCESS_FILE)
        process = DeploymentProcess(
            id=process_id_of(self.project.id),
            space_id=self.project.space_id,
            project_id=self.project.id,
            version=version_of(blob),
            steps=texts.read_process(text, self.references()),
        )
        address = self.address("deploymentprocesses")
        process.links = {"Self": address, "Template": address + "/template{?channel,releaseId}"}
        return self.stamped(process)

    def settings(self) -> DeploymentSettings:
        _, text = self.file(DEPLOYMENT_SETTINGS_FILE)
        settings = complete_settings(texts.read_settings(text, self.references(self.steps())))
        settings.id = f"deploymentsettings-{self.project.id}"
        settings.space_id, settings.project_id = self.project.space_id, self.project.id
        settings.links = {"Self": self.address("deploymentsettings")}
        return self.stamped(settings)

    def variables(self) -> VariableSet:
        blob, text = self.file(VARIABLES_FILE)
        variables = VariableSet(
            id=self.project.variable_set_id,
            space_id=self.project.space_id,
            owner_id=self.project.id,
            version=version_of(blob),
            variables=texts.read_variables(text, self.references()),
        )
        variables.links = {"Self": self.address("variables")}
        return self.stamped(variables)

    def references(self, steps: list[DeploymentStep] | None = None) -> ProjectReferences:
        return ProjectReferences(self.session, self.project.space_id, self.project.id, steps or [])

    def stamped(self, document: D) -> D:
        facts = self.mirror.facts(self.reference.commit)
        document.last_modified_on, document.last_modified_by = facts.committed, facts.author
        return document

    def address(self, tail: str) -> str:
        project = self.project
        named = quote(self.reference.canonical or self.reference.commit, safe="")
        return f"/api/{project.space_id}/projects/{project.id}/{named}/{tail}"

    def steps(self) -> list[DeploymentStep]:
        _, text = self.file(DEPLOYMENT_PROCESS_FILE)
        return texts.read_process(text, self.references())

    def file(self, name: str) -> tuple[str, bytes]:
        """A file that is missing says nothing, unless there is no project at all."""
        path = path_of(self.project.persistence_settings, name)
        found = self.mirror.read(self.reference.commit, path)
        if found is None and not self.mirror.names_in(self.reference.commit, path.rpartition("/")[0]):
            sentence = f"There is no project in the folder {path.rpartition('/')[0]} at '{self.reference.name}'."
            raise Invalid(sentence, [sentence])
        return found or ("0", b"")
