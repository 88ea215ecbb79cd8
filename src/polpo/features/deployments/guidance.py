"""Guided failure: a person says what to do about an action that failed on a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from polpo.features.deployments.plan import SERVER
from polpo.steps.work import People

if TYPE_CHECKING:
    from polpo.features.deployments.walk import Piece, Walk

FAIL, RETRY, IGNORE, EXCLUDE = "Fail", "Retry", "Ignore", "Exclude"

#: So often a person may have the same action tried again.
MOST_RETRIES = 10


class Guides(People, Protocol):
    """How a run puts its questions to people."""

    async def put_guidance(self, key: str, title: str, instructions: str, choices: Sequence[str]) -> str:
        """Makes the document of a question about a failure, once for each key, and returns its id."""
        ...


@dataclass(frozen=True)
class Guidance:
    """What a person said. `said` is the sentence that the log shows."""

    choice: str
    who: str
    said: str


def choices_for(piece: Piece, retries: int) -> list[str]:
    """What may be answered, after the person had it tried again so many times."""
    choices = [FAIL] if retries >= MOST_RETRIES else [FAIL, RETRY]
    if not piece.action.is_required:
        choices += [IGNORE] if piece.place == SERVER else [IGNORE, EXCLUDE]
    return choices


async def ask_for_guidance(walk: Walk, piece: Piece, attempt: int, reason: str, retries: int) -> Guidance:
    """The answer about this attempt; until there is one, leaves the task by `Paused`."""
    run, key = walk.run, f"guidance/{piece.key}/{attempt}"
    label = piece.label(walk.plan)
    run.log.once(f"{key}/told", piece.node, "Wait", f"{label} failed. Waiting for a person to say what to do.")
    title = f"{label} requires failure guidance"
    answer = await run.ask(
        key, walk.people.put_guidance, key, title, run.masker.mask(reason), choices_for(piece, retries)
    )
    who, notes = str(answer.get("ResponsibleUserDisplayName", "")), str(answer.get("Notes") or "")
    choice = str(answer.get("Guidance") or answer.get("Result"))
    said = f"{who} said: {choice}{f' ({notes})' if notes else ''}."
    run.log.once(f"{key}/answered", piece.node, "Highlight", said)
    return Guidance(choice, who, said)
