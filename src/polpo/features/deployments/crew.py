"""The machines of one plan: its targets, the server, and the workers that stand behind the plan's leases.

A worker is chosen when a lease is first needed, which is before packages are brought, and stays with it for the whole
run. It is replaced only where it is lost: when nothing could be brought to it, or for an attempt after one that lost
contact. All of that is in the journal, so a resumed walk finds the scripts that it has begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any, Protocol

import msgspec

from polpo.engine import LogNode, TaskRun
from polpo.features.deployments.plan import SERVER, Plan, is_lease, pool_of
from polpo.features.workers.choosing import LEASE
from polpo.kernel.errors import TaskError
from polpo.steps.places import MachineAddress, Places
from polpo.transports.transport import Transport


class Workforce(Protocol):
    """The workers that there are."""

    async def choose(
        self, pool_id: str, pool_name: str, avoided: Collection[str], tell: Callable[[str], None]
    ) -> MachineAddress:
        """One of the pool's that answers; TaskError when none does. `avoided` are taken only for want of others."""
        ...


class Crew:
    """Who is behind the leases. Machines are told by id: of a target or a worker, or that of the server."""

    def __init__(self, run: TaskRun, plan: Plan, places: Places, workforce: Workforce | None) -> None:
        self._run = run
        self._plan = plan
        self._places = places
        self._workforce = workforce
        self._choosing: dict[str, asyncio.Task[str]] = {}
        self._made: set[tuple[int, str]] = set()

    def reach(self, machine_id: str, notify: Callable[[str], None]) -> Transport:
        address = self.address_of(machine_id)
        return self._places.here() if address is None else self._places.reach(address, notify)

    def name_of(self, machine_id: str) -> str:
        address = self.address_of(machine_id)
        return "Server" if address is None else address.name

    def address_of(self, machine_id: str) -> MachineAddress | None:
        """None for the server."""
        if machine_id == SERVER:
            return None
        return self._plan.targets.get(machine_id) or self._worker(machine_id)

    def _worker(self, worker_id: str) -> MachineAddress:
        return msgspec.convert(self._run.recall(f"worker/{worker_id}"), MachineAddress)

    def holder(self, host: str) -> str | None:
        """The machine of a host as things are; None for a lease that nobody has yet."""
        if not is_lease(host):
            return host
        known = self._run.recall(f"{LEASE}{host}")
        return str(known) if known else None

    # -- leases

    async def machine_of(self, host: str, node: LogNode, asker: str, attempt: int = 1, *, anew: bool = False) -> str:
        """The machine that does the work of an asker, who finds the same one again. TaskError: there is none.

        `anew`: the asker could not use the one that it had. Else this returns without a pause when the asker had one in
        an earlier run: see `Acquisition.bring`.
        """
        if not is_lease(host):
            return host
        fact = f"crew/{host}/{asker}/{attempt}"
        if not anew and (known := self._run.recall(fact)) is not None:
            return str(known)
        worker_id = self.holder(host) or await self._chosen(host, node)
        await self._run.remember(fact, worker_id)
        return worker_id

    async def _chosen(self, lease: str, node: LogNode) -> str:
        """Whoever needs the same lease meanwhile waits for the same choice."""
        task = self._choosing.get(lease)
        if task is None or task.done():
            task = self._choosing[lease] = asyncio.ensure_future(self._choose(lease, node))
        return await asyncio.shield(task)

    async def _choose(self, lease: str, node: LogNode) -> str:
        raw = await self._choice(lease, node)
        worker = msgspec.convert(raw, MachineAddress)
        self._run.is_about(worker.id)
        await self._run.remember(f"worker/{worker.id}", raw)
        await self._run.remember(f"{LEASE}{lease}", worker.id)
        return worker.id

    async def _choice(self, lease: str, node: LogNode) -> Any:
        """A new one, unless an earlier run ended in the middle of it, or before it could note what came out.

        It is named by the lease alone, so whoever comes first enters again what had begun: a cancel waits for that.
        """
        key = f"choose/{lease}"
        last = self._run.attempt(key)
        state = self._run.state_of(key, last)
        if state == "done" and (last, key) not in self._made:
            self._made.add((last, key))
            raw = await self._run.activity(key, self._ask, lease, node, attempt=last)
            if raw["id"] not in self._lost(lease):
                return raw
        attempt = last if state == "started" else last + 1
        self._made.add((attempt, key))
        return await self._run.activity(key, self._ask, lease, node, attempt=attempt)

    async def _ask(self, lease: str, node: LogNode) -> dict[str, Any]:
        pool = self._plan.pools[pool_of(lease)]
        if self._workforce is None:
            raise TaskError(f"This server has no workers to run the steps for the pool '{pool.name}'.")
        others = [one for one in self._others() if one != lease and pool_of(one) == pool.id]
        taken = [holder for one in others if (holder := self.holder(one))]
        worker = await self._workforce.choose(pool.id, pool.name, [*taken, *self._lost(lease)], node.warning)
        return msgspec.to_builtins(worker)  # type: ignore[no-any-return]

    def _others(self) -> list[str]:
        leases = (lease for step in self._plan.steps for action in step.acting for lease in action.leases.values())
        return list(dict.fromkeys(filter(is_lease, leases)))

    # -- workers that are lost

    def _lost(self, lease: str) -> list[str]:
        return list(self._run.recall(f"lost/{lease}", []))

    async def lose_after(self, lease: str, asker: str, attempt: int) -> None:
        """The asker lost contact in this attempt, which is told again by each run that passes by."""
        worker_id, fact = self._run.recall(f"crew/{lease}/{asker}/{attempt}"), f"lost-by/{asker}/{attempt}"
        if is_lease(lease) and worker_id is not None and self._run.recall(fact) is None:
            await self.lose(lease, worker_id)
            await self._run.remember(fact, worker_id)

    async def lose(self, lease: str, worker_id: str) -> None:
        """From now on another worker is taken for the lease, if there is one; what runs on the old one goes on."""
        if self.holder(lease) != worker_id:
            return
        await self._run.remember(f"lost/{lease}", [*(one for one in self._lost(lease) if one != worker_id), worker_id])
        await self._run.remember(f"{LEASE}{lease}", None)

    async def close(self) -> None:
        for task in self._choosing.values():
            task.cancel()
        await asyncio.gather(*self._choosing.values(), return_exceptions=True)
