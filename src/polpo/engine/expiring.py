"""Telling in time that something expires: 20 and 10 days before, and when it has; each stage once on all nodes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from polpo.engine.recurring import done_before
from polpo.engine.rounds import Rounds
from polpo.store.database import Database
from polpo.store.session import Session

#: How long before the end people are told first.
FIRST = timedelta(days=20)


def stage(noun: str, expires: datetime, now: datetime) -> str | None:
    """The category of the most pressing stage that is reached; one that was leapt over is not made up for."""
    stages = (
        (timedelta(), f"{noun}Expired"),
        (timedelta(days=10), f"{noun}Expiry10DayWarning"),
        (FIRST, f"{noun}Expiry20DayWarning"),
    )
    return next((category for left, category in stages if expires - now <= left), None)


def when(expires: datetime, now: datetime) -> str:
    """The end of a sentence, up to the moment."""
    moment = f"{expires:%Y-%m-%d %H:%M} UTC"
    if expires <= now:
        return f"has expired on {moment}"
    days = (expires - now).days
    return f"expires in {days} day{'' if days == 1 else 's'}, on {moment}"


class TellingOfEnds(Rounds):
    """One on each node. `marks` are what tells the stages of one thing from those of others, by its id."""

    PAUSE = 600.0

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def round(self) -> None:
        with self._database.read() as session:
            marks = self.marks(session)
            told = done_before(session, marks.values())
        if due := [identity for identity, mark in marks.items() if mark not in told]:
            await self._database.write(lambda session: self.tell(session, due))

    @abstractmethod
    def marks(self, session: Session) -> Mapping[str, str]:
        """Of all that has come to a stage."""

    @abstractmethod
    def tell(self, session: Session, ids: Sequence[str]) -> None:
        """Tells of those that nobody has told of meanwhile."""
