"""How far the stream is, in the database: read by whoever asks, written by the one node that holds it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from polpo.features.auditstream.resource import AUDIT_STREAM, AuditStreamState
from polpo.features.auditstream.tables import audit_stream
from polpo.features.configuration.service import read_section
from polpo.features.events.chain import KIND, head_of
from polpo.kernel.clock import iso
from polpo.store.changes import Happening
from polpo.store.session import Session

_NAME = "audit-stream"
_HELD = timedelta(minutes=2)
_LONGEST = timedelta(minutes=15)
_FIRST_PAUSE = 5.0
#: So many failures in a row are told of in the trail.
TOLD_AFTER = 3

_s = audit_stream.c


def row_of(session: Session) -> sa.Row[Any] | None:
    return session.connection.execute(sa.select(audit_stream).where(_s.name == _NAME)).first()


def begin(session: Session) -> None:
    """With the next event, unless it has begun."""
    if row_of(session) is not None:
        return
    head = head_of(session)
    blank = dict.fromkeys(("sent_on", "error", "retry_on", "holder", "held_until"), "")
    values = {"name": _NAME, "sent": head.seq if head else 0, "failures": 0, **blank}
    session.connection.execute(sa.insert(audit_stream).values(**values))


def end(session: Session) -> None:
    session.connection.execute(sa.delete(audit_stream))


def hold(session: Session, node: str) -> bool:
    """Whether the node is the one to send, for the next two minutes."""
    now = session.clock.now()
    is_free = sa.or_(_s.holder == node, _s.held_until < iso(now))
    taken = sa.update(audit_stream).where(_s.name == _NAME, is_free)
    return session.connection.execute(taken.values(holder=node, held_until=iso(now + _HELD))).rowcount == 1


def note_sent(session: Session, node: str, seq: int, remark: str) -> None:
    row = row_of(session)
    if row is None or row.holder != node:
        return  # somebody else went on from where it was
    if row.failures >= TOLD_AFTER:
        _tell(session, "AuditStreamRecovered", "The audit stream gets through again")
    if remark:
        _tell(session, "AuditStreamSkipped", remark)
    values = {"sent": seq, "sent_on": iso(session.clock.now()), "failures": 0, "error": "", "retry_on": ""}
    session.connection.execute(sa.update(audit_stream).where(_s.name == _NAME).values(**values))


def note_failed(session: Session, node: str, error: str, wait: float) -> None:
    """The next attempt is made after a pause that doubles, up to a quarter of an hour."""
    row = row_of(session)
    if row is None or row.holder != node:
        return
    failures = row.failures + 1
    if failures == TOLD_AFTER:
        _tell(session, "AuditStreamFailing", f"The audit stream does not get through: {error}")
    pause = timedelta(seconds=max(wait, _FIRST_PAUSE * 2 ** min(failures - 1, 10)))
    retry_on = iso(session.clock.now() + min(pause, _LONGEST))
    values = {"failures": failures, "error": error, "retry_on": retry_on}
    session.connection.execute(sa.update(audit_stream).where(_s.name == _NAME).values(**values))


def note_skipped(session: Session, node: str, seq: int, sentence: str) -> None:
    """Events up to the number cannot be sent any more."""
    row = row_of(session)
    if row is None or row.holder != node:
        return
    _tell(session, "AuditStreamSkipped", sentence)
    session.connection.execute(sa.update(audit_stream).where(_s.name == _NAME).values(sent=seq))


def shown_state(session: Session) -> AuditStreamState:
    stream, row, head = read_section(session, AUDIT_STREAM), row_of(session), head_of(session)
    if not stream.is_enabled:
        return AuditStreamState(state="Off")
    if row is None:
        return AuditStreamState(state="Paused" if stream.is_paused else "Streaming")
    state = AuditStreamState(
        state="Paused" if stream.is_paused else "Failing" if row.error else "Streaming",
        sent_up_to=f"{KIND}-{row.sent}",
        unsent=max((head.seq if head else 0) - row.sent, 0),
        last_error=row.error or None,
    )
    state.last_sent = datetime.fromisoformat(row.sent_on) if row.sent_on else None
    state.next_attempt = datetime.fromisoformat(row.retry_on) if row.retry_on else None
    return state


def _tell(session: Session, category: str, message: str) -> None:
    session.happened(Happening(category, message, None, KIND))
