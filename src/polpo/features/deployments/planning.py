"""From frozen steps and an environment to a plan, without any I/O. The preview and the run use the same one.

What is decided here is decided before anything runs: which actions take part, on which targets, with which packages,
and why the others do not. Conditions that look at what happened meanwhile are the run's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from polpo.features.deployments.limits import faults_in
from polpo.features.deployments.plan import Plan, PlannedAction, PlannedStep
from polpo.features.deployments.situation import Situation, Wishes
from polpo.features.deployments.staffing import Staffing, planned_pools
from polpo.features.deployments.targeting import Targeting
from polpo.features.processes.resource import DeploymentAction, DeploymentStep, PackageReference
from polpo.features.tagsets.service import matches_tags
from polpo.steps.work import PackageFile

TARGET_ROLES = "Octopus.Action.TargetRoles"
WINDOW = "Octopus.Action.MaxParallelism"
RUN_ON_SERVER = "Octopus.Action.RunOnServer"
STEP_CONDITION = "Octopus.Step.ConditionVariableExpression"
ACTION_CONDITION = "Octopus.Action.ConditionVariableExpression"
RESPONSIBLE_TEAMS = "Octopus.Action.Manual.ResponsibleTeamIds"


def make_plan(steps: Iterable[DeploymentStep], situation: Situation, wishes: Wishes | None = None) -> Plan:
    """The plan with its problems: sentences for which the deployment has to be refused."""
    planner = _Planner(situation, wishes or Wishes())
    planned = [planner.step(step, number) for number, step in enumerate(steps, start=1)]
    targeting, staffing = planner.targeting, planner.staffing
    targeting.close()
    problems = [*targeting.problems, *planner.problems, *staffing.problems]
    warnings = [*targeting.warnings, *staffing.warnings, *planner.warnings]
    if not problems and not any(step.acting for step in planned):
        warnings.append(f"No step of the {situation.frozen_as} runs in {situation.environment_name}.")
    return Plan(
        steps=planned,
        targets=targeting.used({target for step in planned for action in step.actions for target in action.targets}),
        pools=planned_pools(situation),
        environment_id=situation.environment_id,
        channel_id=situation.channel_id,
        problems=problems,
        warnings=warnings,
    )


class _Planner:
    def __init__(self, situation: Situation, wishes: Wishes) -> None:
        self.situation = situation
        self.wishes = wishes
        self.targeting = Targeting(situation, wishes)
        self.staffing = Staffing(situation)
        self.problems: list[str] = []
        self.warnings: list[str] = []

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
        is_workers = action.action_type in self.situation.worker_types
        roles = _names(_texts(step.properties).get(TARGET_ROLES) or properties.get(TARGET_ROLES))
        if is_servers and (len(step.actions) == 1 or action.action_type in self.situation.checking_types):
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
            on_server=is_servers or is_workers or (may_be_servers and _is_true(properties.get(RUN_ON_SERVER))),
            roles=roles,
            is_disabled=action.is_disabled,
        )
        planned.skip_reason = self._reason_to_skip(action)
        if planned.skip_reason is None:
            self._check_kind(planned)
            if action.container.image:
                self.warnings.append(
                    f"Step '{action.name}' is to run in a container of {action.container.image}, but this server starts"
                    " no containers yet: it runs on its machine itself, with the tools that are there."
                )
            self.problems += faults_in(properties, self.situation.evaluate, action.name)
            planned.packages = self._packages(action)
            if action.action_type in self.situation.checking_types:
                meant = _names(_texts(step.properties).get(TARGET_ROLES))
                planned.properties[TARGET_ROLES] = ",".join(meant)
                self.targeting.choose_checked(planned, meant)
            elif roles or not planned.on_server:
                self.targeting.choose(planned)
        if not is_servers:
            self.staffing.settle(planned)
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
            if can_be_skipped(action):
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


def can_be_skipped(action: DeploymentAction | PlannedAction) -> bool:
    """Whether a person may leave it out."""
    return not (action.is_required or action.properties.get(RESPONSIBLE_TEAMS))


def _texts(properties: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in properties.items() if isinstance(value, str)}


def _names(joined: str | None) -> list[str]:
    return [part.strip() for part in (joined or "").replace(";", ",").split(",") if part.strip()]


def _is_true(text: str | None) -> bool:
    return (text or "").strip().casefold() == "true"
