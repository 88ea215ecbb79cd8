"""Rate limits: each caller has a bucket of requests, which fills again with time.

A caller is a user where the credentials of a request were proven before, else the address that it comes from (of IPv6
the network of a household). So credentials that are made up are counted by their address, however many there are.
A server on its own machine is not limited for those who have not signed in: behind a proxy that is not trusted,
everybody would seem to be that machine.
"""

from __future__ import annotations

import ipaddress
import threading
from dataclasses import dataclass
from typing import Any, NamedTuple

from litestar import Request

from polpo.features.ratelimits.resource import RateLimitingPolicy, ScopeType
from polpo.kernel.clock import Clock
from polpo.kernel.errors import AppError
from polpo.rest.call import Authenticator, Caller
from polpo.server.edge.heads import Told, address
from polpo.store.session import Session

_MOST_CALLERS = 20_000
_CREDENTIALS = (b"x-octopus-apikey", b"x-nuget-apikey", b"authorization", b"cookie")
_MARK = "polpo.credential"


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told: float = -1e9


class Principal(NamedTuple):
    """Who is counted together, under which policy."""

    scope_type: ScopeType
    name: str


class Rates:
    """Whom this server knows, and how much each has left. Bounded: who was away longest is forgotten first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[Principal, _Bucket] = {}
        self._proven: dict[int, Principal] = {}
        self._lock = threading.Lock()  # requests are proven on the writer's thread, too

    def principal(self, scope: dict[str, Any], told: Told) -> Principal | None:
        """Who sends the request; None for who is not counted."""
        credential = _credential(told)
        scope[_MARK] = credential
        if credential is not None and (known := self._proven.get(credential)) is not None:
            return known
        where = address(scope["client"][0]) if scope.get("client") else None
        if where is None or where.is_loopback:
            return None
        if isinstance(where, ipaddress.IPv6Address):
            where = ipaddress.IPv6Address(int(where) >> 64 << 64)
        return Principal("Unauthenticated", str(where))

    def take(self, principal: Principal, policy: RateLimitingPolicy) -> float:
        """Takes one request from the bucket: 0, or after how many seconds there is one again."""
        now, speed = self._clock.monotonic(), policy.requests_per_minute / 60
        bucket = self._buckets.pop(principal, None) or _Bucket(policy.burst_limit, now)
        bucket.left = min(bucket.left + (now - bucket.at) * speed, policy.burst_limit)
        bucket.at = now
        if len(self._buckets) >= _MOST_CALLERS:
            del self._buckets[next(iter(self._buckets))]
        self._buckets[principal] = bucket
        if bucket.left < 1:
            return (1 - bucket.left) / speed
        bucket.left -= 1
        return 0

    def is_news(self, principal: Principal) -> bool:
        """Whether the log has not told of this caller for a minute."""
        bucket = self._buckets[principal]
        is_news = bucket.at - bucket.told > 60
        if is_news:
            bucket.told = bucket.at
        return is_news

    def prove(self, credential: int, caller: Caller) -> None:
        """An administrator who looks as somebody else uses up their own requests, not those of the other."""
        kind: ScopeType = "AuthenticatedHuman" if caller.means == "session" else "AuthenticatedAgent"
        who = caller.behind or caller
        with self._lock:
            if len(self._proven) >= _MOST_CALLERS:
                del self._proven[next(iter(self._proven))]
            self._proven[credential] = Principal(kind, who.user_id)

    def disprove(self, credential: int) -> None:
        with self._lock:
            self._proven.pop(credential, None)


@dataclass(frozen=True)
class Proving:
    """An authenticator around another one, which tells the rates whom it has found."""

    authenticate: Authenticator
    rates: Rates

    def __call__(self, session: Session, request: Request[Any, Any, Any]) -> Caller | None:
        credential: int | None = request.scope.get(_MARK)  # type: ignore[assignment] # the edge's own entry
        try:
            caller = self.authenticate(session, request)
        except AppError:
            caller = None
            raise
        finally:
            if credential is not None and caller is None:
                self.rates.disprove(credential)
        if credential is not None and caller is not None:
            self.rates.prove(credential, caller)
        return caller


def _credential(told: Told) -> int | None:
    """What the request proves itself by, as a number that tells nobody what it is."""
    for name in _CREDENTIALS:
        if (value := told.get(name)) is not None:
            return hash((name, value))
    return None
