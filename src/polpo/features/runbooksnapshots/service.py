"""Making snapshots of runbooks, finding them, and what may happen to one afterwards."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable, Mapping

import msgspec
import sqlalchemy as sa

from polpo.features.channels.resource import Channel
from polpo.features.processes.resource import Process
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import refuse_in_git
from polpo.features.releases.packages import PackageKey, needed_packages, selected, selection
from polpo.features.releases.resource import SelectedPackage
from polpo.features.releases.selecting import PackageSelection
from polpo.features.releases.sources import with_secrets_of_now
from polpo.features.releases.template import shown_package, versions_chosen_before
from polpo.features.runbooks.processes import freeze_runbook_process, process_of_runbook
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES, RUNBOOKS, Runbook, RunbookProcess
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot, RunbookSnapshotTemplate
from polpo.features.variables.resource import VARIABLE_SETS, VariableSet
from polpo.features.variables.service import variables_of
from polpo.features.variables.snapshots import Snapshots, freeze_all, freeze_named
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.collection import checked_name, stamp
from polpo.store.session import Session

_ALPHABET = string.ascii_uppercase + string.digits
_t = RUNBOOK_SNAPSHOTS.table


# -- finding


def find_snapshot(session: Session, space_id: str, snapshot_id: str) -> RunbookSnapshot:
    found = session.find(RUNBOOK_SNAPSHOTS, snapshot_id)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no runbook snapshot with the id '{snapshot_id}' in this space.")
    return found


def find_snapshot_of(session: Session, project: Project, named: str, runbook_id: str | None = None) -> RunbookSnapshot:
    """A snapshot of the project, or of one of its runbooks, by id or name."""
    wanted = sa.or_(_t.c.id == named, _t.c.name_key == named.strip().casefold())
    owner = _t.c.runbook_id == runbook_id if runbook_id else sa.true()
    found = session.first(RUNBOOK_SNAPSHOTS, _t.c.project_id == project.id, owner, wanted)
    if found is None:
        whose = "runbook" if runbook_id else f"project '{project.name}'"
        raise NotFound(f"The {whose} has no snapshot with the id or name '{named}'.")
    return found


def published_snapshot(session: Session, runbook: Runbook) -> RunbookSnapshot:
    """What is run unless something else is asked for."""
    found = session.find(RUNBOOK_SNAPSHOTS, runbook.published_runbook_snapshot_id)
    if found is None:
        raise Invalid(
            f"The runbook '{runbook.name}' has no published snapshot; publish one, or name the snapshot to run."
        )
    return found


def newest_snapshot(session: Session, runbook_id: str) -> RunbookSnapshot | None:
    return session.first(RUNBOOK_SNAPSHOTS, _t.c.runbook_id == runbook_id, order=[_t.c.seq.desc()])


def runbook_of_snapshot(session: Session, snapshot: RunbookSnapshot) -> Runbook | None:
    """The runbook: for a project in Git as it was, else as it is now; None when it was deleted."""
    if snapshot.frozen_runbook is not None:
        return msgspec.convert(snapshot.frozen_runbook, Runbook)
    return session.find(RUNBOOKS, snapshot.runbook_id)


def process_of_snapshot(session: Session, snapshot: RunbookSnapshot) -> RunbookProcess:
    """The steps as they were when the snapshot was made."""
    return session.get(RUNBOOK_PROCESSES, snapshot.frozen_runbook_process_id)


# -- making


def make_snapshot(call: Call, runbook: Runbook, wanted: RunbookSnapshot) -> RunbookSnapshot:
    """Freezes the runbook as it is now, with the wanted name, notes and versions of packages."""
    session = call.session
    refuse_in_git(session.get(PROJECTS, runbook.project_id), "runbooks", "runbooks")
    process = process_of_runbook(session, runbook)
    packages = settled_packages(session, process, wanted.selected_packages)
    variables = freeze_all(session, variables_of(session, runbook.project_id), _included(session, runbook.project_id))
    snapshot = RunbookSnapshot(
        space_id=runbook.space_id,
        name=checked_name(wanted.name, RUNBOOK_SNAPSHOTS.singular) if wanted.name else free_name(session, runbook),
        project_id=runbook.project_id,
        runbook_id=runbook.id,
        notes=wanted.notes,
        assembled=call.clock.now(),
        frozen_runbook_process_id=freeze_runbook_process(session, process),
        frozen_project_variable_set_id=variables.own,
        project_variable_set_snapshot_id=variables.own,
        library_variable_set_snapshot_ids=variables.library,
        selected_packages=packages,
    )
    stamp(call, snapshot)
    return session.insert(RUNBOOK_SNAPSHOTS, snapshot)


def settled_packages(session: Session, process: Process, wanted: list[SelectedPackage]) -> list[SelectedPackage]:
    """A version for each package of the process: the wanted one, the one fixed in the step, or the latest."""
    needed = needed_packages(process, "")
    anywhere = Channel(space_id=process.space_id)  # a runbook has no channel, so nothing narrows its packages
    try:
        versions = PackageSelection(session, anywhere).settle(needed, selected(needed, wanted))
    except Invalid as error:
        faults = error.errors or [error.message]
        raise Invalid(faults[0] if len(faults) == 1 else "The snapshot cannot be made.", faults) from error
    return selection(needed, versions)


def free_name(session: Session, runbook: Runbook) -> str:
    """A name that no snapshot of the project has."""
    while True:
        name = f"Snapshot {''.join(secrets.choice(_ALPHABET) for _ in range(7))}"
        taken = (_t.c.project_id == runbook.project_id, _t.c.name_key == name.casefold())
        if session.first(RUNBOOK_SNAPSHOTS, *taken) is None:
            return name


def snapshot_template(
    call: Call, runbook: Runbook, process: RunbookProcess, snapshot: RunbookSnapshot | None
) -> RunbookSnapshotTemplate:
    """`snapshot` is the one whose versions are shown as chosen before."""
    needed = needed_packages(process, "")
    versions: Mapping[PackageKey, str] = versions_chosen_before(needed, snapshot.selected_packages if snapshot else [])
    return RunbookSnapshotTemplate(
        id=f"runbooksnapshottemplate-{runbook.id}",
        runbook_id=runbook.id,
        runbook_process_id=process.id,
        next_name_increment=free_name(call.session, runbook),
        packages=[shown_package(call, one, versions.get(one.key)) for one in needed],
        links={"Self": f"/api/{runbook.space_id}/runbooks/{runbook.id}/runbookSnapshotTemplate"},
    )


# -- afterwards


def publish_snapshot(call: Call, runbook: Runbook, snapshot: RunbookSnapshot) -> Runbook:
    runbook.published_runbook_snapshot_id = snapshot.id
    stamp(call, runbook)
    return call.session.update(RUNBOOKS, runbook)


def edit_snapshot(session: Session, snapshot: RunbookSnapshot, wanted: RunbookSnapshot) -> RunbookSnapshot:
    """Takes over what may change: the name and the notes."""
    if wanted.name:
        snapshot.name = checked_name(wanted.name, RUNBOOK_SNAPSHOTS.singular)
    snapshot.notes = wanted.notes
    return session.update(RUNBOOK_SNAPSHOTS, snapshot)


def delete_snapshot(session: Session, snapshot: RunbookSnapshot) -> None:
    """Takes its runs along; refused while it is what the runbook runs."""
    runbook = session.find(RUNBOOKS, snapshot.runbook_id)
    if runbook is not None and runbook.published_runbook_snapshot_id == snapshot.id:
        raise Conflict(
            f"'{snapshot.name}' is the published snapshot of the runbook '{runbook.name}'; publish another one first."
        )
    session.delete(RUNBOOK_SNAPSHOTS, snapshot.id)


def refresh_variables(session: Session, snapshot: RunbookSnapshot) -> RunbookSnapshot:
    """The snapshot gets the project's variables as they are now. Its steps and packages stay."""
    project_id, now = snapshot.project_id, _variables_now(session, snapshot)
    return _with_variables(session, snapshot, freeze_all(session, now, _included(session, project_id)))


def refresh_named_variables(session: Session, snapshot: RunbookSnapshot, names: Iterable[str]) -> RunbookSnapshot:
    """Only these variables become what they are now."""
    before = Snapshots(snapshot.project_variable_set_snapshot_id, snapshot.library_variable_set_snapshot_ids)
    included = _included(session, snapshot.project_id)
    now = _variables_now(session, snapshot)
    return _with_variables(session, snapshot, freeze_named(session, before, now, included, names, holder="snapshot"))


def _variables_now(session: Session, snapshot: RunbookSnapshot) -> VariableSet:
    """For a project in Git the secrets alone are of now: the rest is what its commit says."""
    if not session.get(PROJECTS, snapshot.project_id).persistence_settings.in_git:
        return variables_of(session, snapshot.project_id)
    frozen = session.get(VARIABLE_SETS, snapshot.project_variable_set_snapshot_id)
    return with_secrets_of_now(session, snapshot.project_id, frozen)


def _included(session: Session, project_id: str) -> list[str]:
    return session.get(PROJECTS, project_id).included_library_variable_set_ids


def _with_variables(session: Session, snapshot: RunbookSnapshot, variables: Snapshots) -> RunbookSnapshot:
    snapshot.frozen_project_variable_set_id = snapshot.project_variable_set_snapshot_id = variables.own
    snapshot.library_variable_set_snapshot_ids = variables.library
    return session.update(RUNBOOK_SNAPSHOTS, snapshot)
