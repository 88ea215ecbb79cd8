"""The variables of one action on one target: winners among the release's values, and the system's own above them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from polpo.features.deployments.plan import SERVER, Plan, PlannedAction, PlannedStep, PlannedTarget, PlannedValue
from polpo.features.deployments.results import Seen, exact
from polpo.features.deployments.staffing import pool_at
from polpo.features.variables.parts import Part
from polpo.kernel.errors import TaskError
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

    def text(self, name: str) -> str | None:
        """With everything filled in; TaskError when that cannot be done."""
        text = self.texts.get(name)
        if text is None or "#{" not in text:
            return text
        try:
            return self.dictionary().evaluate(text)
        except SubstitutionFailed as error:
            raise TaskError(f"{name} is '{text}', which cannot be evaluated: {error.message}") from error

    def evaluated_secrets(self) -> Iterator[str]:
        """What sensitive values that refer to others become here: as secret as what is stored."""
        composed = [text for name in self.secrets if "#{" in (text := self.texts.get(name, ""))]
        if not composed:
            return
        dictionary = VariableDictionary(self._mentioned_in(composed))
        for text in composed:
            with contextlib.suppress(SubstitutionFailed):  # whoever needs the value will say so
                yield dictionary.evaluate(text)

    def _mentioned_in(self, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Everything that the texts could refer to, directly or not: a few of the many variables of a deployment."""
        left = dict(self.texts)
        heard = "\n".join(texts).casefold()
        while heard:
            found = [name for name in left if _head(name) in heard]
            heard = ""
            for name in found:
                text = left.pop(name)
                yield name, text
                if "#{" in text:
                    heard += f"\n{text.casefold()}"


@lru_cache(maxsize=65536)
def _head(name: str) -> str:
    """The part of a name that stands in every reference to it; an index may be a reference itself."""
    return name.partition("[")[0].casefold()


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


@dataclass(frozen=True)
class _Outline:
    """What the values of an action are on all of its targets, as far as they are the same; built once for all.

    `local` are the names that depend on the target: they have their places among `texts`, with nothing in them.
    """

    fixed: dict[str, str]
    texts: dict[str, str]
    local: frozenset[str]
    secrets: frozenset[str]
    with_parts: dict[str, PlannedValue]


class PlanValues:
    """Resolves for every place of one plan. Built once a run: the candidates are indexed by name."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._index = index_of(plan.values)
        self._outlines: dict[tuple[str, str], _Outline] = {}

    def at(
        self,
        step: PlannedStep,
        action: PlannedAction,
        target: PlannedTarget | None,
        seen: Seen,
        just_now: Mapping[str, dict[str, OutputValue]] | None = None,
    ) -> Values:
        """`just_now`: what actions of the same step have left behind here since, by their names."""
        outline = self._outline(step, action, target)
        texts, secrets = self._put_in(outline, context_at(self._plan, action, target))
        machine = target.name if target else ""
        own = seen.outputs_of(machine)
        for name, outputs in (just_now or {}).items():
            own |= {f"Octopus.Action[{name}].Output.{key}": output for key, output in outputs.items()}
            own |= exact(name, machine, outputs)
        texts |= seen.texts
        texts |= {name: output.value for name, output in own.items()}
        secrets |= seen.secrets.union(action.secret_properties)
        secrets |= {name for name, output in own.items() if output.is_sensitive}
        texts |= outline.fixed
        if target is not None:
            texts |= _of_machine(action, target)
            secrets |= {part.name for part in target.variables if part.is_sensitive}
        texts |= _of_pool(self._plan, action, target)
        texts |= seen.statuses
        return Values(texts, frozenset(secrets))

    def _outline(self, step: PlannedStep, action: PlannedAction, target: PlannedTarget | None) -> _Outline:
        """One for each kind of target: those of a kind have the same system variables."""
        key = action.id, target.style if target else ""
        if key not in self._outlines:
            fixed = dict(_of_action(self._plan, step, action))
            machine = _of_machine(action, target) if target is not None else ()
            pool = _of_pool(self._plan, action, target)
            reserved = {*map(str.casefold, (*fixed, *dict(machine), *pool, "Octopus.Machine.Hostname"))}
            self._outlines[key] = self._outlined(fixed, reserved, context_at(self._plan, action, target))
        return self._outlines[key]

    def _outlined(self, fixed: dict[str, str], reserved: set[str], place: Context) -> _Outline:
        """`reserved` are the names, without case, that are the system's own."""
        found = {
            name: cast("PlannedValue | None", one and one.value)
            for name, one in self._index.outline(place).items()
            if name.casefold() not in reserved
        }
        return _Outline(
            fixed=fixed,
            texts={name: one.value if one else "" for name, one in found.items()},
            local=frozenset(name for name, one in found.items() if one is None),
            secrets=frozenset(name for name, one in found.items() if one and one.is_sensitive),
            with_parts={name: one for name, one in found.items() if one and one.parts},
        )

    def _put_in(self, outline: _Outline, place: Context) -> tuple[dict[str, str], set[str]]:
        """Texts and secrets with what depends on the place; names keep the order of their definition."""
        texts, secrets, with_parts = outline.texts.copy(), set(outline.secrets), outline.with_parts
        if outline.local:
            here = self._index.local_winners(place)
            local = {name: cast("PlannedValue", one.value) for name, one in here.items() if name in outline.local}
            for name in outline.local - local.keys():
                del texts[name]
            texts |= {name: one.value for name, one in local.items()}
            secrets |= {name for name, one in local.items() if one.is_sensitive}
            with_parts = with_parts | {name: one for name, one in local.items() if one.parts}
        if with_parts:
            parts = _parts(with_parts, texts)
            texts |= {name: part.value for name, part in parts.items()}
            secrets |= {name for name, part in parts.items() if part.is_sensitive}
        return texts, secrets

    def ties(self, action: PlannedAction, target: PlannedTarget | None) -> dict[str, list[Candidate]]:
        """Values of which several are equally specific there, by name; the one that is used first."""
        return self._index.ties(context_at(self._plan, action, target))

    def of_deployment(self) -> Values:
        """What holds everywhere: for texts that are evaluated before any step."""
        return self.of_action("")

    def of_action(self, action_id: str) -> Values:
        """What holds for an action on all targets: for its texts that are evaluated before the plan is made."""
        place = context_at(self._plan, None, None)
        if action_id:
            place = replace(place, actions=frozenset({action_id}))
        texts, secrets = self._put_in(self._outlined({}, set(), place), place)
        return Values({**texts, **self._plan.fixed}, frozenset(secrets))


def context_at(plan: Plan, action: PlannedAction | None, target: PlannedTarget | None) -> Context:
    """Where values are asked for: the plan's place, with the action and the target where there is one."""
    return Context(
        environment=plan.environment_id,
        process_owner=plan.owner_id or plan.fixed.get("Octopus.Project.Id"),
        channel=plan.channel_id,
        tenant=plan.tenant_id,
        tenant_tags=frozenset(plan.tenant_tags),
        actions=frozenset({action.id}) if action else frozenset(),
        machine=target.id if target else None,
        roles=frozenset(target.roles) if target else frozenset(),
        step_roles=frozenset(action.roles) if action else frozenset(),
    )


def _parts(values: Mapping[str, PlannedValue], names: Iterable[str]) -> dict[str, Part]:
    """What stands behind values that are ids, by full name; a variable of just that name goes before."""
    known = {name.casefold() for name in names}
    expanded = [(f"{name}.{part.name}", part) for name, one in values.items() for part in one.parts]
    return {full: part for full, part in expanded if full.casefold() not in known}


def _of_action(plan: Plan, step: PlannedStep, action: PlannedAction) -> Iterator[tuple[str, str]]:
    yield from plan.fixed.items()
    yield from action.properties.items()
    yield "Octopus.Action.Id", action.id
    yield "Octopus.Action.Name", action.name
    yield "Octopus.Action.Number", action.number
    yield "Octopus.Action.TargetRoles", ",".join(action.roles)
    yield "Octopus.Step.Id", step.id
    yield "Octopus.Step.Name", step.name
    yield "Octopus.Step.Number", str(step.number)
    yield "Octopus.Step.Status.Code", "Running"
    yield from _packages(action)


def _of_pool(plan: Plan, action: PlannedAction, target: PlannedTarget | None) -> dict[str, str]:
    """Of the workers who do it; also where the built-in one does so for want of others."""
    place = target.id if target else SERVER
    pool = plan.pools.get(pool_at(action, target, plan.pools)) if place in action.leases else None
    return {"Octopus.WorkerPool.Id": pool.id, "Octopus.WorkerPool.Name": pool.name} if pool else {}


def _packages(action: PlannedAction) -> Iterator[tuple[str, str]]:
    for package in action.packages:
        place = f"Octopus.Action.Package[{package.reference}]" if package.reference else "Octopus.Action.Package"
        yield f"{place}.PackageId", package.package_id
        yield f"{place}.PackageVersion", package.version
        yield f"{place}.FeedId", package.feed_id


def _of_machine(action: PlannedAction, target: PlannedTarget) -> Iterator[tuple[str, str]]:
    yield "Octopus.Machine.Id", target.id
    yield "Octopus.Machine.Name", target.name
    yield "Octopus.Machine.Roles", ",".join(target.roles)
    yield "Octopus.Machine.DeploymentTargetType", target.style
    for name, text in target.endpoint.items():
        yield f"Octopus.Endpoint.{name}", text
    yield from ((part.name, part.value) for part in target.variables)
    if target.uri.startswith("https://"):
        yield "Octopus.Machine.Hostname", target.uri.removeprefix("https://").rstrip("/").rpartition(":")[0]
    wanted = {role.casefold() for role in action.roles}
    both = [role for role in target.roles if role.casefold() in wanted]
    yield "Octopus.Tentacle.CurrentDeployment.TargetedRoles", ",".join(both)
