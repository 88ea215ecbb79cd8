"""Printing the variables of a step to its log, where the step asks for it."""

from __future__ import annotations

from typing import Mapping, Optional

from polpo.runner.step import Step

_RAW = "OctopusPrintVariables"
_EVALUATED = "OctopusPrintEvaluatedVariables"
_HIDDEN = "********"


def print_variables(step: Step) -> None:
    """As they were sent, as scripts see them, or both. Of secret ones only that they are there."""
    variables = step.variables
    if variables.get_flag(_RAW, False):
        _print(step, "The variables of this step, as they were sent", dict(variables.items()))
    if variables.get_flag(_EVALUATED, False):
        _print(step, "The variables of this step, evaluated", variables.evaluated())


def _print(step: Step, title: str, values: Mapping[str, Optional[str]]) -> None:
    secret = {name.lower() for name in step.variables.sensitive}
    lines = [
        f"[{name}] = '{_HIDDEN if name.lower() in secret else values[name] or ''}'"
        for name in sorted(values, key=str.lower)
        if not name.lower().startswith("env:")
    ]
    step.output.warning(f"{title}, stand in the verbose log. Take {_RAW} and {_EVALUATED} away when you are done.")
    step.output.verbose("\n".join([f"{title}:", *lines]))
