"""Reading all that a plan is made of: frozen steps and packages, the environment's targets, the values, the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from polpo.features.channels.resource import CHANNELS
from polpo.features.configuration.sections import FEATURES
from polpo.features.configuration.service import read_section
from polpo.features.deployments.concealing import conceal_sentences
from polpo.features.deployments.doubts import tell_doubts
from polpo.features.deployments.drops import faults_of_drops
from polpo.features.deployments.facts import add_variables, facts_of, machine_facts, planned_target
from polpo.features.deployments.gitsources import add_sources
from polpo.features.deployments.packaging import packages_of
from polpo.features.deployments.plan import Plan, PlannedValue
from polpo.features.deployments.planning import make_plan
from polpo.features.deployments.pooling import pools_of
from polpo.features.deployments.rawscripting import faults_of_raw
from polpo.features.deployments.references import References, hidden_in, tell_faults
from polpo.features.deployments.resource import Deployment
from polpo.features.deployments.resuming import resumed_plan
from polpo.features.deployments.situation import Candidate, Situation, Wishes
from polpo.features.deployments.subject import Order, ReleaseSubject, Subject
from polpo.features.deployments.targetretention import retention_of
from polpo.features.deployments.tenancy import Tenancy, tenancy_of
from polpo.features.deployments.values import PlanValues
from polpo.features.deployments.valuing import planned_values
from polpo.features.deployments.wishing import wishes_of
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.environmentstates.service import states_of, text_of_state
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machines.resource import MACHINES, DeploymentTarget
from polpo.features.machines.service import in_environments
from polpo.features.processes.resource import Process
from polpo.features.processes.service import actions_of
from polpo.features.tenants.resource import TENANTS
from polpo.languages.substitution import VariableDictionary
from polpo.steps.work import Catalogue
from polpo.store.documents import SensitiveValue
from polpo.store.kinds import Kind
from polpo.store.session import Session

_LEASE_CAP = "Octopus.Deployment.WorkerLeaseCap"


def plan_for(
    session: Session,
    subject: ReleaseSubject,
    deployment: Deployment,
    catalogue: Catalogue,
    *,
    is_look_ahead: bool = False,
) -> Plan:
    """The plan of a deployment as things are now; `is_look_ahead` as in `gather`."""
    facts = facts_of(session, subject, deployment)
    if subject.project.default_to_skip_if_already_installed and not deployment.force_package_redeployment:
        facts["Octopus.Action.Package.SkipIfAlreadyInstalled"] = "True"
    passed = passed_values(session, deployment)
    plan = gather(session, subject, deployment, facts, catalogue, passed, is_look_ahead=is_look_ahead)
    lifecycle_id = subject.channel.lifecycle_id or subject.project.lifecycle_id
    plan.retention = retention_of(session, lifecycle_id, subject.environment)
    return plan


def passed_values(session: Session, deployment: Deployment) -> list[PlannedValue]:
    """What the step that made the deployment passes on; some of it may hold secrets of the other project."""
    return [
        PlannedValue(name=name, value=session.reveal(sealed) or "", is_sensitive=name in deployment.passed_secrets)
        for name, sealed in deployment.passed_values.items()
    ]


def gather(
    session: Session,
    subject: Subject,
    order: Order,
    facts: Mapping[str, str],
    catalogue: Catalogue,
    passed: Sequence[PlannedValue] = (),
    *,
    is_look_ahead: bool = False,
) -> Plan:
    """The plan of an order as things are now. `facts` are the system variables that hold in the whole of it.

    `passed` values stand in the place of all others of their names. `is_look_ahead`: it is made to be looked at and
    will not run, so what costs time and changes no decision is left out. An order that goes on where a task stood has
    that one's plan.
    """
    if order.resumed_from:
        rest = resumed_plan(session, order.resumed_from, facts, include_excluded=order.include_excluded)
        rest.is_guided, rest.force_download = order.use_guided_failure, order.force_package_download
        return rest
    tenancy = tenancy_of(session, order.tenant_id, subject.project, subject.environment)
    frame = Plan(
        steps=[],
        targets={},
        values=_values(session, subject, order, tenancy, passed),
        fixed={**facts, **tenancy.facts},
        environment_id=subject.environment.id,
        channel_id=subject.channel_id,
        owner_id=subject.owner_id,
        tenant_id=tenancy.tenant_id,
        tenant_tags=sorted(tenancy.tags),
        force_download=order.force_package_download,
        is_guided=order.use_guided_failure,
    )
    texts = _Texts(PlanValues(frame))
    references = References(session, subject.environment, tenancy, texts.evaluate, opens=not is_look_ahead)
    faults = references.expand(frame.values)
    wishes = wishes_of(session, subject.project.space_id, order)
    made = make_plan(subject.process.steps, _situation(session, subject, catalogue, tenancy, texts), wishes)
    plan = msgspec.structs.replace(frame, steps=made.steps, targets=made.targets, pools=made.pools)
    add_variables(session, plan.targets.values(), opens=not is_look_ahead)
    add_sources(plan, subject, texts.evaluate)
    plan.problems = [*made.problems, *tenancy.problems]
    plan.warnings = [*made.warnings, *_chosen_elsewhere(session, subject.environment, wishes)]
    plan.fixed = {**plan.fixed, **machine_facts(plan)}
    tell_faults(plan, faults)
    tell_doubts(plan, partial(_label, session, plan))
    (plan.warnings if is_look_ahead else plan.problems).extend(faults_of_drops(session, plan))
    plan.problems += faults_of_raw(plan, catalogue)
    plan.hidden = list(hidden_in(part for value in plan.values for part in value.parts))
    conceal_sentences(plan)
    return plan


def _values(
    session: Session, subject: Subject, order: Order, tenancy: Tenancy, passed: Sequence[PlannedValue]
) -> list[PlannedValue]:
    names = {value.name.casefold() for value in passed}
    own = [*_states(session, subject, order.tenant_id), *planned_values(session, subject, order, tenancy)]
    return [*(value for value in own if value.name.casefold() not in names), *passed]


def _label(session: Session, plan: Plan, identity: str) -> str:
    """The name of what a value is scoped to; tags are names already."""
    if identity in plan.targets:
        return plan.targets[identity].name
    actions = {action.id: action.name for step in plan.steps for action in step.actions}
    kinds: list[Kind[Any]] = [ENVIRONMENTS, CHANNELS, TENANTS]
    named = (session.find(kind, identity) for kind in kinds if identity.startswith(f"{kind.name}-"))
    return actions.get(identity) or next((one.name for one in named if one is not None), identity)


def _chosen_elsewhere(session: Session, environment: Environment, wishes: Wishes) -> list[str]:
    here = {*_places(environment)}
    machines = session.by_ids(MACHINES, wishes.specific_machines).values()
    names = sorted(machine.name for machine in machines if not here & {*machine.environment_ids})
    return [f"{name} was chosen but is not in {environment.name}; nothing runs there." for name in names]


def _states(session: Session, subject: Subject, tenant_id: str | None) -> list[PlannedValue]:
    """What earlier runs of the project have kept about the environment."""
    return [
        PlannedValue(
            name=f"Octopus.Environment.State[{state.name}]",
            value=text_of_state(session, state),
            is_sensitive=state.secret is not None,
        )
        for state in states_of(session, subject.project.id, subject.environment.id, tenant_id)
    ]


# -- the situation


class _Texts:
    """Evaluates what the process says before anything runs: over the values that hold without a target."""

    def __init__(self, values: PlanValues) -> None:
        self._values = values
        self._known: dict[str, VariableDictionary] = {}

    def evaluate(self, text: str, action_id: str = "") -> str:
        if "#{" not in text:
            return text
        if action_id not in self._known:
            self._known[action_id] = self._values.of_action(action_id).dictionary()
        return self._known[action_id].evaluate(text)

    def whole(self, name: str) -> int:
        """A number among the values; 0 where there is none."""
        return self._values.of_deployment().dictionary().get_int(name) or 0


def _situation(session: Session, subject: Subject, catalogue: Catalogue, tenancy: Tenancy, texts: _Texts) -> Situation:
    policy = subject.policy
    kinds = list(catalogue)
    packages = packages_of(session, subject, texts.evaluate)
    pools = pools_of(session, subject, texts.evaluate)
    return Situation(
        environment_id=subject.environment.id,
        environment_name=subject.environment.name,
        channel_id=subject.channel_id,
        frozen_as=subject.frozen_as,
        tenant_tags=tenancy.tags if tenancy.tenant else None,
        candidates=_candidates(session, subject.environment, tenancy),
        server_types=frozenset(kind.type for kind in kinds if kind.place == "server"),
        target_types=frozenset(kind.type for kind in kinds if kind.place == "target"),
        worker_types=frozenset(kind.type for kind in kinds if kind.place == "worker"),
        known_types=frozenset(kind.type for kind in kinds),
        checking_types=frozenset(kind.type for kind in kinds if kind.checks_targets),
        packages=packages.files,
        package_faults=packages.faults,
        secrets=_secret_properties(session, subject.process),
        pools=pools.known,
        pools_of_actions=pools.asked,
        pool_faults=pools.faults,
        built_in_worker=read_section(session, FEATURES).is_built_in_worker_enabled,
        lease_cap=texts.whole(_LEASE_CAP),
        skip_unavailable=policy.skip_machine_behavior == "SkipUnavailableMachines",
        skippable_tags=policy.target_roles,
        exclude_unhealthy=policy.exclude_unhealthy_targets,
        no_targets_permitted=policy.allow_deployments_to_no_targets,
        evaluate=texts.evaluate,
    )


def _candidates(session: Session, environment: Environment, tenancy: Tenancy) -> list[Candidate]:
    table = MACHINES.table
    here = in_environments(session, _places(environment))
    machines = [
        one for one in session.all(MACHINES, table.c.space_id == environment.space_id, here) if tenancy.uses(one)
    ]
    policies = session.by_ids(MACHINE_POLICIES, {machine.machine_policy_id for machine in machines})
    return [_candidate(machine, policies.get(machine.machine_policy_id)) for machine in machines]


def _places(environment: Environment) -> list[str]:
    """Targets of the parent belong to the ephemeral environments below it, too."""
    return [environment.id, *filter(None, [environment.parent_environment_id])]


def _candidate(machine: DeploymentTarget, policy: MachinePolicy | None) -> Candidate:
    policy = policy or MachinePolicy()
    behaviour = policy.machine_connectivity_policy.machine_connectivity_behavior
    return Candidate(
        target=planned_target(machine, policy),
        is_disabled=machine.is_disabled,
        may_be_skipped=behaviour == "MayBeOfflineAndCanBeSkipped",
    )


def _secret_properties(session: Session, process: Process) -> dict[tuple[str, str], str]:
    return {
        (action.id, name): session.reveal(value) or ""
        for action in actions_of(process.steps)
        for name, value in action.properties.items()
        if isinstance(value, SensitiveValue)
    }
