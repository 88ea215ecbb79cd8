"""Bringing the runner to machines ahead of their next deployment, which the contract calls updating Calamari."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from polpo.engine import Engine, NewTask, TaskRun, together
from polpo.features.machines.checking import SCRIPTED, policy_of
from polpo.features.machines.examining import Examination, Means, Place
from polpo.features.machines.health import kind_of
from polpo.features.machines.requesting import require_on
from polpo.features.machines.service import machines_by_ids
from polpo.features.machines.wishing import CheckWish, subjects
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import AppError, Invalid, TaskError
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session

TASK_KIND = "UpdateCalamari"
_AT_ONCE = 50


def start_update(call: Call, arguments: Mapping[str, Any]) -> str:
    """Of `MachineIds`, or of every enabled machine that runs scripts itself."""
    wish = CheckWish.of(arguments)
    machines = [one for one in subjects(call.session, call.space_id, wish) if not one.is_disabled]
    missing = set(wish.ids) - {machine.id for machine in machines}
    if missing:
        raise Invalid(f"MachineIds names the machine '{min(missing)}', which does not exist or is disabled.")
    wanted = [machine for machine in machines if machine.endpoint.communication_style in SCRIPTED]
    if not wanted:
        raise Invalid("There is no enabled machine that the runner could be brought to.")
    require_on(call, wanted, Permission.MACHINE_EDIT, Permission.WORKER_EDIT)
    spaces = {machine.space_id for machine in wanted}
    task = NewTask(
        kind=TASK_KIND,
        description=f"Bring the runner to {wanted[0].name if len(wanted) == 1 else f'{len(wanted)} machines'}",
        space_id=spaces.pop() if len(spaces) == 1 else None,
        arguments={"MachineIds": [machine.id for machine in wanted]},
        subject_id=wanted[0].id if len(wanted) == 1 else None,
        places=[machine.id for machine in wanted],
    )
    return call.parts.get(Engine).enqueue(call.session, task)


offer(TASK_KIND, "Bring the runner to machines", start_update)


class RunnerTask:
    """The run function of these tasks. A machine that fails does not hold the others."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def __call__(self, run: TaskRun) -> None:
        ids = [str(identity) for identity in run.task.arguments["MachineIds"]]
        results = await together(*(self._update(run, one) for one in ids), limit=_AT_ONCE)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, AppError):
                raise result  # a fault of the server's own, which it tells with all that is known of it
        failed = [result.message for result in results if isinstance(result, AppError)]
        if failed:
            raise TaskError(failed[0] if len(failed) == 1 else f"{len(failed)} of {len(ids)} machines failed.", failed)

    async def _update(self, run: TaskRun, machine_id: str) -> None:
        node = run.log.node(f"update/{machine_id}", machine_id)
        node.enter()
        try:
            await run.activity(
                f"update/{machine_id}", self._bring, Place(run, node, f"update/{machine_id}"), machine_id
            )
        except AppError as error:
            run.log.once(f"failed/{machine_id}", node, "Error", error.message)
            node.status("Failed")
            raise
        node.status("Success")

    async def _bring(self, place: Place, machine_id: str) -> None:
        with self._means.database.read() as session:
            machine = machines_by_ids(session, [machine_id]).get(machine_id)
            policy = policy_of(session, machine) if machine else None
        if machine is None or policy is None:
            raise TaskError(f"The machine {machine_id} was deleted in the meantime.")
        place.node.rename(machine.name)
        examination = Examination(place, machine, policy, self._means)
        await examination.bring_runner(examination.reach())
        await self._means.database.write(partial(_note, machine_id=machine_id))


def _note(session: Session, machine_id: str) -> None:
    machine = session.find(kind_of(machine_id), machine_id)
    if machine is not None and not machine.has_latest_calamari:
        machine.has_latest_calamari = True
        session.update(kind_of(machine_id), machine)
