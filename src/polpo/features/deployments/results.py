"""What the steps that have ended left behind, and how later steps read it as variables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from polpo.features.deployments.plan import Plan
from polpo.features.deployments.telling import sentence
from polpo.steps.console import OutputValue

#: By the name of the action, and of the target; the server's name is empty.
Outputs = dict[tuple[str, str], dict[str, OutputValue]]


@dataclass(frozen=True)
class Failure:
    """What failed, in one sentence, and everything that is known about it."""

    error: str
    detail: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
        return cls(sentence(error), "\n".join(getattr(error, "errors", ())) or sentence(error))


@dataclass
class Results:
    """Grows while steps end. Steps of one group do not see each other's: they are given a `snapshot`.

    Statuses and failures are by the names of steps and of actions. `failure` is the first one of all.
    """

    outputs: Outputs = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    action_status: dict[str, str] = field(default_factory=dict)
    step_failures: dict[str, Failure] = field(default_factory=dict)
    action_failures: dict[str, Failure] = field(default_factory=dict)
    failure: Failure | None = None

    def failed(self, error: Exception) -> None:
        self.failure = self.failure or Failure.of(error)

    def action_ended(self, name: str, status: Literal["Succeeded", "Skipped"]) -> None:
        """On one of its places; as a whole an action has failed when it did anywhere, and run when it did anywhere."""
        if self.action_status.get(name, "Skipped") == "Skipped":
            self.action_status[name] = status

    def action_failed(self, name: str, error: Exception) -> None:
        self.action_status[name] = "Failed"
        self.action_failures.setdefault(name, Failure.of(error))

    def snapshot(self, plan: Plan) -> Seen:
        copy = Results(
            dict(self.outputs),
            dict(self.status),
            dict(self.action_status),
            dict(self.step_failures),
            dict(self.action_failures),
            self.failure,
        )
        return Seen(plan, copy)


class Seen:
    """Results at one moment. What is the same for all targets is worked out once."""

    def __init__(self, plan: Plan, results: Results) -> None:
        self._plan = plan
        self._results = results

    @property
    def error(self) -> str | None:
        return self._results.failure.error if self._results.failure else None

    @cached_property
    def statuses(self) -> dict[str, str]:
        """As system variables."""
        return dict(_statuses(self._plan, self._results))

    @cached_property
    def outputs(self) -> dict[str, OutputValue]:
        """Under short names, where among several targets the last by name wins in every run, and under exact ones."""
        found: dict[str, OutputValue] = {}
        ordered = sorted(self._results.outputs.items())
        for (action, _), outputs in ordered:
            found |= {f"Octopus.Action[{action}].Output.{name}": output for name, output in outputs.items()}
        for (action, target), outputs in ordered:
            found |= exact(action, target, outputs)
        return found

    def outputs_of(self, target: str) -> dict[str, OutputValue]:
        """The target's own under their short names, which go before any other's."""
        found: dict[str, OutputValue] = {}
        for action, outputs in self._by_target.get(target, ()):
            found |= {f"Octopus.Action[{action}].Output.{name}": output for name, output in outputs.items()}
        return found

    @cached_property
    def texts(self) -> dict[str, str]:
        return {name: output.value for name, output in self.outputs.items()}

    @cached_property
    def secrets(self) -> frozenset[str]:
        return frozenset(name for name, output in self.outputs.items() if output.is_sensitive)

    @cached_property
    def _by_target(self) -> Mapping[str, list[tuple[str, dict[str, OutputValue]]]]:
        found: dict[str, list[tuple[str, dict[str, OutputValue]]]] = defaultdict(list)
        for (action, target), outputs in self._results.outputs.items():
            found[target].append((action, outputs))
        return found


def exact(action: str, target: str, outputs: Mapping[str, OutputValue]) -> dict[str, OutputValue]:
    return {f"Octopus.Action[{action}].Output[{target}].{name}": output for name, output in outputs.items() if target}


def _statuses(plan: Plan, results: Results) -> Iterator[tuple[str, str]]:
    yield from _failure("Octopus.Deployment.", results.failure)
    for step in plan.steps:
        place = f"Octopus.Step[{step.name}].Status."
        yield f"{place}Code", results.status.get(step.name, "Pending")
        yield from _failure(place, results.step_failures.get(step.name))
        for action in step.actions:
            place = f"Octopus.Action[{action.name}].Status."
            yield f"Octopus.Action[{action.name}].IsSkipped", str(not action.takes_part)
            yield f"{place}Code", results.action_status.get(action.name, "Pending")
            yield from _failure(place, results.action_failures.get(action.name))


def _failure(place: str, failure: Failure | None) -> Iterator[tuple[str, str]]:
    yield f"{place}Error", failure.error if failure else ""
    yield f"{place}ErrorDetail", failure.detail if failure else ""


def failure_here(action: str, failure: Failure) -> dict[str, str]:
    """How later actions of a step read that one of them has failed on their own place."""
    place = f"Octopus.Action[{action}].Status."
    return {f"{place}Code": "Failed", **dict(_failure(place, failure))}


def first_failure(failure: Failure) -> dict[str, str]:
    return dict(_failure("Octopus.Deployment.", failure))
