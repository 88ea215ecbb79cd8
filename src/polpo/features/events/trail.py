"""The recorder: writes the events of a transaction at its end, inside it."""

from __future__ import annotations

import zlib
from collections import Counter
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.events.categories import agent_of
from polpo.features.events.chain import KIND, Chain
from polpo.features.events.resource import Event
from polpo.features.events.tables import event, event_about, event_detail
from polpo.features.events.telling import Told, message_html, told_change, told_happening
from polpo.features.events.turns import TURNS
from polpo.kernel.clock import iso
from polpo.store.session import Session

_event_row, _about_row, _detail_row = sa.insert(event), sa.insert(event_about), sa.insert(event_detail)
_more = sa.text(
    "insert into event_count (space_id, count) values (:space_id, :count)"
    " on conflict (space_id) do update set count = event_count.count + excluded.count"
)


class Recorder:
    """Called with each session that has written."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    def __call__(self, session: Session) -> None:
        """Turns what the session noted into events. Does nothing, at no cost, where nothing was noted."""
        if not session.changes and not session.happenings:
            return
        turned = (told_change(change, TURNS.get(change.kind.name)) for change in session.changes)
        told = [one for one in turned if one is not None]
        told += [told_happening(happening) for happening in session.happenings]
        if told:
            self._write(session, told)

    def _write(self, session: Session, told: list[Told]) -> None:
        session.written.add(KIND)
        first, before = self._chain.take(session, len(told))
        rows, abouts = [], []
        details: dict[int, bytes] = {}
        for seq, one in enumerate(told, first):
            rows.append(_row(session, seq, one))
            abouts += [{"document_id": identity, "seq": seq} for identity in dict.fromkeys(one.about)]
            if one.change is not None:
                details[seq] = msgspec.json.encode(one.change)
        self._chain.keep(session, self._chain.bind(before, rows, details))
        session.connection.execute(_event_row, rows)
        deflated = [{"seq": seq, "detail": zlib.compress(detail, 1)} for seq, detail in details.items()]
        for statement, values in ((_about_row, abouts), (_detail_row, deflated)):
            if values:
                session.connection.execute(statement, values)
        for space_id, count in Counter(one.space_id or "" for one in told).items():
            count_more(session, space_id, count)


def count_more(session: Session, space_id: str, count: int) -> None:
    """Keeps how many events a space has; empty for what belongs to none."""
    session.connection.execute(_more, {"space_id": space_id, "count": count})


def _row(session: Session, seq: int, told: Told) -> dict[str, Any]:
    actor, now = session.actor, session.clock.now()
    agent = agent_of(actor.user_agent, is_server=not actor.user_id and not actor.user_agent)
    document = Event(
        id=f"{KIND}-{seq}",
        space_id=told.space_id,
        category=told.category,
        message=told.message,
        message_html=message_html(told.message, told.references),
        message_references=told.references,
        related_document_ids=told.about,
        occurred=now,
        user_id=actor.user_id or None,
        username=actor.username,
        is_service=actor.is_service,
        identity_established_with=actor.means,
        credential_id=actor.credential or None,
        on_behalf_of=actor.on_behalf_of or None,
        user_agent=actor.user_agent,
        ip_address=actor.address or None,
    )
    return {
        "seq": seq,
        "space_id": told.space_id,
        "occurred": iso(now),
        "category": told.category,
        "user_id": actor.user_id or None,
        "agent": agent,
        "document_type": told.document_type,
        "doc": msgspec.json.encode(document),
    }
