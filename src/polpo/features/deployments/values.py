"""The variables of one action on one target: winners among the release's values, and the system's own above them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from polpo.features.deployments.plan import Plan, PlannedAction, PlannedStep, PlannedTarget, PlannedValue
from polpo.languages.scoping import Candidate, Context, Origin, VariableIndex
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary
from polpo.steps.console import OutputValue


@dataclass(frozen=True)
class Values:
    """By name; `secrets` are the names whose values must never be shown."""

    texts: dict[str, str]
    secrets: frozenset[str]

    def dictionary(self) -> VariableDictionary:
        return VariableDictionary(self.texts.items())

    def evaluated_secrets(self) -> Iterator[str]:
        """What sensitive values that refer to others become here: as secret as what is stored."""
        composed = [text for name in self.secrets if "#{" in (text := self.texts.get(name, ""))]
        if not composed:
            return
        dictionary = self.dictionary()
        for text in composed:
            with contextlib.suppress(SubstitutionFailed):  # whoever needs the value will say so
                yield dictionary.evaluate(text)


@dataclass
class Results:
    """What the steps that have ended left behind. Steps of one group do not see each other's: see `so_far`."""

    outputs: dict[tuple[str, str], dict[str, OutputValue]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    step_errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None

    def so_far(self) -> Results:
        return Results(dict(self.outputs), dict(self.status), dict(self.step_errors), self.error)


def index_of(values: Iterable[PlannedValue]) -> VariableIndex:
    """Where two values tie, the one that stands first wins, in every run of the plan."""
    return VariableIndex(
        Candidate(
            name=value.name,
            value=value,
            scope=value.scope,
            origin=Origin.LIBRARY if value.is_library else Origin.PROJECT,
            id=f"{place:06}",
        )
        for place, value in enumerate(values)
    )


class PlanValues:
    """Resolves for every place of one plan. Built once a run: the candidates are indexed by name."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._index = index_of(plan.values)

    def at(self, step: PlannedStep, action: PlannedAction, target: PlannedTarget | None, results: Results) -> Values:
        texts: dict[str, str] = {}
        secrets: set[str] = set()
        for name, winner in self._winners(action, target):
            texts[name] = winner.value
            if winner.is_sensitive:
                secrets.add(name)
        fixed = dict(_system(self._plan, step, action, target, results))
        reserved = {name.casefold() for name in fixed}
        for name in [name for name in texts if name.casefold() in reserved]:
            del texts[name]
            secrets.discard(name)
        secrets.update(action.secret_properties)
        for name, output in _outputs(results, target):
            texts[name] = output.value
            if output.is_sensitive:
                secrets.add(name)
        return Values({**texts, **fixed}, frozenset(secrets))

    def of_deployment(self) -> Values:
        """What holds everywhere: for texts that are evaluated before any step."""
        winners = list(self._winners(None, None))
        texts = {name: winner.value for name, winner in winners}
        secrets = frozenset(name for name, winner in winners if winner.is_sensitive)
        return Values({**texts, **self._plan.fixed}, secrets)

    def _winners(
        self, action: PlannedAction | None, target: PlannedTarget | None
    ) -> Iterator[tuple[str, PlannedValue]]:
        for name, candidate in self._index.winners(self._context(action, target)).items():
            yield name, cast("PlannedValue", candidate.value)

    def _context(self, action: PlannedAction | None, target: PlannedTarget | None) -> Context:
        plan = self._plan
        return Context(
            environment=plan.environment_id,
            process_owner=plan.fixed.get("Octopus.Project.Id"),
            channel=plan.channel_id,
            tenant=plan.tenant_id,
            actions=frozenset({action.id}) if action else frozenset(),
            machine=target.id if target else None,
            roles=frozenset(target.roles) if target else frozenset(),
            step_roles=frozenset(action.roles) if action else frozenset(),
        )


def _system(
    plan: Plan, step: PlannedStep, action: PlannedAction, target: PlannedTarget | None, results: Results
) -> Iterator[tuple[str, str]]:
    yield from plan.fixed.items()
    yield from action.properties.items()
    yield "Octopus.Action.Id", action.id
    yield "Octopus.Action.Name", action.name
    yield "Octopus.Action.Number", action.number
    yield "Octopus.Action.TargetRoles", ",".join(action.roles)
    yield "Octopus.Step.Id", step.id
    yield "Octopus.Step.Name", step.name
    yield "Octopus.Step.Number", str(step.number)
    yield from _packages(action)
    if target is not None:
        yield from _machine(action, target)
    yield from _statuses(plan, results)


def _packages(action: PlannedAction) -> Iterator[tuple[str, str]]:
    for package in action.packages:
        place = f"Octopus.Action.Package[{package.reference}]" if package.reference else "Octopus.Action.Package"
        yield f"{place}.PackageId", package.package_id
        yield f"{place}.PackageVersion", package.version
        yield f"{place}.FeedId", package.feed_id


def _machine(action: PlannedAction, target: PlannedTarget) -> Iterator[tuple[str, str]]:
    yield "Octopus.Machine.Id", target.id
    yield "Octopus.Machine.Name", target.name
    yield "Octopus.Machine.Roles", ",".join(target.roles)
    if target.uri.startswith("https://"):
        yield "Octopus.Machine.Hostname", target.uri.removeprefix("https://").rstrip("/").rpartition(":")[0]
    wanted = {role.casefold() for role in action.roles}
    both = [role for role in target.roles if role.casefold() in wanted]
    yield "Octopus.Tentacle.CurrentDeployment.TargetedRoles", ",".join(both)


def _statuses(plan: Plan, results: Results) -> Iterator[tuple[str, str]]:
    yield "Octopus.Deployment.Error", results.error or ""
    yield "Octopus.Deployment.ErrorDetail", results.error or ""
    for step in plan.steps:
        error = results.step_errors.get(step.name, "")
        yield f"Octopus.Step[{step.name}].Status.Code", results.status.get(step.name, "Pending")
        yield f"Octopus.Step[{step.name}].Status.Error", error
        yield f"Octopus.Step[{step.name}].Status.ErrorDetail", error
        for action in step.actions:
            yield f"Octopus.Action[{action.name}].IsSkipped", str(not action.takes_part)


def _outputs(results: Results, target: PlannedTarget | None) -> Iterator[tuple[str, OutputValue]]:
    """Each output under its short name, the target's own value above any other's, and under its exact name.

    Among several others the last by name wins, so that a resumed task reads what it read before.
    """
    own = target.name if target else ""
    ordered = sorted(results.outputs.items(), key=lambda item: (item[0][1] == own, item[0]))
    for (action, _), outputs in ordered:
        for name, output in outputs.items():
            yield f"Octopus.Action[{action}].Output.{name}", output
    for (action, machine), outputs in ordered:
        if machine:
            for name, output in outputs.items():
                yield f"Octopus.Action[{action}].Output[{machine}].{name}", output
