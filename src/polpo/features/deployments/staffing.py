"""Who does the work that no target does itself: the server, or a worker of which pool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from polpo.features.deployments.plan import SERVER, PlannedAction, PlannedPool, PlannedTarget, lease_of
from polpo.features.deployments.situation import Pool, Situation

#: Styles of targets that run nothing themselves: workers do it on their behalf.
WORKER_STYLES = frozenset(
    {
        "None",
        "Kubernetes",
        "AzureWebApp",
        "AzureCloudService",
        "AzureServiceFabricCluster",
        "AwsEcsCluster",
        "StepPackage",
    }
)


def needs_worker(action: PlannedAction, target: PlannedTarget | None) -> bool:
    """For actions that are not the server's own."""
    return action.on_server or (target is not None and target.style in WORKER_STYLES)


def pool_at(action: PlannedAction, target: PlannedTarget | None, pools: Mapping[str, PlannedPool]) -> str:
    """The id of the pool that works for the target. A target's own pool goes before the space's default one only."""
    own = target.endpoint.get("DefaultWorkerPoolId", "") if target and target.style in WORKER_STYLES else ""
    asked = pools.get(action.worker_pool_id)
    return own if own and (asked is None or asked.is_default) else action.worker_pool_id


def planned_pools(situation: Situation) -> dict[str, PlannedPool]:
    """What of them a plan keeps: targets that join later are staffed by it."""
    return {
        key: PlannedPool(
            id=pool.id,
            name=pool.name,
            is_default=pool.is_default,
            has_workers=pool.has_workers,
            is_server_off=not situation.built_in_worker,
        )
        for key, pool in situation.pools.items()
    }


class Staffing:
    """Settles the leases of the actions of one plan, in their order. `warnings` and `problems` grow."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._targets = {one.target.id: one.target for one in situation.candidates}
        self._default = next((one.id for one in situation.pools.values() if one.is_default), "")
        self._users: Counter[str] = Counter()
        self.warnings: list[str] = []
        self.problems: list[str] = []

    def settle(self, action: PlannedAction) -> None:
        """Puts the pool and the leases into an action that is not the server's own."""
        situation = self._situation
        action.worker_pool_id = situation.pools_of_actions.get(action.id, self._default)
        places = [place for place in action.places if needs_worker(action, self._targets.get(place))]
        if not places or action.skip_reason is not None:
            return
        if fault := situation.pool_faults.get(action.id):
            self.problems.append(f"Step '{action.name}' {fault}")
            return
        used = {place: pool_at(action, self._targets.get(place), situation.pools) for place in places}
        hosts = {pool_id: self._host(action, pool_id) for pool_id in dict.fromkeys(used.values())}
        action.leases = {place: hosts[pool_id] for place, pool_id in used.items()}
        action.worker_pool_name = ", ".join(one.name for key in hosts if (one := situation.pools.get(key)))

    def _host(self, action: PlannedAction, pool_id: str) -> str:
        pool = self._situation.pools.get(pool_id)
        if pool is None:
            if pool_id:
                self._refuse(action, f"is for the worker pool '{pool_id}', which does not exist in this space.")
            return SERVER
        self._judge(action, pool)
        if pool.is_built_in:
            return SERVER
        users, cap = self._users[pool_id], self._situation.lease_cap
        self._users[pool_id] += 1
        return lease_of(pool_id, users // cap if cap > 0 else 0)

    def _judge(self, action: PlannedAction, pool: Pool) -> None:
        if pool.fault is not None:
            self._refuse(action, pool.fault)
        elif pool.is_built_in and not self._situation.built_in_worker:
            self._refuse(
                action,
                f"would run on the server itself, since the default worker pool '{pool.name}' has no workers, but the"
                " built-in worker is switched off; add a worker to the pool or choose another one.",
            )
        elif pool.doubt is not None:
            self.warnings.append(f"Step '{action.name}' fails unless that changes: {pool.doubt}.")

    def _refuse(self, action: PlannedAction, fault: str) -> None:
        self.problems.append(f"Step '{action.name}' {fault}")
