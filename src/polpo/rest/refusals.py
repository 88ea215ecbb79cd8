"""Telling the audit trail who was refused for lack of a right: somebody who tries doors, or who needs another role.

The same refusal is told once in ten minutes, with how often it came since it was told before, so that a program that
asks every second fills nothing.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from polpo.rest.authorization import Refused
from polpo.store.changes import Actor, Happening
from polpo.store.database import Database

DENIED = "AccessDenied"

_QUIET = timedelta(minutes=10)
_MOST = 10_000


@dataclass
class _Seen:
    told: datetime
    since: int = 0


@dataclass
class Refusals:
    """One on each node, which counts by itself."""

    database: Database
    _seen: dict[Hashable, _Seen] = field(default_factory=dict)

    def note(self, actor: Actor, route: str, space_id: str | None, refused: Refused) -> None:
        """`route` is its method and path. The telling is queued: nobody waits for it."""
        now, permission = self.database.clock.now(), refused.decision.permission
        key = (actor.user_id, route, permission)
        seen = self._seen.get(key)
        if seen is not None and now - seen.told < _QUIET:
            seen.since += 1
            return
        more = f", and {seen.since} times more before" if seen is not None and seen.since else ""
        self._seen.pop(key, None)  # those that were told last stand at the end
        self._seen[key] = _Seen(now)
        if len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]
        message = f"{actor.username} was refused {route}, which needs {permission}{more}"
        happening = Happening(DENIED, message, space_id, "Users", (actor.user_id,) if actor.user_id else ())
        self.database.submit(lambda session: session.happened(happening), actor)
