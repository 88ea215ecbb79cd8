"""Telling in time that an API key expires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from polpo.engine.expiring import TellingOfEnds, stage, when
from polpo.engine.recurring import is_first
from polpo.features.users.resource import API_KEYS, USERS, ApiKey
from polpo.store.changes import Happening
from polpo.store.session import Session

#: What expired longer ago is no news.
_NEWS = timedelta(days=2)


def stage_of(expires: datetime | None, now: datetime) -> str | None:
    """The category of the event, if there is something to tell."""
    if expires is None or expires < now - _NEWS:
        return None
    return stage("ApiKey", expires, now)


class KeyExpiryWatch(TellingOfEnds):
    """Each stage of a key is told once."""

    def marks(self, session: Session) -> Mapping[str, str]:
        now = session.clock.now()
        return {key.id: _mark(key, found) for key in session.all(API_KEYS) if (found := stage_of(key.expires, now))}

    def tell(self, session: Session, ids: Sequence[str]) -> None:
        now = session.clock.now()
        for key in session.by_ids(API_KEYS, ids).values():
            found = stage_of(key.expires, now)
            if found is None or key.expires is None or not is_first(session, _mark(key, found)):
                continue
            user = session.get(USERS, key.user_id)
            advice = "" if key.expires <= now else "; make another one in its place"
            message = f"The API key '{key.purpose}' of {user.username} {when(key.expires, now)}{advice}."
            session.happened(Happening(found, message, None, API_KEYS.name, (key.id, user.id)))


def _mark(key: ApiKey, found: str) -> str:
    return f"expiry/{key.id}/{found}"
