"""What the server does again and again, at most once in each span of time, however many nodes ask."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from polpo.engine.tables import recurrence
from polpo.kernel.clock import iso
from polpo.store.session import Session

_first = sa.text("insert into recurrence (name, last) values (:name, :last) on conflict (name) do nothing")


def is_turn(session: Session, name: str, every: timedelta) -> bool:
    """Whether it is to be done now; then nobody else is told so until the span is over.

    The first turn comes one span after the first question. Nothing is made up for what a stopped server missed.
    """
    now = session.clock.now()
    session.connection.execute(_first, {"name": name, "last": iso(now)})
    due = sa.update(recurrence).where(recurrence.c.name == name, recurrence.c.last <= now - every)
    return bool(session.connection.execute(due.values(last=now)).rowcount == 1)
