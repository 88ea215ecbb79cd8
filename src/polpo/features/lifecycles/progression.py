"""Where a release may go next: the rules of a lifecycle, without any I/O.

The screens, the lists of environments to promote to, and the refusal of a deployment all come from this one evaluator,
so that what is offered is what is allowed, and a refusal can say why.

Decided here: progress that was once earned stays, even when a later deployment to the same environment fails; a phase
that has no environment which counts (such as one that a tenant is not connected to) is complete.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from polpo.features.lifecycles.resource import Lifecycle, Phase

Progress = Literal["Pending", "Current", "Complete"]


class Stage(Protocol):
    """An environment, as far as a lifecycle cares."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class PhaseState:
    """A phase as one release sees it. `required` is how many of `environments` must have succeeded."""

    phase: Phase
    environments: tuple[str, ...]
    succeeded: frozenset[str]
    required: int
    progress: Progress
    is_open: bool
    is_blocked: bool = False

    @property
    def missing(self) -> int:
        return max(self.required - len(self.succeeded), 0)

    @property
    def needs(self) -> str:
        """How many more successes it waits for, in words."""
        return "one more successful deployment" if self.missing == 1 else f"{self.missing} more successful deployments"

    @property
    def automatic_environments(self) -> tuple[str, ...]:
        """Those that get a release by themselves when the phase opens."""
        automatic = set(self.phase.automatic_deployment_targets)
        return tuple(identity for identity in self.environments if identity in automatic)

    @property
    def remaining(self) -> tuple[str, ...]:
        return tuple(identity for identity in self.environments if identity not in self.succeeded)


@dataclass(frozen=True)
class Progression:
    phases: tuple[PhaseState, ...]

    @property
    def open_environments(self) -> tuple[str, ...]:
        """Every environment that the release may be deployed to, again or for the first time."""
        return _distinct(identity for state in self.phases if state.is_open for identity in state.environments)

    @property
    def next_deployments(self) -> tuple[str, ...]:
        """The environments that bring the release forward: those of current phases without a success."""
        current = [state for state in self.phases if state.is_open and state.progress == "Current"]
        return _distinct(identity for state in current for identity in state.remaining)

    @property
    def next_deployments_minimum_required(self) -> int:
        """How many more successes the first current phase needs."""
        return next((state.missing for state in self.phases if state.is_open and state.progress == "Current"), 0)

    @property
    def waiting_for(self) -> PhaseState | None:
        """The phase that keeps later ones shut."""
        return next((state for state in self.phases if not state.phase.is_optional_phase and state.missing), None)

    def allows(self, environment_id: str) -> bool:
        return environment_id in self.open_environments

    def refusal(self, environment: Stage, release_version: str) -> str | None:
        """Why the release may not be deployed to the environment, in one sentence; None when it may."""
        if self.allows(environment.id):
            return None
        holding = [state for state in self.phases if environment.id in state.environments]
        if not holding:
            return (
                f"Release {release_version} cannot be deployed to {environment.name}: no phase of its lifecycle has"
                " this environment; add it to a phase or use a channel with another lifecycle."
            )
        phase = holding[0]
        if phase.is_blocked:
            return (
                f"Release {release_version} cannot be deployed to {environment.name}: its progression is prevented;"
                " resolve the defect that was reported for it first."
            )
        waiting = self.waiting_for or phase
        return (
            f"Release {release_version} cannot be deployed to {environment.name} yet: the phase"
            f" '{waiting.phase.name}' needs {waiting.needs} before the phase '{phase.phase.name}' opens."
        )


def newly_open(before: Progression, now: Progression) -> list[PhaseState]:
    """The phases of `now` that were shut before and may start deployments by themselves: optional ones never do."""
    was_open = {state.phase.id for state in before.phases if state.is_open}
    return [
        state
        for state in now.phases
        if state.is_open and not state.phase.is_optional_phase and state.phase.id not in was_open
    ]


def phases_of(lifecycle: Lifecycle, environments: Sequence[Stage]) -> list[Phase]:
    """The phases in force: one for each environment when the lifecycle has none of its own.

    A phase without environments stands for every environment that no phase before it has, also ones made later.
    """
    if not lifecycle.phases:
        return [Phase(id=stage.id, name=stage.name, optional_deployment_targets=[stage.id]) for stage in environments]
    phases = []
    used: set[str] = set()
    for phase in lifecycle.phases:
        targets = [*phase.automatic_deployment_targets, *phase.optional_deployment_targets]
        if not targets:
            targets = [stage.id for stage in environments if stage.id not in used]
            filled = msgspec.structs.replace(phase, optional_deployment_targets=targets)
            phases.append(filled)
        else:
            phases.append(phase)
        used.update(targets)
    return phases


def progression(
    lifecycle: Lifecycle,
    environments: Sequence[Stage],
    successes: Collection[str],
    *,
    eligible: Collection[str] | None = None,
    is_blocked: bool = False,
) -> Progression:
    """The state of every phase for one release.

    `environments` are the space's, in their order; `successes` are those where this release has ever succeeded (for
    one tenant: by that tenant). `eligible` narrows what counts, for a tenant, to the environments it is connected to.
    `is_blocked`: progression is prevented; what succeeded already and the first phase stay open.
    """
    states: list[PhaseState] = []
    is_reached = True
    order = [stage.id for stage in environments]
    for index, phase in enumerate(phases_of(lifecycle, environments)):
        targets = _in_order([*phase.automatic_deployment_targets, *phase.optional_deployment_targets], order, eligible)
        state = _state(phase, targets, successes, is_reached=is_reached)
        if is_blocked and index and not state.succeeded:
            state = _blocked(state)
        states.append(state)
        is_reached = is_reached and (state.missing == 0 or phase.is_optional_phase)
    return Progression(tuple(states))


def _state(phase: Phase, targets: tuple[str, ...], successes: Collection[str], *, is_reached: bool) -> PhaseState:
    succeeded = frozenset(identity for identity in targets if identity in successes)
    minimum = phase.minimum_environments_before_promotion
    required = min(minimum, len(targets)) if minimum > 0 else len(targets)
    is_complete = len(succeeded) >= required
    progress: Progress = "Pending"
    if is_reached:
        progress = "Complete" if is_complete else "Current"
    return PhaseState(phase, targets, succeeded, required, progress, is_open=is_reached)


def _blocked(state: PhaseState) -> PhaseState:
    return PhaseState(
        state.phase,
        state.environments,
        state.succeeded,
        state.required,
        "Pending",
        is_open=False,
        is_blocked=True,
    )


def _in_order(targets: list[str], order: list[str], eligible: Collection[str] | None) -> tuple[str, ...]:
    counted = {identity for identity in targets if eligible is None or identity in eligible}
    return tuple(identity for identity in order if identity in counted)


def _distinct(identities: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identities))
