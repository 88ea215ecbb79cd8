"""Health checks that are steps: whom they are about by the plan and by now, and the targets that join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from polpo.engine import TaskRecord, TaskRun
from polpo.features.deployments.facts import add_variables, planned_target
from polpo.features.deployments.plan import Plan, PlannedAction
from polpo.features.deployments.planning import TARGET_ROLES
from polpo.features.deployments.subject import Order
from polpo.features.deployments.tenancy import tenancy_of
from polpo.features.deployments.wishing import wishes_of
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.features.machines.checking import HealthTask, policy_of
from polpo.features.machines.examining import Means, Place
from polpo.features.machines.resource import MACHINES
from polpo.features.machines.service import in_environments
from polpo.features.projects.resource import PROJECTS
from polpo.steps.services import Finding, Subjects, Visit
from polpo.store.kinds import kinds
from polpo.store.session import Session


class CheckingTargets:
    """What the step that checks targets asks for."""

    def __init__(self, means: Means) -> None:
        self._database = means.database
        self._checking = HealthTask(means)

    async def subjects(self, run: TaskRun, action_name: str) -> Subjects:
        plan = msgspec.convert(run.plan(), Plan)
        action = next(one for step in plan.steps for one in step.actions if one.name == action_name)
        with self._database.read() as session:
            known = session.by_ids(MACHINES, action.checks)
            planned = {one: known[one].name for one in action.checks if one in known and not known[one].is_disabled}
            return Subjects(planned, _new_targets(session, run.task, action))

    async def check(self, visit: Visit) -> Finding | None:
        with self._database.read() as session:
            machine = session.find(MACHINES, visit.machine_id)
            policy = policy_of(session, machine) if machine else None
        if machine is None or policy is None:
            return None
        place = Place(visit.run, visit.node, visit.key, visit.attempt)
        found = await self._checking.find(place, machine, policy, connection_only=visit.connection_only)
        return Finding(machine.name, found.status, found.summary)

    async def as_targets(self, machine_ids: Sequence[str]) -> list[dict[str, Any]]:
        with self._database.read() as session:
            machines = session.by_ids(MACHINES, machine_ids)
            policies = session.by_ids(MACHINE_POLICIES, {one.machine_policy_id for one in machines.values()})
            known = [machines[one] for one in machine_ids if one in machines]
            targets = [planned_target(machine, policies.get(machine.machine_policy_id)) for machine in known]
            add_variables(session, targets)
        return [msgspec.to_builtins(target) for target in targets]


def _new_targets(session: Session, task: TaskRecord, action: PlannedAction) -> dict[str, str]:
    """Targets of the step's tags that were not there when the plan was made; none where targets were chosen."""
    environment = session.find(ENVIRONMENTS, task.environment_id)
    project = session.find(PROJECTS, task.project_id)
    order = _order(session, task)
    if environment is None or project is None or order is None:
        return {}
    wishes = wishes_of(session, environment.space_id, order)
    if wishes.specific_machines or wishes.specific_tags:
        return {}
    wanted = {role.casefold() for role in action.properties.get(TARGET_ROLES, "").split(",")}
    left_out = {*action.known, *wishes.excluded_machines}
    excluded = {tag.casefold() for tag in wishes.excluded_tags}
    tenancy = tenancy_of(session, task.tenant_id, project, environment)
    places = [environment.id, *filter(None, [environment.parent_environment_id])]
    found = session.all(MACHINES, MACHINES.table.c.space_id == environment.space_id, in_environments(session, places))
    return {
        machine.id: machine.name
        for machine in found
        if machine.id not in left_out
        and not machine.is_disabled
        and wanted & (tags := {role.casefold() for role in machine.roles})
        and not excluded & tags
        and tenancy.uses(machine)
    }


def _order(session: Session, task: TaskRecord) -> Order | None:
    """The deployment or the run of a runbook, of which only what both have is asked."""
    identity = task.subject_id or ""
    kind = kinds.get(identity.rpartition("-")[0])
    return session.find(kind, identity) if kind else None
