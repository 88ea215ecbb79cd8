"""Rate limiting policies over HTTP; there are three, one for each kind of caller."""

from __future__ import annotations

from polpo.features.ratelimits.resource import BUILT_IN, RATE_LIMITING_POLICIES, RateLimitingPolicy, current
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import checked_name, stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("ratelimits", scope="system")

_MOST = 1_000_000


@routes.get("/ratelimitingpolicies", Permission.CONFIGURE_SERVER, response=RateLimitingPolicy, paged=True)
def list_policies(call: Call) -> Page[RateLimitingPolicy]:
    """List the rate limiting policies"""
    paging, known = call.paging, [current(call.session, policy) for policy in BUILT_IN]
    return Page(known[paging.skip : paging.skip + paging.take], len(known), paging, "RateLimitingPolicy")


@routes.get("/ratelimitingpolicies/{id}", Permission.CONFIGURE_SERVER)
def read_policy(call: Call, id: str) -> RateLimitingPolicy:
    """Get a rate limiting policy"""
    return _find(call, id)


@routes.put("/ratelimitingpolicies/{id}", Permission.CONFIGURE_SERVER)
def replace_policy(call: Call, id: str, body: RateLimitingPolicy) -> RateLimitingPolicy:
    """Replace a rate limiting policy; it counts from the next request on"""
    before = _find(call, id)
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
    for policy in BUILT_IN:
        if policy.id.casefold() == identity.casefold():
            return current(call.session, policy)
    raise NotFound(f"There is no rate limiting policy with the id '{identity}'.")
