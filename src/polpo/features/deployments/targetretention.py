"""How much of earlier installations stays on targets: the policy of the phase, and its application during the run."""

from __future__ import annotations

from collections.abc import Iterator

from polpo.engine import LogNode, TaskRun, together
from polpo.features.deployments.crew import Crew
from polpo.features.deployments.members import Members
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.telling import sentence
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.lifecycles.progression import phases_of
from polpo.features.lifecycles.resource import LIFECYCLES, Lifecycle
from polpo.features.retention.limits import ALL, Limit, lifecycle_limit, limit_of, phase_limits
from polpo.features.retention.service import default_retention
from polpo.steps.cleaning import Retention, clean
from polpo.steps.given import policy_set
from polpo.store.session import Session

_PARALLEL = 10


def retention_of(session: Session, lifecycle_id: str, environment: Environment) -> Retention | None:
    """What the phase of the environment says, or else as `phase_limits` has it; None where everything stays."""
    default = limit_of(default_retention(session, environment.space_id, "LifecycleTentacle"), ALL)
    lifecycle = session.find(LIFECYCLES, lifecycle_id)
    return _retention(default if lifecycle is None else _limit(session, lifecycle, environment, default))


def _limit(session: Session, lifecycle: Lifecycle, environment: Environment, default: Limit) -> Limit:
    stages = session.all(ENVIRONMENTS, ENVIRONMENTS.table.c.space_id == environment.space_id)
    phases = phase_limits(lifecycle, phases_of(lifecycle, stages), default, "tentacle")
    own = (phase.limit for phase in phases if environment.id in phase.environment_ids)
    return next(own, lifecycle_limit(lifecycle, default, "tentacle"))


def _retention(limit: Limit) -> Retention | None:
    if limit.days is not None:
        return Retention(quantity=limit.days, unit="Days")
    return None if limit.items is None else Retention(quantity=limit.items, unit="Items")


class TargetRetention:
    """Applies the plan's policy on the machines of its package steps. What fails there is a warning."""

    def __init__(self, run: TaskRun, plan: Plan, crew: Crew, members: Members, runner: str) -> None:
        self._run = run
        self._plan = plan
        self._crew = crew
        self._members = members
        self._runner = runner
        self._sets = _sets_by_host(plan) if plan.retention is not None else {}

    def show(self, order: int) -> LogNode | None:
        """Its place in the log's tree; none where nothing is to be done."""
        if not self._sets:
            return None
        return self._run.log.node("retention", "Apply retention policy on targets", order=order)

    async def apply(self, node: LogNode) -> None:
        retention = self._plan.retention
        if retention is None:
            return
        node.enter()
        self._run.log.once("retention/told", node, "Info", f"By the lifecycle, {retention.told()}.")
        hosts = [host for host in self._sets if self._members.why_out(host) is None]
        children = {host: self._run.log.node(f"retention/{host}", self._plan.name_of(host), node) for host in hosts}
        works = (self._on(host, child, retention) for host, child in children.items())
        results = await together(*works, limit=_PARALLEL)
        node.status("Success" if all(result is True for result in results) else "SuccessWithWarning")

    async def _on(self, host: str, node: LogNode, retention: Retention) -> bool:
        node.enter()
        key = f"retention/{host}"
        try:
            is_clean = bool(await self._run.activity(key, self._clean, host, node, key, retention))
        except Exception as error:  # noqa: BLE001 - old files that stay are no reason to stop a deployment
            self._run.log.once(f"error/{key}", node, "Warning", sentence(error))
            is_clean = False
        node.status("Success" if is_clean else "SuccessWithWarning")
        return is_clean

    async def _clean(self, host: str, node: LogNode, key: str, retention: Retention) -> bool:
        machine = self._crew.holder(host)
        if machine is None:
            return True  # nothing was brought there
        transport = self._crew.reach(machine, node.warning)
        return await clean(self._run, transport, node, key, self._runner, self._sets[host], retention)


def _sets_by_host(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for host, name in _installations(plan):
        if host in plan.targets and plan.targets[host].is_offline:
            continue
        if name not in found.setdefault(host, []):
            found[host].append(name)
    return found


def _installations(plan: Plan) -> Iterator[tuple[str, str]]:
    """Host and policy set of everything that leaves an entry in a journal."""
    for step in plan.steps:
        for action in step.acting:
            if any(not package.reference for package in action.packages):
                for place in action.places:
                    values = {**plan.fixed, "Octopus.Machine.Id": place}
                    yield action.host_of(place), policy_set(values, action.name)
