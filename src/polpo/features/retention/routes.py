"""A space's default retention over HTTP."""

from __future__ import annotations

from polpo.features.retention.resource import RETENTION_POLICIES, SpaceDefaultRetentionPolicy
from polpo.features.retention.service import NAMES, default_retention, settle_retention
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("retention")


@routes.get("/retentionpolicies", Permission.LIFECYCLE_VIEW, query=("RetentionType",))
def read_by_type(call: Call) -> SpaceDefaultRetentionPolicy:
    """Get the space's default retention of a type"""
    wanted = (call.text("RetentionType") or "LifecycleRelease").casefold()
    for known in NAMES:
        if known.casefold() == wanted:
            return default_retention(call.session, call.space, known)
    sentence = f"The query parameter 'RetentionType' must be one of {', '.join(NAMES)}."
    raise Invalid(sentence, [sentence])


@routes.get("/retentionpolicies/{id}", Permission.LIFECYCLE_VIEW)
def read_policy(call: Call, id: str) -> SpaceDefaultRetentionPolicy:
    """Get the space's default retention by its id"""
    return _find(call, id)


@routes.put("/retentionpolicies/{id}", Permission.RETENTION_ADMINISTER)
def replace_policy(call: Call, id: str, body: SpaceDefaultRetentionPolicy) -> SpaceDefaultRetentionPolicy:
    """Set how much the space keeps by default"""
    settle_retention(body, _find(call, id))
    stamp(call, body)
    if call.session.find(RETENTION_POLICIES, body.id) is None:
        return call.session.insert(RETENTION_POLICIES, body)
    return call.session.update(RETENTION_POLICIES, body)


def _find(call: Call, identity: str) -> SpaceDefaultRetentionPolicy:
    for known in NAMES:
        policy = default_retention(call.session, call.space, known)
        if policy.id.casefold() == identity.casefold():
            return policy
    raise NotFound(f"There is no retention policy with the id '{identity}' in this space.")
