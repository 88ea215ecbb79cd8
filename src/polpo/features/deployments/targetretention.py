"""How much of earlier installations stays on targets: the policy of the phase, and its application during the run."""

from __future__ import annotations

from collections.abc import Iterator

from polpo.engine import LogNode, TaskRun, together
from polpo.features.deployments.plan import SERVER, Plan
from polpo.features.deployments.telling import sentence
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.lifecycles.progression import phases_of
from polpo.features.lifecycles.resource import LIFECYCLES, RetentionPeriod
from polpo.features.retention.service import default_retention
from polpo.steps.cleaning import Retention, clean
from polpo.steps.given import policy_set
from polpo.steps.places import Places
from polpo.store.session import Session

_PARALLEL = 10


def retention_of(session: Session, lifecycle_id: str, environment: Environment) -> Retention | None:
    """What the phase of the environment says, else its lifecycle, else the space; None where everything stays."""
    for policy in _policies(session, lifecycle_id, environment):
        if policy is not None and policy.strategy != "Default":
            return _retention(policy.strategy, policy.quantity_to_keep, policy.unit)
    default = default_retention(session, environment.space_id, "LifecycleTentacle")
    return _retention(default.strategy, default.quantity_to_keep or 0, default.unit or "Days")


def _policies(session: Session, lifecycle_id: str, environment: Environment) -> Iterator[RetentionPeriod | None]:
    lifecycle = session.find(LIFECYCLES, lifecycle_id)
    if lifecycle is None:
        return
    stages = session.all(ENVIRONMENTS, ENVIRONMENTS.table.c.space_id == environment.space_id)
    for phase in phases_of(lifecycle, stages):
        if environment.id in (*phase.automatic_deployment_targets, *phase.optional_deployment_targets):
            yield phase.tentacle_retention_policy
            break
    yield lifecycle.tentacle_retention_policy


def _retention(strategy: str, quantity: int, unit: str) -> Retention | None:
    """A quantity of 0 is the older way to say that everything stays."""
    if strategy != "Count" or quantity <= 0:
        return None
    return Retention(quantity=quantity, unit="Days" if unit == "Days" else "Items")


class TargetRetention:
    """Applies the plan's policy on the machines of its package steps. What fails there is a warning."""

    def __init__(self, run: TaskRun, plan: Plan, places: Places, runner: str) -> None:
        self._run = run
        self._plan = plan
        self._places = places
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
        children = {
            host: self._run.log.node(f"retention/{host}", self._plan.name_of(host), node) for host in self._sets
        }
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
        plan = self._plan
        here = host == SERVER
        transport = self._places.here() if here else self._places.reach(plan.targets[host], node.warning)
        return await clean(self._run, transport, node, key, self._runner, self._sets[host], retention)


def _sets_by_host(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for host, name in _installations(plan):
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
