"""What the server does again and again, at most once in each span of time, however many nodes ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from polpo.engine.tables import recurrence
from polpo.kernel.clock import iso
from polpo.store.session import Session

#: A last turn that lies further ahead was noted by a clock that has been set back since; nodes differ by less.
_AHEAD = timedelta(hours=1)

_first = sa.text("insert into recurrence (name, last) values (:name, :last) on conflict (name) do nothing")


def is_turn(session: Session, name: str, every: timedelta) -> bool:
    """Whether it is to be done now; then nobody else is told so until the span is over.

    The first turn comes one span after the first question. Nothing is made up for what a stopped server missed.
    """
    now = session.clock.now()
    return take_turn(session, name, lambda last: last <= now - every)


def take_turn(
    session: Session, name: str, is_due: Callable[[datetime], bool], *, first: datetime | None = None
) -> bool:
    """The same for any rhythm: `is_due` judges by the last turn. Before the first one, that is `first`, or now.

    Where the clock was far ahead at the last turn, the rhythm begins anew, as if that were now.
    """
    now = session.clock.now()
    session.connection.execute(_first, {"name": name, "last": iso(first or now)})
    last = session.connection.execute(sa.select(recurrence.c.last).where(recurrence.c.name == name)).scalar_one()
    is_ahead = last - now > _AHEAD
    if not is_ahead and not is_due(last):
        return False
    taken = sa.update(recurrence).where(recurrence.c.name == name, recurrence.c.last == last)
    is_taken = session.connection.execute(taken.values(last=now)).rowcount == 1
    return is_taken and not is_ahead


def is_first(session: Session, name: str) -> bool:
    """Whether nothing of the name was done before, on any node; from now on it counts as done."""
    return bool(session.connection.execute(_first, {"name": name, "last": iso(session.clock.now())}).rowcount == 1)


def done_before(session: Session, names: Iterable[str]) -> set[str]:
    """Those of the names that count as done."""
    found = sa.select(recurrence.c.name).where(recurrence.c.name.in_(list(names)))
    return set(session.connection.execute(found).scalars())
