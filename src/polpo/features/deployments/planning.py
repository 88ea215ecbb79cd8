"""From frozen steps and an environment to a plan, without any I/O. The preview and the run use the same one.

What is decided here is decided before anything runs: which actions take part, on which targets, with which packages,
and why the others do not. Conditions that look at what happened meanwhile are the run's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from polpo.features.deployments.plan import Plan, PlannedAction, PlannedStep, PlannedTarget
from polpo.features.processes.resource import DeploymentAction, DeploymentStep, PackageReference
from polpo.features.tagsets.service import matches_tags
from polpo.steps.work import PackageFile

TARGET_ROLES = "Octopus.Action.TargetRoles"
WINDOW = "Octopus.Action.MaxParallelism"
RUN_ON_SERVER = "Octopus.Action.RunOnServer"
STEP_CONDITION = "Octopus.Step.ConditionVariableExpression"
ACTION_CONDITION = "Octopus.Action.ConditionVariableExpression"
RESPONSIBLE_TEAMS = "Octopus.Action.Manual.ResponsibleTeamIds"


@dataclass(frozen=True)
class Candidate:
    """A target of the environment, with what narrows its use."""

    target: PlannedTarget
    is_disabled: bool = False
    may_be_skipped: bool = False


@dataclass(frozen=True)
class Wishes:
    """What the person asked for. Actions and machines by id."""

    skip_actions: Collection[str] = ()
    specific_machines: Collection[str] = ()
    excluded_machines: Collection[str] = ()


@dataclass(frozen=True)
class Situation:
    """Where it is to happen, and how kinds of steps behave: `server_types` work on the server, `target_types` never.

    `packages` are the selected versions by (action name, reference name), both lower-case, and `package_faults` say
    why one cannot be had; `secrets` are the revealed texts of sensitive properties by (action id, property).
    `evaluate` fills in variables that hold in the whole deployment. Without a tenant, `tenant_tags` are None and what
    steps say about tags of tenants is not asked.
    """

    environment_id: str
    environment_name: str
    channel_id: str = ""
    frozen_as: str = "release"
    tenant_tags: Collection[str] | None = None
    candidates: Iterable[Candidate] = ()
    server_types: Collection[str] = ()
    target_types: Collection[str] = ()
    known_types: Collection[str] = ()
    packages: Mapping[tuple[str, str], PackageFile] = field(default_factory=dict)
    package_faults: Mapping[tuple[str, str], str] = field(default_factory=dict)
    secrets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    skip_unavailable: bool = False
    exclude_unhealthy: bool = False
    no_targets_permitted: bool = False
    evaluate: Callable[[str], str] = str


def make_plan(steps: Iterable[DeploymentStep], situation: Situation, wishes: Wishes | None = None) -> Plan:
    """The plan with its problems: sentences for which the deployment has to be refused."""
    planner = _Planner(situation, wishes or Wishes())
    planned = [planner.step(step, number) for number, step in enumerate(steps, start=1)]
    if not planner.problems and not any(step.acting for step in planned):
        planner.warnings.append(f"No step of the {situation.frozen_as} runs in {situation.environment_name}.")
    used = {target for step in planned for action in step.actions for target in action.targets}
    return Plan(
        steps=planned,
        targets={target: planner.by_id[target].target for target in sorted(used)},
        environment_id=situation.environment_id,
        channel_id=situation.channel_id,
        problems=planner.problems,
        warnings=planner.warnings,
    )


class _Planner:
    def __init__(self, situation: Situation, wishes: Wishes) -> None:
        self.situation = situation
        self.wishes = wishes
        self.by_id = {one.target.id: one for one in situation.candidates}
        self.tags = {key: frozenset(map(str.casefold, one.target.roles)) for key, one in self.by_id.items()}
        self.problems: list[str] = []
        self.warnings: list[str] = []
        if wishes.specific_machines and not set(wishes.specific_machines) & self.by_id.keys():
            self.problems.append(f"None of the chosen targets is in {situation.environment_name}.")

    def step(self, step: DeploymentStep, number: int) -> PlannedStep:
        properties = _texts(step.properties)
        actions = []
        for place, action in enumerate(step.actions, start=1):
            label = str(number) if len(step.actions) == 1 else f"{number}.{place}"
            actions.append(self._action(step, action, label))
        return PlannedStep(
            id=step.id,
            name=step.name,
            number=number,
            condition=step.condition,
            condition_expression=properties.get(STEP_CONDITION) or properties.get(ACTION_CONDITION, ""),
            starts_with_previous=step.start_trigger == "StartWithPrevious",
            window=self._window(step, properties.get(WINDOW, "")),
            awaits_packages=step.package_requirement == "AfterPackageAcquisition",
            actions=actions,
        )

    def _window(self, step: DeploymentStep, written: str) -> int:
        """A window that cannot be read must not become no window: then all targets would be changed at once."""
        text = self.situation.evaluate(written).strip()
        if not text:
            return 0
        if text.isascii() and text.isdigit() and int(text[:9]) > 0:
            return int(text[:9])
        shown = f"'{written}'" if text == written else f"'{written}', which is '{text}' here"
        self.problems.append(f"Step '{step.name}' has the window size {shown}; it must be a whole number from 1 on.")
        return 1

    def _action(self, step: DeploymentStep, action: DeploymentAction, number: str) -> PlannedAction:
        properties = _texts(action.properties)
        secret = {name: text for (owner, name), text in self.situation.secrets.items() if owner == action.id}
        is_servers = action.action_type in self.situation.server_types
        roles = _names(_texts(step.properties).get(TARGET_ROLES) or properties.get(TARGET_ROLES))
        if is_servers and len(step.actions) == 1:
            roles = []
        may_be_servers = action.action_type not in self.situation.target_types
        planned = PlannedAction(
            id=action.id,
            name=action.name,
            number=number,
            type=action.action_type,
            properties={**properties, **secret},
            secret_properties=sorted(secret),
            condition=action.condition,
            condition_expression=properties.get(ACTION_CONDITION, ""),
            is_required=action.is_required,
            on_server=is_servers or (may_be_servers and _is_true(properties.get(RUN_ON_SERVER))),
            roles=roles,
            is_disabled=action.is_disabled,
        )
        planned.skip_reason = self._reason_to_skip(action)
        if planned.skip_reason is None:
            self._check_kind(planned)
            planned.packages = self._packages(action)
            if roles or not planned.on_server:
                self._choose_targets(planned)
        return planned

    # -- who takes part

    def _reason_to_skip(self, action: DeploymentAction) -> str | None:
        situation = self.situation
        if action.is_disabled:
            return "The step is disabled."
        if action.environments and situation.environment_id not in action.environments:
            return f"The step does not run in {situation.environment_name}."
        if situation.environment_id in action.excluded_environments:
            return f"The step is excluded from {situation.environment_name}."
        if action.channels and situation.channel_id not in action.channels:
            return "The step does not run for the release's channel."
        is_tenanted = situation.tenant_tags is not None
        if action.tenant_tags and is_tenanted and not matches_tags(situation.tenant_tags or (), action.tenant_tags):
            return "The step does not run for the tenant."
        if action.id in self.wishes.skip_actions:
            if not (action.is_required or _texts(action.properties).get(RESPONSIBLE_TEAMS)):
                return "The step was left out by the person who started it."
            why = "is required" if action.is_required else "has teams that must answer it"
            self.problems.append(f"Step '{action.name}' {why} and cannot be skipped.")
        return None

    def _check_kind(self, action: PlannedAction) -> None:
        if action.type not in self.situation.known_types:
            self.problems.append(
                f"Step '{action.name}' is of the kind {action.type}, which this server cannot run yet;"
                " disable the step or replace it."
            )

    def _packages(self, action: DeploymentAction) -> list[PackageFile]:
        found = []
        for reference in action.packages:
            name = reference.name or ""
            key = (action.name.casefold(), name.casefold())
            package = self.situation.packages.get(key)
            if package is None:
                self.problems.append(self._not_chosen(action, reference, key))
                continue
            found.append(package)
        return found

    def _not_chosen(self, action: DeploymentAction, package: PackageReference, key: tuple[str, str]) -> str:
        if fault := self.situation.package_faults.get(key):
            return fault
        named, source = f" (package '{package.name}')" if package.name else "", self.situation.frozen_as
        return (
            f"The {source} has no version of the package {package.package_id} for step '{action.name}'{named};"
            f" make a new {source}."
        )

    # -- where it runs

    def _choose_targets(self, action: PlannedAction) -> None:
        if not action.roles:
            self.problems.append(
                f"Step '{action.name}' runs on deployment targets but names no target tag; give it one or let it run"
                " on the server."
            )
            return
        wanted = {role.casefold() for role in action.roles}
        fitting = [one for key, one in self.by_id.items() if wanted & self.tags[key]]
        for candidate in fitting:
            self._place(action, candidate)
        if not action.targets:
            self._no_targets(action, fitting)

    def _place(self, action: PlannedAction, candidate: Candidate) -> None:
        target, wishes, situation = candidate.target, self.wishes, self.situation
        if candidate.is_disabled:
            return
        is_chosen = not wishes.specific_machines or target.id in wishes.specific_machines
        if not is_chosen or target.id in wishes.excluded_machines:
            action.left_out.append(target.id)
            return
        skip_offline = situation.skip_unavailable or candidate.may_be_skipped
        if target.health_status == "Unavailable" and skip_offline:
            action.unavailable.append(target.id)
            self._warn(f"{target.name} is unavailable and is left out.")
            return
        if target.health_status == "Unhealthy" and situation.exclude_unhealthy:
            action.unavailable.append(target.id)
            self._warn(f"{target.name} is unhealthy and is left out.")
            return
        action.targets.append(target.id)

    def _no_targets(self, action: PlannedAction, fitting: list[Candidate]) -> None:
        tags = ", ".join(action.roles)
        if action.left_out or action.unavailable:
            action.skip_reason = "Every target that it would run on is left out."
            return
        reason = f"There is no enabled target with the tag {tags} in {self.situation.environment_name}"
        if fitting:
            reason += f" ({', '.join(one.target.name for one in fitting)} disabled)"
        if self.situation.no_targets_permitted:
            action.skip_reason = reason + "."
            self._warn(f"Step '{action.name}' is skipped: {reason}.")
        else:
            self.problems.append(f"{reason}, so step '{action.name}' has nowhere to run; add one or tag one.")

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _texts(properties: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in properties.items() if isinstance(value, str)}


def _names(joined: str | None) -> list[str]:
    return [part.strip() for part in (joined or "").replace(";", ",").split(",") if part.strip()]


def _is_true(text: str | None) -> bool:
    return (text or "").strip().casefold() == "true"
