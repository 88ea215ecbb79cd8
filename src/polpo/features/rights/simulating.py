"""Looking at the server as another user does: for administrators, and only to look.

A request with the header `X-Polpo-Act-As: Users-7` is answered as that user would be answered. What it leaves in the
audit trail is the administrator's, and the trail tells that they looked: once for each user and way of signing in, and
again after a while.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from litestar import Request

from polpo.features.rights.authority import rights_of
from polpo.features.users.resource import USERS, User
from polpo.kernel.errors import Invalid, NotFound, Unavailable
from polpo.rest.authorization import Refused, Subject
from polpo.rest.call import Caller, actor_behind
from polpo.rest.permissions import Permission
from polpo.store.changes import Happening, acting
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.rights")

HEADER = "X-Polpo-Act-As"
_TOLD_EVERY = timedelta(minutes=10)
_MOST = 10_000


class Simulations:
    """One a node. What is told is not waited for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: dict[tuple[str, str, str], datetime] = {}

    def stand_in(self, session: Session, caller: Caller, request: Request[Any, Any, Any]) -> Caller:
        """The user whom the request names, instead of the administrator; else the caller as they are."""
        if not (named := request.headers.get(HEADER, "").strip()):
            return caller
        try:
            caller.rights.require(Permission.ADMINISTER_SYSTEM, Subject())
        except Refused as refused:
            refused.actor = actor_behind(caller, request)  # else the trail would tell of nobody
            raise
        if request.method not in {"GET", "HEAD"}:
            sentence = f"Acting as another user is for looking only; leave out the header {HEADER} to change something."
            raise Invalid(sentence, [sentence])
        user = session.find(USERS, named)
        if user is None:
            raise NotFound(f"{HEADER} names the user '{named}', who does not exist.")
        self._tell(caller, user, request)
        return replace(
            caller,
            user_id=user.id,
            username=user.username,
            display_name=user.display_name or user.username,
            is_service=user.is_service,
            rights=rights_of(session, user.id),
            behind=caller,
        )

    def _tell(self, administrator: Caller, user: User, request: Request[Any, Any, Any]) -> None:
        key, now = (administrator.user_id, administrator.credential, user.id), self._database.clock.now()
        told = self._told.get(key)
        if told is not None and now - told < _TOLD_EVERY:
            return
        if len(self._told) >= _MOST:
            self._told.clear()
        self._told[key] = now
        message = f"{administrator.username} looked at the server as {user.username}."
        happening = Happening("SimulationStarted", message, None, USERS.name, (user.id, administrator.user_id))
        before = acting.set(actor_behind(administrator, request))
        try:
            noted = self._database.submit(lambda session: session.happened(happening))
            noted.add_done_callback(lambda done: self._settle(key, done))
        except Unavailable:
            del self._told[key]
            log.debug("the server is stopping; a simulation is not noted", user=user.id)
        finally:
            acting.reset(before)

    def _settle(self, key: tuple[str, str, str], done: Future[None]) -> None:
        """What could not be told is told with the next request."""
        if done.cancelled() or (error := done.exception()) is None:
            return
        self._told.pop(key, None)
        log.warning("a simulation could not be noted", reason=str(error))
