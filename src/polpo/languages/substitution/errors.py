"""What can go wrong with a template: values for what is reported, exceptions for what cannot go on."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from polpo.kernel.errors import Invalid


class SubstitutionError(NamedTuple):
    """One fault of an evaluation: the token as it is echoed, and where in the template it stands.

    `position` counts characters from 0, `line` and `column` from 1. A token that is missing inside the value of a
    variable is placed where the template refers to that variable. For a template that cannot be read, `token` is empty.
    """

    token: str
    position: int
    line: int
    column: int
    message: str


class SubstitutionFailed(Invalid):
    """Evaluation had to stop: there is no text to give back."""


class SelfReference(SubstitutionFailed):
    def __init__(self, symbol: str, chain: Sequence[str]) -> None:
        super().__init__(
            f'An attempt to parse the variable symbol "{symbol}" appears to have resulted in a self referencing loop '
            f"({' -> '.join([*chain, symbol])}). Ensure that recursive loops do not exist in the variable values."
        )


class FilterFailed(SubstitutionFailed):
    """A filter was given something it refuses loudly, such as text that is no Base64."""


class TooDeep(SubstitutionFailed):
    """Tokens or values are nested further than can be followed."""


def summary(errors: Sequence[SubstitutionError]) -> str:
    """The original's one sentence for the tokens that were missing, or the first message if it is of another kind."""
    if not errors:
        return ""
    tokens = list(dict.fromkeys(error.token for error in errors if error.token))
    if not tokens:
        return errors[0].message
    return "The following tokens were unable to be evaluated: " + ", ".join(f"'{token}'" for token in tokens)
