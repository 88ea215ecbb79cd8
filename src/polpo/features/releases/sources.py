"""What a release is made of: the project's steps and variables as they are here, or as they are in a commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from polpo.features.git.documents import Snapshot
from polpo.features.git.mirrors import BRANCHES, Mirror, Reference
from polpo.features.git.service import GitProject, opened
from polpo.features.processes.freezing import keep_snapshot
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentProcess
from polpo.features.processes.service import freeze_process, process_of
from polpo.features.projects.resource import DeploymentSettings, Project
from polpo.features.projects.service import apply_settings
from polpo.features.releases.resource import SnapshotGitReference
from polpo.features.variables.resource import Variable, VariableSet
from polpo.features.variables.service import variables_of
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.store.session import Session

#: The version of what was frozen from a commit: never that of a document in the database.
OF_A_COMMIT = -1


@dataclass(frozen=True)
class Source:
    """`project` has the settings of the same place. `reference` and `settings` are those of a project in Git."""

    project: Project
    process: DeploymentProcess
    variables: VariableSet
    reference: SnapshotGitReference | None = None
    settings: DeploymentSettings | None = None

    def freeze_process(self, session: Session) -> str:
        """The id of the snapshot of the steps."""
        if self.reference is None:
            return freeze_process(session, self.process)
        return keep_snapshot(session, DEPLOYMENT_PROCESSES, self.process, f"{self.process.id}-s-git").id


def source_here(session: Session, project: Project) -> Source:
    return Source(project, process_of(session, project.id), variables_of(session, project.id))


async def chosen_source(call: Call, project: Project, git_ref: str | None, git_commit: str | None) -> Source | None:
    """For a project in Git, the commit that is asked for; None for one in the database, which takes no such wishes."""
    if project.persistence_settings.in_git:
        with call.reading() as reading:
            repository = opened(reading, project)
        return await source_at(repository, git_ref, git_commit)
    if (git_ref or "").strip() or (git_commit or "").strip():
        sentence = f"GitRef and GitCommit are for projects in Git; the project '{project.name}' keeps its steps here."
        raise Invalid(sentence, [sentence])
    return None


async def source_at(repository: GitProject, git_ref: str | None, git_commit: str | None = None) -> Source:
    """The project at a commit, else at the tip of a branch or tag, else at that of its default branch.

    Invalid when they are not in the repository, or the commit is not on the branch.
    """

    def read(mirror: Mirror) -> Source:
        reference = _pinned(repository, mirror, git_ref, git_commit)
        with repository.call.reading() as call:
            return source_of(Snapshot(mirror, reference, call.session, repository.project))

    return await repository.use(read, refresh=True)


def _pinned(repository: GitProject, mirror: Mirror, git_ref: str | None, git_commit: str | None) -> Reference:
    named = (git_ref or "").strip() or BRANCHES + (repository.settings.default_branch or "")
    pinned = (git_commit or "").strip()
    try:
        if not pinned:
            return mirror.get(named)
        commit = mirror.facts(pinned).hash
        reference = mirror.find(named) if git_ref else Reference("", commit)
        reference = reference or mirror.get(named)
    except NotFound as error:
        raise Invalid(error.message, [error.message]) from error
    if not mirror.contains(reference.commit, commit):
        sentence = f"The commit '{pinned}' is not in the history of '{named}'."
        raise Invalid(sentence, [sentence])
    return Reference(reference.canonical, commit)


def source_of(snapshot: Snapshot) -> Source:
    settings, process = snapshot.settings(), snapshot.process()
    process.version = OF_A_COMMIT
    process.links, settings.links = {}, {}
    project = apply_settings(snapshot.project, settings)
    return Source(project, process, variables_at(snapshot), reference_of(snapshot), settings)


def variables_at(snapshot: Snapshot) -> VariableSet:
    """Those of the commit, with the secrets of the database."""
    variables = snapshot.variables()
    variables.version, variables.links = OF_A_COMMIT, {}
    secrets = variables_of(snapshot.session, snapshot.project.id)
    variables.variables = [*variables.variables, *_sensitive(secrets.variables)]
    return variables


def reference_of(snapshot: Snapshot) -> SnapshotGitReference:
    commit = snapshot.reference.commit
    reference = snapshot.reference.canonical or None
    return SnapshotGitReference(git_ref=reference, git_commit=commit, variables_git_commit=commit)


def with_secrets_of_now(session: Session, project_id: str, frozen: VariableSet) -> VariableSet:
    """What was frozen from a commit, with the secrets as they are in the database now."""
    now = variables_of(session, project_id)
    plain = [one for one in frozen.variables if not one.is_sensitive]
    variables = [*plain, *_sensitive(now.variables)]
    return msgspec.structs.replace(frozen, id=now.id, version=OF_A_COMMIT, variables=variables)


def _sensitive(variables: Iterable[Variable]) -> list[Variable]:
    return [one for one in variables if one.is_sensitive]
