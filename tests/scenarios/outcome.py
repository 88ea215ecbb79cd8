"""What came of a scenario, and whether that is what it expects."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from scenarios.scenario import Expected, Scenario


@dataclass
class Outcome:
    """`tree` is statuses by path, as `Step 1: A > m1`. `moments` are beginnings and ends of scripts in their order.

    `values` is None where nobody could look; then nobody counted `most` and saw `by` either.
    """

    task: str = ""
    error: str = ""
    tree: dict[str, str] = field(default_factory=dict)
    moments: list[tuple[str, str]] = field(default_factory=list)
    values: dict[str, dict[str, str]] | None = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    offers: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def asked(self, title: str, choices: list[str]) -> None:
        """By the title of a question about a failure, as `A on m1 requires failure guidance`."""
        action, _, place = title.removesuffix(" requires failure guidance").partition(" on ")
        self.offers[f"{action}@{place or 'server'}"] = choices

    def begun(self, mark: str) -> None:
        self.moments.append((mark, "begun"))

    def ended(self, mark: str) -> None:
        self.moments.append((mark, "ended"))

    @property
    def ran(self) -> list[str]:
        return sorted(mark for mark, what in self.moments if what == "begun")

    def read_tree(self, nodes: Iterable[tuple[int, int | None, str, str]]) -> None:
        """From rows of id, parent's id, name and status."""
        known = {identity: (parent, name, status) for identity, parent, name, status in nodes}
        for identity, (_, _, status) in known.items():
            names = []
            here: int | None = identity
            while here is not None and known[here][0] is not None:
                names.append(known[here][1])
                here = known[here][0]
            if names:
                self.tree[" > ".join(reversed(names))] = status


def differences(scenario: Scenario, outcome: Outcome) -> list[str]:
    """Each thing that is not as expected, in a sentence; none when all is well."""
    expected = scenario.expect
    if expected.refused or outcome.refused:
        return [
            f"It is refused with {outcome.refused}, not with '{text}'."
            for text in expected.refused or ["nothing"]
            if not any(text in sentence for sentence in outcome.refused)
        ]
    found = []
    if outcome.task != expected.task:
        found.append(f"The task is {outcome.task} ({outcome.error}), not {expected.task}.")
    if expected.error not in outcome.error:
        found.append(f"The error is '{outcome.error}', without '{expected.error}'.")
    if expected.ran is not None and outcome.ran != sorted(expected.ran):
        found.append(f"What ran is {outcome.ran}, not {sorted(expected.ran)}.")
    for mark, choices in expected.offers.items():
        if outcome.offers.get(mark) != choices:
            found.append(f"A person may say {outcome.offers.get(mark)} about {mark}, not {choices}.")
    return [*found, *_statuses(scenario, outcome), *_order(expected, outcome), *_said(expected, outcome)]


def _statuses(scenario: Scenario, outcome: Outcome) -> Iterable[str]:
    titles = {step.name: f"Step {number}: {step.name}" for number, step in enumerate(scenario.steps, start=1)}
    for name, status in scenario.expect.steps.items():
        if (is_so := outcome.tree.get(titles[name])) != status:
            yield f"Step {name} is {is_so}, not {status}."
    for mark, status in scenario.expect.units.items():
        name, _, target = mark.partition("@")
        step = next(step for step in scenario.steps if name in {step.name, *(part.name for part in step.parts)})
        inner = f" > {name}" if name != step.name else ""
        paths = [titles[step.name] + inner]
        if target != "server":
            pattern = re.compile(rf"{re.escape(titles[step.name])} > (\S+ on behalf of )?{target}{re.escape(inner)}")
            paths = [path for path in outcome.tree if pattern.fullmatch(path)]
        if (is_so := next((outcome.tree.get(path) for path in paths), None)) != status:
            yield f"{mark} is {is_so}, not {status}; the tree is {outcome.tree}."


def _order(expected: Expected, outcome: Outcome) -> Iterable[str]:
    for first, then in expected.before:
        places = {moment: place for place, moment in enumerate(outcome.moments)}
        if not places.get((first, "ended"), len(places)) < places.get((then, "begun"), -1):
            yield f"{first} did not end before {then} began: {outcome.moments}."
    for mark, machine in expected.by.items() if outcome.values is not None else ():
        if outcome.by.get(mark) != machine:
            yield f"{mark} was run by {outcome.by.get(mark)}, not by {machine}."
    for step, most in expected.most.items() if outcome.values is not None else ():
        if outcome.most.get(step, 0) != most:
            yield f"{outcome.most.get(step, 0)} scripts of {step} ran at one time at most, not {most}."


def _said(expected: Expected, outcome: Outcome) -> Iterable[str]:
    text = "\n".join(outcome.log)
    yield from (f"The log does not say '{part}': {text}" for part in expected.log if part not in text)
    yield from (f"The log says '{part}': {text}" for part in expected.unsaid if part in text)
    for mark, values in expected.values.items() if outcome.values is not None else ():
        seen = outcome.values.get(mark, {})
        for name, value in values.items():
            if seen.get(name, "") != value:
                yield f"{mark} sees {name}={seen.get(name)!r}, not {value!r}."
