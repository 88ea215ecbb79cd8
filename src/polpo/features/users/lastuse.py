"""When sessions and API keys were last used, without a write for each request."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial

import structlog

from polpo.features.users.policy import AuthenticationConfiguration, authentication_of
from polpo.features.users.resource import API_KEYS, SESSIONS, ApiKey, PortalSession
from polpo.features.users.sessions import end_of
from polpo.kernel.errors import Unavailable
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.users")

KEYS_EVERY = timedelta(hours=1)
_SESSIONS_EVERY = timedelta(minutes=1)
_MOST = 10_000


class LastUse:
    """One a node. A session is noted each minute at most, a key each hour; what is noted is not waited for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[str, datetime] = {}

    def of_session(self, found: PortalSession, policy: AuthenticationConfiguration) -> None:
        if self._is_due(found.id, found.last_seen, min(_SESSIONS_EVERY, policy.idle / 10)):
            self._write(found.id, partial(_see_session, identity=found.id))

    def of_key(self, found: ApiKey) -> None:
        if self._is_due(found.id, found.last_used, KEYS_EVERY):
            self._write(found.id, partial(_see_key, identity=found.id))

    def _is_due(self, identity: str, stored: datetime | None, every: timedelta) -> bool:
        now = self._database.clock.now()
        known = [one for one in (stored, self._noted.get(identity)) if one is not None]
        return not known or now - max(known) >= every

    def _write(self, identity: str, work: partial[None]) -> None:
        if len(self._noted) >= _MOST:
            self._noted.clear()
        self._noted[identity] = self._database.clock.now()
        try:
            self._database.submit(work).add_done_callback(_tell)
        except Unavailable:
            log.debug("the server is stopping; a last use is not noted", what=identity)


def _see_session(session: Session, identity: str) -> None:
    found = session.find(SESSIONS, identity)
    if found is not None:
        found.last_seen = session.clock.now()
        found.expires = end_of(found, authentication_of(session))
        session.update(SESSIONS, found)


def _see_key(session: Session, identity: str) -> None:
    found = session.find(API_KEYS, identity)
    if found is not None:
        found.last_used = session.clock.now()
        session.update(API_KEYS, found)


def _tell(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.warning("a last use could not be noted", reason=str(error))
