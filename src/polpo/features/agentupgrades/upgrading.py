"""The task that brings this server's version of the agent to machines."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

import msgspec

from polpo.engine import LogNode, TaskRun, together
from polpo.features.agentupgrades.bundle import agent_bundle
from polpo.features.agentupgrades.script import BUNDLE, FOREIGN, UPDATED, update_script
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machines.addressing import address_of
from polpo.features.machines.agentversions import is_older, version_details
from polpo.features.machines.health import kind_of
from polpo.features.machines.resource import Machine
from polpo.features.machines.service import machines_by_ids
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.steps.console import Console
from polpo.steps.places import MachineAddress, Places
from polpo.steps.remote import Outcome, Script, explain, run_script, ticket_of
from polpo.store.database import Database
from polpo.store.session import Session
from polpo.transports.transport import Transport
from polpo.version import __version__

_AT_ONCE = 10
_NAMED = 10
#: The agent is away while it is exchanged: at most the probation of the new version and the start of the old one.
_PATIENCE = 300.0

Status = Literal["updated", "current", "foreign", "failed", "gone"]


class _Result(msgspec.Struct):
    """How it went with one machine, and the sentence about it."""

    status: Status
    text: str


@dataclass(frozen=True)
class _Work:
    """One machine in a task's run."""

    run: TaskRun
    node: LogNode
    machine: Machine
    address: MachineAddress

    @property
    def key(self) -> str:
        return f"upgrade/{self.machine.id}"

    @property
    def bundle(self) -> str:
        return BUNDLE.format(ticket_of(self.run, self.key))


class UpgradeTask:
    """The run function of updates."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    async def __call__(self, run: TaskRun) -> None:
        ids = [str(identity) for identity in run.task.arguments["MachineIds"]]
        names: dict[str, str] = await run.activity("machines", self._names, ids, pure=True)
        works = (self._upgrade(run, identity, name) for identity, name in names.items())
        results = await together(*works, limit=_AT_ONCE)
        for result in results:
            if isinstance(result, Exception):
                raise result
        failed = {name: why for name, why in zip(names.values(), results, strict=True) if why}
        if failed:
            raise TaskError(_failure(failed, len(names)), list(failed.values()))

    async def _names(self, ids: list[str]) -> dict[str, str]:
        with self._database.read() as session:
            known = machines_by_ids(session, ids)
        return {identity: known[identity].name for identity in ids if identity in known}

    async def _upgrade(self, run: TaskRun, machine_id: str, name: str) -> str | None:
        """Why the agent of a machine could not be updated, if it could not."""
        node = run.log.node(f"upgrade/{machine_id}", name)
        node.enter()
        try:
            result = await self._brought(run, node, machine_id)
        except TaskError as error:
            result = _Result("failed", error.message)
        category: Literal["Info", "Warning", "Error"] = "Info"
        if result.status == "failed":
            category = "Error"
        elif result.status in {"foreign", "gone"}:
            category = "Warning"
        run.log.once(f"told/{machine_id}", node, category, result.text)
        node.status({"Info": "Success", "Warning": "SuccessWithWarning", "Error": "Failed"}[category])  # type: ignore[arg-type]
        return result.text if result.status == "failed" else None

    async def _brought(self, run: TaskRun, node: LogNode, machine_id: str) -> _Result:
        found = self._find(machine_id)
        settled = await run.activity(f"look/{machine_id}", _settled, found[0] if found else None, pure=True)
        if settled is not None or found is None:
            return msgspec.convert(settled or _Result("gone", "It was deleted in the meantime."), _Result)
        machine, policy = found
        address = address_of(machine, policy)
        address.retry_duration = max(address.retry_duration, _PATIENCE)
        work = _Work(run, node, machine, address)
        await run.activity(f"{work.key}/bundle", self._send, work)
        raw = await run.activity(work.key, self._exchange, work)
        return msgspec.convert(raw, _Result)

    def _find(self, machine_id: str) -> tuple[Machine, MachinePolicy] | None:
        with self._database.read() as session:
            machine = machines_by_ids(session, [machine_id]).get(machine_id)
            if machine is None:
                return None
            return machine, session.find(MACHINE_POLICIES, machine.machine_policy_id) or MachinePolicy()

    async def _send(self, work: _Work) -> None:
        bundle = await asyncio.to_thread(agent_bundle)
        megabytes = len(bundle.content) / 1_000_000
        work.node.info(f"Sending the agent's version {bundle.version} ({megabytes:.1f} MB).")
        await self._reach(work).upload(work.bundle, DataStream.of_bytes(bundle.content))

    async def _exchange(self, work: _Work) -> _Result:
        body = update_script(ticket_of(work.run, work.key))
        script = Script(bash=body, alone=True, mutex="PolpoAgentUpdate")
        console = Console(work.node, work.run.masker)
        outcome = await run_script(work.run, self._reach(work), console, work.key, script)
        result = _judge(outcome, work.machine.name)
        if result.status in {"updated", "foreign"}:
            await self._database.write(lambda session: _keep(session, work.machine.id, result.status))
        return result

    def _reach(self, work: _Work) -> Transport:
        return self._places.reach(work.address, work.node.verbose)


async def _settled(machine: Machine | None) -> _Result | None:
    """What is known without asking the machine."""
    if machine is None:
        return _Result("gone", "It was deleted in the meantime.")
    if not machine.endpoint.is_tentacle:
        style = machine.endpoint.communication_style
        return _Result("foreign", f"{machine.name} has no agent: it is of the style {style}.")
    details = machine.endpoint.tentacle_version_details
    if details is None or details.version is None:
        return None
    if details.upgrade_locked:
        return _Result("foreign", _foreign(machine.name, details.version))
    if not is_older(details.version, __version__):
        return _Result("current", f"{machine.name} has the version {details.version} of the agent already.")
    return None


def _judge(outcome: Outcome, name: str) -> _Result:
    if outcome.exit_code == UPDATED:
        return _Result("updated", f"The agent of {name} was updated to version {__version__}.")
    if outcome.exit_code == FOREIGN:
        return _Result("foreign", _foreign(name, "an unknown version"))
    return _Result("failed", explain(outcome, "The update of the agent", name) or "The update failed.")


def _foreign(name: str, version: str) -> str:
    return (
        f"The agent of {name} ({version}) is not Polpo's, so it is not updated from here: use the installer that came "
        "with it. It can be used as it is."
    )


def _keep(session: Session, machine_id: str, status: Status) -> None:
    machine = machines_by_ids(session, [machine_id]).get(machine_id)
    if machine is None:
        return
    known = machine.endpoint.tentacle_version_details
    version = __version__ if status == "updated" else (known.version if known else None) or ""
    machine.endpoint.tentacle_version_details = version_details(version, is_ours=status == "updated")
    session.update(kind_of(machine_id), machine)


def _failure(failed: dict[str, str], tried: int) -> str:
    if len(failed) == 1:
        [why] = failed.values()
        return why
    named = ", ".join(list(failed)[:_NAMED])
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    return f"The agents of {len(failed)} of {tried} machines could not be updated: {named}{more}; the log says why."
