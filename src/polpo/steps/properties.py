"""The properties of a step as it is run: with their variables filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from polpo.kernel.errors import TaskError
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary
from polpo.steps.work import Work

T = TypeVar("T", bound=str)


class Properties:
    """Every reader evaluates what the step says; TaskError names the property that cannot be."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._variables = VariableDictionary(work.values.items())

    def text(self, name: str, default: str = "") -> str:
        return self.evaluate(name, self._work.properties.get(name) or default)

    def evaluate(self, name: str, written: str) -> str:
        """Any text of the step; the name stands in errors."""
        try:
            return self._variables.evaluate(written) if "#{" in written else written
        except SubstitutionFailed as error:
            step = self._work.action_name
            raise TaskError(f"Step '{step}' has a text that cannot be evaluated: {name} ({error.message})") from error

    def names(self, name: str) -> list[str]:
        """Names or ids separated by commas, semicolons or ends of lines."""
        text = self.text(name)
        for separator in ";\r\n":
            text = text.replace(separator, ",")
        return [part.strip() for part in text.split(",") if part.strip()]

    def flag(self, name: str) -> bool:
        return self.text(name).strip().casefold() == "true"

    def choice(self, name: str, choices: Sequence[T]) -> T:
        """One of the words that are known, without case; the first of them when nothing is said."""
        given = self.text(name).strip()
        if not given:
            return choices[0]
        found = next((one for one in choices if one.casefold() == given.casefold()), None)
        if found is None:
            sentence = f"Step '{self._work.action_name}' says '{given}' in {name}; it can be {', '.join(choices)}."
            raise TaskError(sentence)
        return found
