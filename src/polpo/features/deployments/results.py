"""What the steps that have ended left behind, and how later steps read it as variables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from polpo.features.deployments.plan import Plan
from polpo.steps.console import OutputValue

#: By the name of the action, and of the target; the server's name is empty.
Outputs = dict[tuple[str, str], dict[str, OutputValue]]


@dataclass
class Results:
    """Grows while steps end. Steps of one group do not see each other's: they are given a `snapshot`."""

    outputs: Outputs = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    step_errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None

    def snapshot(self, plan: Plan) -> Seen:
        return Seen(plan, Results(dict(self.outputs), dict(self.status), dict(self.step_errors), self.error))


class Seen:
    """Results at one moment. What is the same for all targets is worked out once."""

    def __init__(self, plan: Plan, results: Results) -> None:
        self._plan = plan
        self._results = results

    @property
    def error(self) -> str | None:
        return self._results.error

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
    yield "Octopus.Deployment.Error", results.error or ""
    yield "Octopus.Deployment.ErrorDetail", results.error or ""
    for step in plan.steps:
        error = results.step_errors.get(step.name, "")
        yield f"Octopus.Step[{step.name}].Status.Code", results.status.get(step.name, "Pending")
        yield f"Octopus.Step[{step.name}].Status.Error", error
        yield f"Octopus.Step[{step.name}].Status.ErrorDetail", error
        for action in step.actions:
            yield f"Octopus.Action[{action.name}].IsSkipped", str(not action.takes_part)
