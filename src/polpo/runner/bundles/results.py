"""What the actions of a bundle left behind, as later ones read it: under the names that a server gives it, too."""

from __future__ import annotations

from typing import Dict, Iterator, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from polpo.runner.bundles.hearing import Output
from polpo.runner.bundles.manifest import BundledStep


class Results(NamedTuple):
    """Statuses and errors by the names of steps and of actions; `error` holds the first one of all, if any."""

    outputs: Dict[str, Dict[str, Output]]
    steps: Dict[str, str]
    actions: Dict[str, str]
    step_errors: Dict[str, str]
    action_errors: Dict[str, str]
    error: Optional[str] = None

    def copied(self, error: Optional[str]) -> Results:
        """As it is now, with what is the first error by now."""
        outputs, steps, actions = dict(self.outputs), dict(self.steps), dict(self.actions)
        return Results(outputs, steps, actions, dict(self.step_errors), dict(self.action_errors), error)

    def with_action(self, name: str, other: Results) -> Results:
        """As it is now, with what another one knows of an action."""
        own = self.copied(self.error)
        for mine, theirs in ((own.actions, other.actions), (own.action_errors, other.action_errors)):
            mine.update({name: theirs[name]} if name in theirs else {})
        own.outputs.update({name: other.outputs[name]} if name in other.outputs else {})
        return own


def nothing_yet() -> Results:
    return Results({}, {}, {}, {}, {})


def variables_of(results: Results, steps: Sequence[BundledStep], target: str) -> Tuple[Dict[str, str], Set[str]]:
    """Texts, and the names of those that are secret."""
    texts, secrets = dict(_statuses(results, steps)), set()
    for action, outputs in results.outputs.items():
        for name, output in outputs.items():
            for place in (f"Octopus.Action[{action}].Output.", f"Octopus.Action[{action}].Output[{target}]."):
                texts[place + name] = output.value
                if output.is_sensitive:
                    secrets.add(place + name)
    return texts, secrets


def _statuses(results: Results, steps: Sequence[BundledStep]) -> Iterator[Tuple[str, str]]:
    yield from _error("Octopus.Deployment.", results.error)
    for step in steps:
        place = f"Octopus.Step[{step.name}].Status."
        yield f"{place}Code", results.steps.get(step.name, "Pending")
        yield from _error(place, results.step_errors.get(step.name))
        for action in step.actions:
            place = f"Octopus.Action[{action.name}].Status."
            yield f"{place}Code", results.actions.get(action.name, "Pending")
            yield from _error(place, results.action_errors.get(action.name))


def _error(place: str, error: Optional[str]) -> Iterator[Tuple[str, str]]:
    yield f"{place}Error", error or ""
    yield f"{place}ErrorDetail", error or ""


def merged(own: Mapping[str, str], over: Mapping[str, str]) -> Dict[str, str]:
    """Names are compared without case, as everywhere."""
    known = {name.lower() for name in over}
    return {**{name: text for name, text in own.items() if name.lower() not in known}, **over}
