"""Changing a project on a branch: a document becomes its file, a commit, and a push.

What could not be read again is not written: the new text is read before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from polpo.features.git import texts
from polpo.features.git.documents import Snapshot, path_of, version_of
from polpo.features.git.mirrors import Mirror, Reference
from polpo.features.git.service import GitProject
from polpo.features.processes.resource import DeploymentProcess
from polpo.features.processes.service import complete_steps
from polpo.features.projects.resource import DeploymentSettings
from polpo.features.projects.service import complete_settings
from polpo.features.variables.resource import VariableSet
from polpo.kernel.errors import Conflict, Invalid
from polpo.languages.ocl.projects.files import (
    DEPLOYMENT_PROCESS_FILE,
    DEPLOYMENT_SETTINGS_FILE,
    SCHEMA_VERSION_FILE,
    VARIABLES_FILE,
)

T = TypeVar("T")

#: New contents by file name; None removes the file.
Files = dict[str, bytes | None]


async def change(
    repository: GitProject,
    git_ref: str,
    message: str,
    files: Callable[[Snapshot], Files],
    result: Callable[[Snapshot], T],
) -> T:
    """Commits what `files` makes of the branch as it is, and gives what `result` reads from the new commit."""

    def changed(mirror: Mirror) -> T:
        branch = _branch(mirror, git_ref)
        with repository.call.reading() as call:
            wanted = files(Snapshot(mirror, branch, call.session, repository.project))
        branch = _committed(repository, mirror, branch, message, wanted)
        with repository.call.reading() as call:
            return result(Snapshot(mirror, branch, call.session, repository.project))

    return await repository.use(changed, refresh=True)


def _branch(mirror: Mirror, git_ref: str) -> Reference:
    found = mirror.get(git_ref)
    if not found.is_branch:
        sentence = f"'{git_ref}' is no branch; only branches can be changed."
        raise Invalid(sentence, [sentence])
    return found


def _committed(repository: GitProject, mirror: Mirror, branch: Reference, message: str, files: Files) -> Reference:
    settings = repository.settings
    changes = {path_of(settings, name): content for name, content in files.items()}
    schema = path_of(settings, SCHEMA_VERSION_FILE)
    if mirror.read(branch.commit, schema) is None:
        changes[schema] = texts.schema_text()
    commit = mirror.commit(branch.commit, changes, message, repository.author)
    if commit != branch.commit:
        mirror.push(commit, branch.canonical)
    return Reference(branch.canonical, commit)


def process_file(snapshot: Snapshot, wanted: DeploymentProcess) -> Files:
    refuse_stale(snapshot, DEPLOYMENT_PROCESS_FILE, wanted.version, "deployment process")
    complete_steps(wanted.steps, [])
    references = snapshot.references(wanted.steps)
    text = texts.process_text(wanted.steps, references)
    texts.read_process(text, references)
    return {DEPLOYMENT_PROCESS_FILE: text}


def settings_file(snapshot: Snapshot, wanted: DeploymentSettings) -> Files:
    references = snapshot.references(snapshot.steps())
    text = texts.settings_text(complete_settings(wanted), references)
    texts.read_settings(text, references)
    return {DEPLOYMENT_SETTINGS_FILE: text}


def variables_file(snapshot: Snapshot, wanted: VariableSet) -> Files:
    """Secrets are left out; who calls keeps them elsewhere."""
    refuse_stale(snapshot, VARIABLES_FILE, wanted.version, "variables")
    references = snapshot.references()
    text = texts.variables_text(wanted.variables, references)
    texts.read_variables(text, references)
    return {VARIABLES_FILE: text}


def refuse_stale(snapshot: Snapshot, file: str, version: int, what: str) -> None:
    now = version_of(snapshot.file(file)[0])
    if version != now:
        raise Conflict(
            f"The {what} on '{snapshot.reference.name}' changed in the meantime: the version is {now} and yours was"
            f" made from version {version}. Read it again and repeat your change."
        )
