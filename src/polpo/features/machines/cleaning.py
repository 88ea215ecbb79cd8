"""Machines that were unavailable for longer than their policy bears are deleted, unless a task works with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec
import sqlalchemy as sa

from polpo.engine import LogNode, TaskRun, plan_of, results_of, server_task
from polpo.engine.tables import task_place
from polpo.engine.tasks import COMPLETED
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.features.machinepolicies.timespans import format_timespan, parse_timespan
from polpo.features.machines.health import connection_of, kind_of
from polpo.features.machines.resource import Machine
from polpo.features.machines.service import machines_by_ids
from polpo.kernel.errors import AppError, Conflict
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.session import Session

CLEANED_UP, CLEANUP_FAILED = "MachineCleanedUp", "MachineCleanupFailed"


@dataclass(frozen=True)
class _Doomed:
    machine: Machine
    reason: str


class CleanUp:
    """Applies the policies to machines that have just been checked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, run: TaskRun, machine_ids: Iterable[str]) -> None:
        due = await run.activity("cleanup", self._due, list(machine_ids), run.task.started, pure=True)
        for machine_id, name in due.items():
            node = run.log.node(f"cleanup/{machine_id}", f"Delete {name}")
            node.enter()
            is_gone = await run.activity(f"cleanup/{machine_id}", self._delete, run.task.id, machine_id, node)
            node.status("Success" if is_gone else "SuccessWithWarning")

    async def _due(self, machine_ids: list[str], began: datetime | None) -> dict[str, str]:
        """Only those that were looked at since the check began; of others it is not known whether they are back."""
        with self._database.read() as session:
            machines = machines_by_ids(session, machine_ids).values()
            return {one.id: one.name for one in machines if _doomed(session, one) and _is_fresh(session, one, began)}

    async def _delete(self, task_id: str, machine_id: str, node: LogNode) -> bool:
        """Whether the machine is gone. What is in the way is told; the next check tries again."""

        def delete(session: Session) -> str:
            machine = machines_by_ids(session, [machine_id]).get(machine_id)
            doomed = _doomed(session, machine) if machine else None
            if doomed is None:
                return "It is not to be deleted any more."
            session.delete(kind_of(machine_id), machine_id)
            told = f"{doomed.machine.name} was deleted: {doomed.reason}"
            session.happened(_happening(CLEANED_UP, told, doomed.machine))
            return told

        try:
            self._refuse_used(task_id, machine_id)
            node.info(await self._database.write(delete))
        except AppError as error:
            node.warning(f"It cannot be deleted: {error.message}")
            await self._database.write(partial(_tell_failure, machine_id=machine_id, why=error.message))
            return False
        return True

    def _refuse_used(self, task_id: str, machine_id: str) -> None:
        with self._database.read() as session:
            if user := user_of(session, machine_id, but=task_id):
                raise Conflict(f"The task '{user}' works with it.")


def _is_fresh(session: Session, machine: Machine, began: datetime | None) -> bool:
    looked = connection_of(session, machine).last_checked
    return began is None or (looked is not None and looked >= began)


def _doomed(session: Session, machine: Machine) -> _Doomed | None:
    if machine.health_status != "Unavailable" or machine.is_disabled:
        return None  # before anything is looked up: most machines of a check are well
    policy = session.find(MACHINE_POLICIES, machine.machine_policy_id)
    since = connection_of(session, machine).unavailable_since
    if policy is None or since is None:
        return None
    cleanup = policy.machine_cleanup_policy
    patience = parse_timespan(cleanup.delete_machines_elapsed_time_span)
    if cleanup.delete_machines_behavior == "DoNotDelete" or session.clock.now() - since < patience:
        return None
    reason = (
        f"it has not been available since {since:%Y-%m-%d %H:%M} UTC, and the machine policy '{policy.name}' deletes"
        f" machines after {format_timespan(patience)}."
    )
    return _Doomed(machine, reason)


def user_of(session: Session, machine_id: str, but: str = "") -> str | None:
    """The description of a task that works with the machine, or is going to; None when there is none."""
    named = sa.select(task_place.c.task_id).where(task_place.c.place == machine_id)
    columns = (
        server_task.c.id,
        server_task.c.description,
        sa.or_(server_task.c.subject_id == machine_id, server_task.c.id.in_(named)).label("is_about_it"),
    )
    where = [server_task.c.state.not_in(COMPLETED), server_task.c.id != but]
    for task in session.connection.execute(sa.select(*columns).where(*where)):
        if task.is_about_it or _is_decided(session, task.id, machine_id):
            return str(task.description)
    return None


def _is_decided(session: Session, task_id: str, machine_id: str) -> bool:
    """In the plan, or in what was found out since, such as on which worker a step runs."""
    known = msgspec.json.encode([plan_of(session, task_id), results_of(session, task_id)])
    return f'"{machine_id}"'.encode() in known


def _tell_failure(session: Session, machine_id: str, why: str) -> None:
    machine = machines_by_ids(session, [machine_id]).get(machine_id)
    if machine is not None:
        told = f"{machine.name} is unavailable for so long that its policy wants it deleted, but it cannot be: {why}"
        session.happened(_happening(CLEANUP_FAILED, told, machine))


def _happening(category: str, message: str, machine: Machine) -> Happening:
    return Happening(category, message, machine.space_id, kind_of(machine.id).name, (machine.id,))
