"""Which targets take part in the rest of a run: a person or a health check leaves some out, and lets others join."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from polpo.engine import TaskRun
from polpo.features.deployments.concealing import secrets_of_target
from polpo.features.deployments.facts import machine_facts
from polpo.features.deployments.plan import (
    SERVER,
    Plan,
    PlannedAction,
    PlannedTarget,
    is_lease,
    lease_of,
    pool_of,
)
from polpo.features.deployments.staffing import needs_worker, pool_at
from polpo.transports.transport import MachineUnreachable


class Members:
    """Who has dropped out is a fact of the journal: a resumed walk knows it from its beginning."""

    def __init__(self, run: TaskRun, plan: Plan) -> None:
        self._run = run
        self._plan = plan

    def why_out(self, place: str) -> str | None:
        """Why a target takes no further part, as a sentence; None when it does."""
        found = self._run.recall(_fact(place)) or self._plan.dropped.get(place)
        return None if found is None else str(found)

    def why_left_out(self, place: str, error: Exception) -> str | None:
        """Why an error is no failure but leaves its target out, as a sentence; None when it is a failure."""
        target = self._plan.targets.get(place)
        if target is None or not target.may_be_skipped or not isinstance(error, MachineUnreachable):
            return None
        return f"{target.name} became unavailable and is left out from here on: {error.message}"

    async def drop(self, dropped: Mapping[str, str]) -> None:
        """From now on nothing is begun on these targets; what has begun there goes on."""
        for target_id, why in dropped.items():
            if self.why_out(target_id) is None:
                await self._run.remember(_fact(target_id), why)

    def join(self, joined: Iterable[dict[str, Any]], later: Iterable[PlannedAction]) -> None:
        """These targets are used by all later actions that ask for one of their tags; known ones as they are now."""
        plan = self._plan
        found = {target.id: target for target in (msgspec.convert(one, PlannedTarget) for one in joined)}
        for target in found.values():
            before = plan.targets.get(target.id)
            target.may_be_skipped = before is not None and before.may_be_skipped
            plan.targets[target.id] = target
            for secret in secrets_of_target(target):
                self._run.masker.add(secret)
        for action in later:
            wanted = {role.casefold() for role in action.roles}
            known = {*action.targets, *action.left_out, *action.unavailable}
            fitting = [
                one
                for one, target in sorted(found.items())
                if one not in known and wanted & {role.casefold() for role in target.roles}
            ]
            if fitting and (action.takes_part or action.lacks_targets):
                self._add(action, fitting)
        plan.fixed |= machine_facts(plan)

    def _add(self, action: PlannedAction, target_ids: Sequence[str]) -> None:
        """Workers do it for the new targets as they do for others of their pool."""
        plan = self._plan
        action.targets += target_ids
        action.skip_reason = None
        for target_id in target_ids:
            target = plan.targets[target_id]
            pool = plan.pools.get(pool_at(action, target, plan.pools))
            if pool is not None and needs_worker(action, target):
                known = (lease for lease in action.leases.values() if is_lease(lease) and pool_of(lease) == pool.id)
                action.leases[target_id] = SERVER if pool.is_built_in else next(known, lease_of(pool.id))


def _fact(target_id: str) -> str:
    return f"dropped/{target_id}"
