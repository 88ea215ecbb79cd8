"""A rate limiting policy: how many requests one caller of a kind may send."""

from __future__ import annotations

from typing import Literal

import msgspec

from polpo.rest.links import register
from polpo.store.documents import Document
from polpo.store.kinds import define
from polpo.store.session import Session

ScopeType = Literal["Unauthenticated", "AuthenticatedHuman", "AuthenticatedAgent"]


class RateLimitingPolicy(Document):
    """Each address, or each signed-in user, may send `burst_limit` requests at once and then so many a minute.

    In audit mode nobody is refused; the server's log tells who would have been.
    """

    name: str = ""
    is_built_in: bool = True
    is_enabled: bool = False
    scope_type: ScopeType = "Unauthenticated"
    requests_per_minute: int = 600
    burst_limit: int = 100
    audit_mode: bool = False


RATE_LIMITING_POLICIES = define(
    "RateLimitingPolicies", RateLimitingPolicy, singular="rate limiting policy", unique=[("name_key",)]
)
register(RateLimitingPolicy, {"Self": "/api/ratelimitingpolicies/{Id}"})

#: Whoever is not signed in has little to ask. Builds and deployments may ask much, so nothing stops them unless told.
BUILT_IN = (
    RateLimitingPolicy(
        id="RateLimitingPolicies-1",
        name="Unauthenticated",
        scope_type="Unauthenticated",
        is_enabled=True,
        requests_per_minute=1200,
        burst_limit=300,
    ),
    RateLimitingPolicy(id="RateLimitingPolicies-2", name="People", scope_type="AuthenticatedHuman"),
    RateLimitingPolicy(id="RateLimitingPolicies-3", name="Programs", scope_type="AuthenticatedAgent"),
)


def current(session: Session, policy: RateLimitingPolicy) -> RateLimitingPolicy:
    """A built-in policy as it is set."""
    return session.find(RATE_LIMITING_POLICIES, policy.id) or msgspec.structs.replace(policy)
