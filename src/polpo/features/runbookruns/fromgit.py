"""Runs of runbooks of projects in Git: what a commit says is frozen first, and then run as any snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from polpo.features.git.documents import Snapshot
from polpo.features.git.runbooks import GitRunbook
from polpo.features.processes.freezing import keep_snapshot
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.packages import choose, needed_packages, parse_choice, selection
from polpo.features.releases.resource import SelectedPackage, SnapshotGitReference
from polpo.features.releases.sources import OF_A_COMMIT, reference_of, variables_at
from polpo.features.runbookruns.commands import GitRunbookRunCommandV1
from polpo.features.runbookruns.subject import RunbookSubject, subject_with
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES, Runbook, RunbookProcess
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot
from polpo.features.runbooksnapshots.service import free_name, settled_packages
from polpo.features.variables.resource import VariableSet
from polpo.features.variables.service import included_variables
from polpo.features.variables.snapshots import freeze_all
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.store.session import Session


@dataclass(frozen=True)
class RunbookAtCommit:
    """A runbook with the variables of the same commit, and the secrets of the database."""

    runbook: Runbook
    process: RunbookProcess
    variables: VariableSet
    reference: SnapshotGitReference


def at_commit(snapshot: Snapshot, found: GitRunbook) -> RunbookAtCommit:
    return RunbookAtCommit(found.runbook, found.process, variables_at(snapshot), reference_of(snapshot))


def chosen_packages(source: RunbookAtCommit, command: GitRunbookRunCommandV1) -> list[SelectedPackage]:
    """What texts such as `Step:1.0.0` choose."""
    needed = needed_packages(source.process, "")
    everywhere = (command.package_version or "").strip() or None
    versions = choose(needed, [parse_choice(text) for text in command.packages], everywhere)
    return selection([one for one in needed if one.key in versions], versions)


def freeze_commit(call: Call, source: RunbookAtCommit, packages: list[SelectedPackage]) -> RunbookSnapshot:
    """A snapshot for runs; nobody publishes it."""
    session, runbook = call.session, source.runbook
    settled = settled_packages(session, source.process, packages)
    process = msgspec.structs.replace(source.process, version=OF_A_COMMIT, links={})
    frozen = keep_snapshot(session, RUNBOOK_PROCESSES, process, f"{process.id}-s-git")
    variables = freeze_all(session, source.variables, _included(session, runbook))
    snapshot = RunbookSnapshot(
        space_id=runbook.space_id,
        name=free_name(session, runbook),
        project_id=runbook.project_id,
        runbook_id=runbook.id,
        assembled=call.clock.now(),
        frozen_runbook_process_id=frozen.id,
        frozen_project_variable_set_id=variables.own,
        project_variable_set_snapshot_id=variables.own,
        library_variable_set_snapshot_ids=variables.library,
        selected_packages=settled,
        git_reference=source.reference,
        frozen_runbook=msgspec.to_builtins(msgspec.structs.replace(runbook, links={})),
    )
    stamp(call, snapshot)
    return session.insert(RUNBOOK_SNAPSHOTS, snapshot)


def subject_of_commit(session: Session, source: RunbookAtCommit, environment_id: str) -> RunbookSubject:
    """As it would be frozen now. Packages that have no version yet are left out; the plan's problems name them."""
    runbook = source.runbook
    try:
        packages = settled_packages(session, source.process, [])
    except Invalid:
        packages = []
    draft = RunbookSnapshot(space_id=runbook.space_id, runbook_id=runbook.id, selected_packages=packages)
    included = included_variables(session, _included(session, runbook))
    library = [variable for one in included for variable in one.variables]
    both = (source.variables.variables, library)
    return subject_with(session, runbook, draft, environment_id, source.process, both)


def _included(session: Session, runbook: Runbook) -> list[str]:
    return session.get(PROJECTS, runbook.project_id).included_library_variable_set_ids
