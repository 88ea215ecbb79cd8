"""Rate limiting policies over HTTP; there are three, one for each kind of caller."""

from __future__ import annotations

from typing import Literal

import msgspec

from polpo.kernel.errors import Invalid, NotBuilt, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import checked_name, stamp
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Document
from polpo.store.kinds import define
from polpo.store.session import Session

routes = Routes("ratelimits", scope="system")

_MOST = 1_000_000


class RateLimitingPolicy(Document):
    name: str = ""
    is_built_in: bool = True
    is_enabled: bool = False
    scope_type: Literal["Unauthenticated", "AuthenticatedHuman", "AuthenticatedAgent"] = "Unauthenticated"
    requests_per_minute: int = 600
    burst_limit: int = 100
    audit_mode: bool = False


RATE_LIMITING_POLICIES = define(
    "RateLimitingPolicies", RateLimitingPolicy, singular="rate limiting policy", unique=[("name_key",)]
)
register(RateLimitingPolicy, {"Self": "/api/ratelimitingpolicies/{Id}"})

_BUILT_IN = (
    RateLimitingPolicy(id="RateLimitingPolicies-1", name="Unauthenticated", scope_type="Unauthenticated"),
    RateLimitingPolicy(id="RateLimitingPolicies-2", name="People", scope_type="AuthenticatedHuman"),
    RateLimitingPolicy(id="RateLimitingPolicies-3", name="Programs", scope_type="AuthenticatedAgent"),
)


@routes.get("/ratelimitingpolicies", Permission.CONFIGURE_SERVER, response=RateLimitingPolicy, paged=True)
def list_policies(call: Call) -> Page[RateLimitingPolicy]:
    """List the rate limiting policies"""
    paging, known = call.paging, [_current(call.session, policy) for policy in _BUILT_IN]
    return Page(known[paging.skip : paging.skip + paging.take], len(known), paging, "RateLimitingPolicy")


@routes.get("/ratelimitingpolicies/{id}", Permission.CONFIGURE_SERVER)
def read_policy(call: Call, id: str) -> RateLimitingPolicy:
    """Get a rate limiting policy"""
    return _find(call, id)


@routes.put("/ratelimitingpolicies/{id}", Permission.CONFIGURE_SERVER)
def replace_policy(call: Call, id: str, body: RateLimitingPolicy) -> RateLimitingPolicy:
    """Replace a rate limiting policy, which cannot be enabled yet"""
    before = _find(call, id)
    if body.is_enabled:
        raise NotBuilt("This server does not limit requests yet, so the policy cannot be enabled.")
    faults = [
        f"{name} must be from 1 to {_MOST}; it is {number}."
        for name, number in (("RequestsPerMinute", body.requests_per_minute), ("BurstLimit", body.burst_limit))
        if not 0 < number <= _MOST
    ]
    if faults:
        raise Invalid(faults[0], faults)
    body.id, body.is_built_in, body.scope_type = before.id, True, before.scope_type
    body.name = checked_name(body.name or before.name, RATE_LIMITING_POLICIES.singular)
    stamp(call, body)
    if call.session.find(RATE_LIMITING_POLICIES, body.id) is None:
        return call.session.insert(RATE_LIMITING_POLICIES, body)
    return call.session.update(RATE_LIMITING_POLICIES, body)


def _find(call: Call, identity: str) -> RateLimitingPolicy:
    for policy in _BUILT_IN:
        if policy.id.casefold() == identity.casefold():
            return _current(call.session, policy)
    raise NotFound(f"There is no rate limiting policy with the id '{identity}'.")


def _current(session: Session, policy: RateLimitingPolicy) -> RateLimitingPolicy:
    return session.find(RATE_LIMITING_POLICIES, policy.id) or msgspec.structs.replace(policy)
