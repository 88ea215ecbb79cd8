"""The process of a runbook: found, replaced and frozen by the rules that deployment processes have."""

from __future__ import annotations

from polpo.features.processes.freezing import freeze
from polpo.features.processes.service import actions_of, with_steps
from polpo.features.projects.resource import PROJECTS
from polpo.features.projects.service import refuse_in_git
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES, Runbook, RunbookProcess, runbook_process_id_of
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.store.session import Session


def process_of_runbook(session: Session, runbook: Runbook) -> RunbookProcess:
    """The runbook's process as it is being edited."""
    return session.get(RUNBOOK_PROCESSES, runbook_process_id_of(runbook.id))


def find_runbook_process(session: Session, space_id: str, process_id: str) -> RunbookProcess:
    """A process or a snapshot of one, by id."""
    found = session.find(RUNBOOK_PROCESSES, process_id)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no runbook process with the id '{process_id}' in this space.")
    return found


def save_runbook_process(session: Session, before: RunbookProcess, wanted: RunbookProcess) -> RunbookProcess:
    """Replaces the steps. `wanted.version` must be the version that is stored; the stored one goes up by one."""
    if before.id != runbook_process_id_of(before.runbook_id):
        raise Conflict("A snapshot of a runbook's process cannot be changed; change the process and take another one.")
    refuse_in_git(session.find(PROJECTS, before.project_id), "runbooks", "runbookProcesses")
    after = with_steps(session, before, wanted, "process of the runbook")
    faults = [
        f"Step '{action.name}' names channels; a runbook runs without a release, so it has none."
        for action in actions_of(after.steps)
        if action.channels
    ]
    if faults:
        raise Invalid(faults[0], faults)
    return session.update(RUNBOOK_PROCESSES, after)


def freeze_runbook_process(session: Session, process: RunbookProcess) -> str:
    """The id of the snapshot of the process as it is now."""
    table = RUNBOOK_PROCESSES.table
    snapshot = freeze(session, RUNBOOK_PROCESSES, process, table.c.runbook_id == process.runbook_id)
    if process.last_snapshot_id != snapshot.id:
        process.last_snapshot_id = snapshot.id
        session.update(RUNBOOK_PROCESSES, process)
    return snapshot.id
