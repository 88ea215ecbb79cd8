"""A scenario as the documents that it is about: steps as they are stored, with ids that tell what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polpo.features.deployments.plan import Plan, PlannedTarget, PlannedValue
from polpo.features.deployments.planning import make_plan
from polpo.features.deployments.pooling import described
from polpo.features.deployments.situation import Candidate, Pool, Situation, Wishes
from polpo.features.machines.resource import Endpoint
from polpo.features.processes.resource import DeploymentAction, DeploymentStep
from polpo.features.workerpools.resource import WorkerPool
from polpo.features.workers.resource import Worker
from scenarios.scenario import Action, Scenario, Step

ENVIRONMENTS = {"Production": "Environments-1", "Test": "Environments-2"}
CHANNELS = {"Default": "Channels-1", "Hotfix": "Channels-2"}
KINDS = {"script": "Octopus.Script", "manual": "Octopus.Manual"}
_CONDITIONS = {"Success", "Failure", "Always"}


def machine_ids(scenario: Scenario) -> dict[str, str]:
    return {name: f"Machines-{number}" for number, name in enumerate(scenario.targets, start=1)}


def pool_ids(scenario: Scenario) -> dict[str, str]:
    return {name: f"WorkerPools-{number}" for number, name in enumerate(scenario.pools, start=1)}


def workers_of(scenario: Scenario, pool: str) -> list[Worker]:
    """As they are stored. Names are their ids' ends, and the order in which they are used."""
    return [
        Worker(
            id=f"Workers-{name}",
            name=name,
            is_disabled=one.disabled,
            health_status=one.health,  # type: ignore[arg-type]
            endpoint=Endpoint(communication_style="TentaclePassive"),
            worker_pool_ids=[pool_ids(scenario)[pool]],
        )
        for name, one in sorted(scenario.pools[pool].workers.items())
    ]


def _pools(scenario: Scenario) -> dict[str, Pool]:
    documents = [
        WorkerPool(
            id=identity,
            name=name,
            is_default=scenario.pools[name].default,
            worker_pool_type="DynamicWorkerPool" if scenario.pools[name].dynamic else "StaticWorkerPool",
        )
        for name, identity in pool_ids(scenario).items()
    ]
    return {one.id: described(one, workers_of(scenario, one.name)) for one in documents}


def _asked(scenario: Scenario) -> dict[str, str]:
    return {
        f"action-{action.name}": pool_ids(scenario)[step.pool]
        for step in scenario.steps
        for action in step.parts
        if step.pool
    }


def properties_of(step: Step) -> dict[str, str]:
    """Of the step itself."""
    found = {}
    if tags := step.tags or step.for_tags:
        found["Octopus.Action.TargetRoles"] = tags
    if step.window:
        found["Octopus.Action.MaxParallelism"] = step.window
    if step.condition not in _CONDITIONS:
        found["Octopus.Step.ConditionVariableExpression"] = step.condition
    return {**found, **(step.properties if step.actions else {})}


def action_properties(step: Step, action: Action) -> dict[str, str]:
    found = {}
    if not (step.tags or action.kind == "manual"):
        found["Octopus.Action.RunOnServer"] = "true"
    if action is not step and action.condition:
        found["Octopus.Action.ConditionVariableExpression"] = action.condition
    if action.kind == "manual":
        found["Octopus.Action.Manual.Instructions"] = "Please look."
    return {**found, **action.properties}


def condition_of(step: Step) -> Any:
    return step.condition if step.condition in _CONDITIONS else "Variable"


def condition_of_action(step: Step, action: Action) -> Any:
    return "Variable" if action is not step and action.condition else "Success"


def documents(
    scenario: Scenario,
    environments: Mapping[str, str] = ENVIRONMENTS,
    channels: Mapping[str, str] = CHANNELS,
) -> list[DeploymentStep]:
    return [
        DeploymentStep(
            id=f"step-{step.name}",
            name=step.name,
            slug=step.name.lower(),
            condition=condition_of(step),
            start_trigger="StartWithPrevious" if step.parallel else "StartAfterPrevious",
            properties={**properties_of(step)},
            actions=[
                DeploymentAction(
                    id=f"action-{action.name}",
                    name=action.name,
                    slug=action.name.lower(),
                    action_type=KINDS[action.kind],
                    is_required=action.required,
                    is_disabled=action.disabled,
                    condition=condition_of_action(step, action),
                    environments=[environments[name] for name in action.in_environments],
                    excluded_environments=[environments[name] for name in action.not_in_environments],
                    channels=[channels[name] for name in action.in_channels],
                    tenant_tags=action.tenant_tags,
                    properties={**action_properties(step, action)},
                )
                for action in step.parts
            ],
        )
        for step in scenario.steps
    ]


def plan_of(scenario: Scenario) -> Plan:
    ids = machine_ids(scenario)
    candidates = [
        Candidate(
            PlannedTarget(
                id=ids[name],
                name=name,
                roles=[tag.strip() for tag in target.tags.split(",")],
                style=target.style,
                uri=f"https://{name}:10933/" if target.style != "None" else "",
                thumbprint="A" * 40,
                endpoint={"DefaultWorkerPoolId": pool_ids(scenario)[target.pool]} if target.pool else {},
                health_status=target.health,
            ),
            is_disabled=target.disabled,
        )
        for name, target in scenario.machines.items()
    ]
    situation = Situation(
        environment_id=ENVIRONMENTS[scenario.environment],
        environment_name=scenario.environment,
        channel_id=CHANNELS[scenario.channel],
        tenant_tags=scenario.tenant_tags,
        candidates=candidates,
        server_types={"Octopus.Manual"},
        known_types=set(KINDS.values()),
        pools=_pools(scenario),
        pools_of_actions=_asked(scenario),
        built_in_worker=scenario.built_in,
        lease_cap=scenario.lease_cap,
        skip_unavailable=scenario.policy.skip_unavailable,
        exclude_unhealthy=scenario.policy.exclude_unhealthy,
        no_targets_permitted=scenario.policy.no_targets,
    )
    wishes = Wishes(
        skip_actions={f"action-{name}" for name in scenario.skip},
        specific_machines={ids[name] for name in scenario.only},
        excluded_machines={ids[name] for name in scenario.without},
    )
    plan = make_plan(documents(scenario), situation, wishes)
    plan.values = planned_values(scenario)
    plan.owner_id = "Projects-1"
    plan.is_guided = scenario.guided
    plan.tenant_id = "Tenants-1" if scenario.tenant_tags is not None else None
    plan.tenant_tags = list(scenario.tenant_tags or [])
    plan.fixed = {"Octopus.Environment.Name": scenario.environment, "Octopus.Project.Id": "Projects-1"}
    return plan


def planned_values(scenario: Scenario) -> list[PlannedValue]:
    named: dict[str, Any] = {
        "environment": ENVIRONMENTS.__getitem__,
        "machine": machine_ids(scenario).__getitem__,
        "channel": CHANNELS.__getitem__,
        "action": lambda name: f"action-{name}",
    }
    return [
        PlannedValue(
            name=one.name,
            value=one.value,
            is_sensitive=one.sensitive,
            is_library=one.library,
            scope={kind: [named.get(kind, str)(name) for name in names] for kind, names in one.scope.items()},
        )
        for one in scenario.variables
    ]
