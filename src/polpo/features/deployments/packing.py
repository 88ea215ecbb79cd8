"""One piece of work as a part of a bundle: what the runner is to be told, and under which conditions."""

from __future__ import annotations

from collections.abc import Mapping

from polpo.engine import Masker
from polpo.features.deployments.attempts import Attempts
from polpo.features.deployments.limits import Limits
from polpo.features.deployments.plan import PlannedAction, PlannedStep
from polpo.features.deployments.results import Seen
from polpo.features.deployments.tokens import token_accounts
from polpo.features.deployments.walk import Piece, Walk
from polpo.runner.bundles.manifest import BundledAction, BundledStep
from polpo.steps.bundling import Parcel
from polpo.transports.offline import Errand


async def pack(walk: Walk, piece: Piece) -> None:
    """TaskError when it cannot be packed."""
    recorder = walk.parcels.recorder(piece.place)
    limits = await Attempts(walk, piece).record(recorder)
    errand = recorder.errand
    assert errand is not None  # noqa: S101 - `record` sees to it
    parcel = Parcel(
        step=_step(walk, piece.step),
        action=_action(piece.action, errand, limits),
        errand=errand,
        hidden=_telling(walk.run.masker, errand.variables),
        packages=piece.action.packages,
        files=recorder.files,
    )
    walk.parcels.add(piece.place, parcel)
    for variable in token_accounts(walk.plan, piece.values):
        sentence = f"The variable '{variable}' has no token in the bundle: tokens are good for an hour at most."
        walk.run.log.once(f"no-token/{piece.key}/{variable}", piece.node, "Warning", sentence)
    sentence = f"Goes into the bundle of {recorder.name}, and runs where that is run."
    walk.run.log.once(f"packed/{piece.key}", piece.node, "Info", sentence)


async def pack_step(walk: Walk, step: PlannedStep, seen: Seen) -> None:
    """A step that does not run here may still run there, where other things fail."""
    for action in step.acting:
        for place in action.places:
            if walk.parcels.takes(action, place):
                values = walk.values.at(step, action, walk.plan.targets.get(place), seen)
                await pack(walk, Piece(step, action, place, step.key_of(action, place), walk.tree.step(step), values))


def _step(walk: Walk, step: PlannedStep) -> BundledStep:
    group = next(number for number, steps in enumerate(walk.plan.groups, start=1) if step in steps)
    return BundledStep(
        name=step.name,
        number=step.number,
        group=group,
        condition=step.condition,
        expression=step.condition_expression,
        actions=[],
    )


def _action(action: PlannedAction, errand: Errand, limits: Limits) -> BundledAction:
    return BundledAction(
        name=action.name,
        number=action.number,
        what=errand.what,
        condition=action.condition,
        expression=action.condition_expression,
        arguments=list(errand.arguments),
        file=errand.file,
        variables="",
        sealed="",
        attempts=limits.attempts,
        pause=limits.backoff.total_seconds(),
        seconds=limits.time.total_seconds() if limits.time else None,
    )


def _telling(masker: Masker, variables: Mapping[str, str]) -> frozenset[str]:
    """Names of values that are no secret themselves and hold one all the same."""
    return frozenset(name for name, text in variables.items() if masker.mask(text) != text)
