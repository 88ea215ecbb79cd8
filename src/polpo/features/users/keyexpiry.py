"""Telling in time that an API key expires: 20 and 10 days before, and when it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from polpo.engine.recurring import done_before, is_first
from polpo.engine.rounds import Rounds
from polpo.features.users.resource import API_KEYS, USERS, ApiKey
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.session import Session

#: The category of the event for what is left of a key's time, the most pressing first.
STAGES = (
    (timedelta(), "ApiKeyExpired"),
    (timedelta(days=10), "ApiKeyExpiry10DayWarning"),
    (timedelta(days=20), "ApiKeyExpiry20DayWarning"),
)
#: What expired longer ago is no news.
_NEWS = timedelta(days=2)


def stage_of(expires: datetime | None, now: datetime) -> str | None:
    """The most pressing stage that the key has come to; one that was leapt over is not made up for."""
    if expires is None or expires < now - _NEWS:
        return None
    return next((category for left, category in STAGES if expires - now <= left), None)


class KeyExpiryWatch(Rounds):
    """One on each node; each stage of a key is told once."""

    PAUSE = 600.0

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def round(self) -> None:
        with self._database.read() as session:
            due = _due(session)
        if due:
            await self._database.write(lambda session: _tell(session, due))


def _due(session: Session) -> list[str]:
    """The ids of keys that have come to a stage which was not told."""
    now = session.clock.now()
    marks = {key.id: _mark(key, stage) for key in session.all(API_KEYS) if (stage := stage_of(key.expires, now))}
    told = done_before(session, marks.values())
    return [identity for identity, mark in marks.items() if mark not in told]


def _mark(key: ApiKey, stage: str) -> str:
    return f"expiry/{key.id}/{stage}"


def _tell(session: Session, key_ids: Sequence[str]) -> None:
    now = session.clock.now()
    for key in session.by_ids(API_KEYS, key_ids).values():
        stage = stage_of(key.expires, now)
        if stage is None or key.expires is None or not is_first(session, _mark(key, stage)):
            continue
        user = session.get(USERS, key.user_id)
        message = f"The API key '{key.purpose}' of {user.username} {_when(key.expires, now)}"
        session.happened(Happening(stage, message, None, API_KEYS.name, (key.id, user.id)))


def _when(expires: datetime, now: datetime) -> str:
    moment = f"{expires:%Y-%m-%d %H:%M} UTC"
    if expires <= now:
        return f"has expired on {moment}."
    days = (expires - now).days
    return f"expires in {days} day{'' if days == 1 else 's'}, on {moment}; make another one in its place."
