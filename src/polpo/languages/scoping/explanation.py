"""What the resolution of a name answers, and how it says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from polpo.languages.scoping.candidates import Candidate, Dimension, Origin


class Outcome(Enum):
    """`TIED` stands for a value that is as specific as the winner: only the printed rule of the last tie chose."""

    WON = "won"
    TIED = "tied"
    LESS_SPECIFIC = "less specific"
    LIBRARY = "from a library set"
    NO_MATCH = "does not hold here"


@dataclass(frozen=True, slots=True)
class Considered:
    """One candidate and why it won or lost.

    `deciding` is the dimension that does not take in the context, or that the winner is scoped on and this is not.
    `rank` orders candidates that hold: the greater is the more specific; None for one that does not hold.
    """

    candidate: Candidate
    outcome: Outcome
    rank: int | None
    deciding: Dimension | None = None

    def sentence(self, label: Callable[[str], str] = str) -> str:
        """Why, for a person. `label` turns ids of the scope into names."""
        if self.outcome is Outcome.WON:
            return f"Chosen: {self.candidate.scope_sentence(label)}, the most specific of those that hold here."
        if self.outcome is Outcome.TIED:
            return "Not chosen: it is exactly as specific as the chosen value, and of equals the first is taken."
        if self.outcome is Outcome.LIBRARY:
            return "Not chosen: it is as specific as the chosen value, but the project goes before library sets."
        if self.deciding is not None and self.outcome is Outcome.NO_MATCH:
            members = self.candidate.members_sentence(self.deciding, label)
            return f"Does not hold here: scoped to {self.deciding.title} {members}."
        more = self.deciding.title if self.deciding is not None else "scope"
        article = "an" if more.startswith("environment") else "a"
        own = self.candidate.scope_sentence(label)
        return f"Not chosen: the chosen one is scoped to {article} {more}, this one is not ({own})."


@dataclass(frozen=True, slots=True)
class Resolution:
    """The winner among the values of one name (None: the name is not defined here), and every value's story.

    `considered` has the winner first, then by falling specificity, then what does not hold.
    """

    name: str
    winner: Candidate | None
    considered: tuple[Considered, ...]

    @property
    def tied(self) -> tuple[Candidate, ...]:
        """The candidates that are as good as the winner: a mistake in the definitions, to be shown as a warning."""
        return tuple(one.candidate for one in self.considered if one.outcome is Outcome.TIED)


def origin_loses(candidate: Candidate, winner: Candidate) -> bool:
    return candidate.origin is Origin.LIBRARY and winner.origin is Origin.PROJECT
