"""What runs of deployments need: ways to hosts, and the runner and packages brought there once a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from polpo.engine import LogNode, TaskRun, together
from polpo.features.deployments.plan import SERVER, Plan
from polpo.features.deployments.telling import show_failure
from polpo.runner.archive import RunnerArchive
from polpo.steps.acquire import acquire
from polpo.steps.places import Places
from polpo.steps.work import Catalogue, Depot, PackageFile, Shelf
from polpo.transports.transport import Transport

_PARALLEL = 10


@dataclass(frozen=True)
class Equipment:
    """What runs of deployments need from the server."""

    places: Places
    catalogue: Catalogue
    archive: RunnerArchive
    depot: Depot
    shelf: Shelf | None = None

    def reach(self, plan: Plan, host: str, notify: Callable[[str], None]) -> Transport:
        return self.places.here() if host == SERVER else self.places.reach(plan.targets[host], notify)


class Acquisition:
    """Brings runner and packages to the hosts of one plan."""

    def __init__(self, run: TaskRun, plan: Plan, equipment: Equipment) -> None:
        self._run = run
        self._plan = plan
        self._equipment = equipment
        self._packages = _packages_by_host(plan)
        self._brought: dict[str, asyncio.Task[None]] = {}

    @property
    def hosts(self) -> list[str]:
        """Those that need packages."""
        return [host for host in self._plan.hosts if host in self._packages]

    def show(self, order: int) -> LogNode:
        """Its place in the log's tree, there from the beginning."""
        return self._run.log.node("acquire", "Acquire packages", order=order)

    async def bring_all(self, node: LogNode, limit: int | None = None) -> list[Exception]:
        """Everything to every host, so that what is missing fails before anything is changed; returns the failures."""
        node.enter()
        children = [self._run.log.node(f"acquire/{host}", self._plan.name_of(host), node) for host in self.hosts]
        works = (self._bring_to(host, child) for host, child in zip(self.hosts, children, strict=True))
        results = await together(*works, limit=limit or _PARALLEL)
        errors = [result for result in results if isinstance(result, Exception)]
        node.status("Failed" if errors else "Success")
        return errors

    async def _bring_to(self, host: str, node: LogNode) -> None:
        node.enter()
        try:
            await self.bring(host, node)
        except Exception as error:
            show_failure(self._run, f"acquire/{host}", node, error)
            raise
        node.status("Success")

    async def bring(self, host: str, node: LogNode) -> None:
        """To one host, once a run; whoever else needs it waits for the same.

        Returns without a pause when it was done in an earlier run: a task that is resumed only to be cancelled must
        get to its scripts before the cancel gets to it.
        """
        if self._run.has_ended(f"equip/{host}"):
            return
        task = self._brought.get(host)
        if task is None:
            work = self._run.activity(
                f"equip/{host}",
                acquire,
                self._run,
                self._equipment.reach(self._plan, host, node.warning),
                node,
                f"equip/{host}",
                self._equipment.archive,
                self._packages.get(host, []),
                self._equipment.depot,
                self._plan.force_download,
            )
            task = self._brought[host] = asyncio.ensure_future(work)
        await asyncio.shield(task)

    async def close(self) -> None:
        for task in self._brought.values():
            task.cancel()
        await asyncio.gather(*self._brought.values(), return_exceptions=True)


def _packages_by_host(plan: Plan) -> dict[str, list[PackageFile]]:
    found: dict[str, dict[tuple[str, str], PackageFile]] = {}
    for step in plan.steps:
        for action in step.acting:
            packages = {(one.package_id, one.version): one for one in action.packages if one.is_sent}
            for host in action.hosts if packages else ():
                found.setdefault(host, {}).update(packages)
    return {host: list(packages.values()) for host, packages in found.items()}
