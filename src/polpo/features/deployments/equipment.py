"""What runs of deployments need: ways to hosts, and the runner and packages brought there once a run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import msgspec

from polpo.engine import LogNode, TaskRun, together
from polpo.features.deployments.crew import Crew, Workforce
from polpo.features.deployments.members import Members
from polpo.features.deployments.plan import Plan, PlannedAction, is_lease
from polpo.features.deployments.targetretention import TargetRetention
from polpo.features.deployments.telling import show_failure
from polpo.features.subjecttokens.issuing import SubjectTokens
from polpo.languages.substitution import VariableDictionary
from polpo.runner.archive import RunnerArchive
from polpo.steps.acquire import Cache, Delivery, Terms, runner_path
from polpo.steps.bundling import Drops
from polpo.steps.places import Places
from polpo.steps.work import Catalogue, Clerk, Depot, PackageFile, Shelf, Sources
from polpo.transports.transport import MachineUnreachable

_PARALLEL = 10
_DOWNLOAD = "Octopus.Action.Package.DownloadOnTentacle"


@dataclass(frozen=True)
class Equipment:
    """What runs of deployments need from the server."""

    places: Places
    catalogue: Catalogue
    archive: RunnerArchive
    depot: Depot
    shelf: Shelf | None = None
    clerk: Clerk | None = None
    repositories: Sources | None = None
    workforce: Workforce | None = None
    drops: Drops | None = None
    tokens: SubjectTokens | None = None


class Acquisition:
    """Brings runner and packages to the hosts of one plan."""

    def __init__(
        self,
        run: TaskRun,
        plan: Plan,
        equipment: Equipment,
        crew: Crew,
        members: Members,
        variables: VariableDictionary,
    ) -> None:
        """`variables` are those that hold in the whole deployment."""
        self._crew = crew
        self._run = run
        self._plan = plan
        self._equipment = equipment
        self._members = members
        self._packages = _packages_by_host(plan)
        self._terms = _terms(plan, variables)
        self._cleaning: LogNode | None = None
        self._retention = TargetRetention(run, plan, crew, members, runner_path(equipment.archive))
        self._brought: dict[tuple[str, int], asyncio.Task[None]] = {}

    @property
    def hosts(self) -> list[str]:
        """Those that need packages."""
        return [host for host in self._plan.hosts if host in self._packages and not self._is_out(host)]

    def _is_out(self, host: str) -> bool:
        """Whether nothing is brought to the target, or it has dropped out before anything was."""
        if host in self._plan.targets and self._plan.targets[host].is_offline:
            return True
        return self._members.why_out(host) is not None and not self._run.attempt(f"equip/{host}")

    def reckon(self) -> None:
        """Takes in what later actions need on targets that have joined."""
        self._packages = _packages_by_host(self._plan)

    def show(self, order: int) -> LogNode:
        """Its place in the log's tree, there from the beginning."""
        node = self._run.log.node("acquire", "Acquire packages", order=order)
        self._cleaning = self._retention.show(order)
        return node

    async def bring_all(self, node: LogNode, limit: int | None = None) -> list[Exception]:
        """Everything to every host, so that what is missing fails before anything is changed; returns the failures."""
        node.enter()
        children = {host: self._run.log.node(f"acquire/{host}", self._plan.name_of(host), node) for host in self.hosts}
        works = (self._bring_to(host, child) for host, child in children.items())
        results = await together(*works, limit=limit or _PARALLEL)
        errors = [result for result in results if isinstance(result, Exception)]
        node.status("Failed" if errors else "Success" if all(results) else "SuccessWithWarning")
        if not errors and self._cleaning is not None:
            await self._retention.apply(self._cleaning)
        return errors

    async def _bring_to(self, host: str, node: LogNode) -> bool:
        """Whether it is there; False for a target that cannot be reached and takes no further part."""
        node.enter()
        try:
            machine = await self.ready(host, node, "acquire")
            if is_lease(host):
                node.rename(self._crew.name_of(machine))
        except Exception as error:
            if (why := self._members.why_left_out(host, error)) is not None:
                self._run.log.once(f"left-out/acquire/{host}", node, "Warning", why)
                node.status("Skipped")
                await self._members.drop({host: why})
                return False
            show_failure(self._run, f"acquire/{host}", node, error)
            raise
        node.status("Success")
        return True

    async def ready(self, host: str, node: LogNode, asker: str, attempt: int = 1) -> str:
        """The machine that does the asker's work, with all that it needs there.

        A worker that is lost before anything was done on it is replaced; each of them is tried once. One that had all
        in an earlier run may be running the asker's script.
        """
        tried: set[str] = set()
        while True:
            machine = await self._crew.machine_of(host, node, asker, attempt, anew=bool(tried))
            try:
                await self.bring(host, machine, node, again=attempt > 1)
            except MachineUnreachable as error:
                if not is_lease(host) or machine in tried or self._runner_at(_key(host, machine)) is not None:
                    raise
                await self._crew.lose(host, machine)
                told = f"{error.message} Another worker is looked for."
                self._run.log.once(f"lost/{host}/{machine}/{asker}/{attempt}", node, "Warning", told)
            else:
                return machine
            tried.add(machine)

    async def bring(self, host: str, machine: str, node: LogNode, *, again: bool = False) -> None:
        """To the machine of one host, once a run; whoever else needs it waits for the same.

        With `again` also when that failed before; and when an earlier run brought the runner of another version of the
        server. Else it returns without a pause when it was done in an earlier run: a task that is resumed only to be
        cancelled must get to its scripts before the cancel gets to it.
        """
        key = _key(host, machine)
        attempt = max(self._run.attempt(key), 1)
        state = self._run.state_of(key, attempt)
        if state == "done":
            if self._runner_at(key) in {None, self._equipment.archive.digest} or self._run.cancelled:
                return
            attempt += 1
        if state == "failed" and again:
            attempt += 1
        task = self._brought.get((key, attempt))
        if task is None:
            work = self._run.activity(key, self._deliver, key, host, machine, node, attempt, attempt=attempt)
            task = self._brought[key, attempt] = asyncio.ensure_future(work)
        await asyncio.shield(task)

    def _runner_at(self, key: str) -> str | None:
        """The digest of the runner that was brought there; None: none was."""
        return self._run.recall(f"runner/{key}")  # type: ignore[no-any-return]

    async def _deliver(self, key: str, host: str, machine: str, node: LogNode, attempt: int) -> None:
        transport = self._crew.reach(machine, node.warning)
        packages = self._packages.get(host, [])
        for package in packages:
            if package.acquisition == "ExecutionTarget":
                node.warning(
                    f"{transport.name} was to download {package.package_id} {package.version} itself."
                    " Polpo cannot do that yet: the server sends it."
                )
        equipment = self._equipment
        name = key if attempt == 1 else f"{key}/{attempt}"
        delivery = Delivery(self._run, transport, node, name, equipment.archive, equipment.depot)
        address = self._crew.address_of(machine)
        cache = Cache(address.cached_packages, address.cached_versions) if address else Cache()
        await delivery.bring(packages, replace(self._terms, cache=cache))
        await self._run.remember(f"runner/{key}", equipment.archive.digest)

    async def close(self) -> None:
        for task in self._brought.values():
            task.cancel()
        await asyncio.gather(*self._brought.values(), return_exceptions=True)


def _key(host: str, machine: str) -> str:
    """The name, in the journal, of bringing things to the machine of a host."""
    return f"equip/{host}" if machine == host else f"equip/{host}@{machine}"


def _terms(plan: Plan, variables: VariableDictionary) -> Terms:
    free = variables.get_int("OctopusFreeDiskSpaceOverrideInMegaBytes")
    is_skipped = variables.get_flag("OctopusSkipFreeDiskSpaceCheck", False)
    default = Terms()
    return Terms(
        anew=plan.force_download,
        deltas=variables.get_flag("Octopus.Acquire.DeltaCompressionEnabled", default.deltas),
        free_megabytes=None if is_skipped else default.free_megabytes if free is None else free,
    )


def _packages_by_host(plan: Plan) -> dict[str, list[PackageFile]]:
    found: dict[str, dict[tuple[str, str], PackageFile]] = {}
    for step in plan.steps:
        for action in step.acting:
            packages = {(one.package_id, one.version): _fetched(action, one) for one in action.packages if one.is_sent}
            for host in plan.hosts_left(step, action) if packages else ():
                found.setdefault(host, {}).update(packages)
    return {host: list(packages.values()) for host, packages in found.items()}


def _fetched(action: PlannedAction, package: PackageFile) -> PackageFile:
    """A step may also say by a property that its own package is to be fetched by the target."""
    asked = not package.reference and action.properties.get(_DOWNLOAD, "").strip().casefold() == "true"
    return msgspec.structs.replace(package, acquisition="ExecutionTarget") if asked else package
