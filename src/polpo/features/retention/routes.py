"""A space's default retention over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa

from polpo.features.channels.resource import CHANNELS
from polpo.features.lifecycles.routes import lifecycles
from polpo.features.projects.resource import PROJECTS
from polpo.features.projects.service import project_for
from polpo.features.retention.previewing import preview_retention
from polpo.features.retention.resource import RETENTION_POLICIES, ProjectRetention, SpaceDefaultRetentionPolicy
from polpo.features.retention.service import NAMES, default_retention, settle_retention
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
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


@routes.get("/projects/{id}/retention/preview", Permission.RELEASE_VIEW, asks_scope=True)
async def preview_project(call: Call, id: str) -> ProjectRetention:
    """Tell which releases of a project retention would delete now, and why each of the others is kept"""

    def look() -> ProjectRetention:
        with call.reading() as reading:
            return preview_retention(reading.session, project_for(reading, id))

    return await asyncio.to_thread(look)


@routes.get("/lifecycles/{id}/retention/preview", Permission.LIFECYCLE_VIEW)
async def preview_lifecycle(call: Call, id: str) -> Sequence[ProjectRetention]:
    """Tell the same of every project that follows a lifecycle"""

    def look() -> list[ProjectRetention]:
        with call.reading() as reading:
            session = reading.session
            lifecycle = lifecycles.find(reading, id)
            following = PROJECTS.table.c.lifecycle_id == lifecycle.id
            channels = sa.select(CHANNELS.table.c.project_id).where(CHANNELS.table.c.lifecycle_id == lifecycle.id)
            seen = call.narrowed(Permission.RELEASE_VIEW, protection_of(PROJECTS))
            found = session.all(PROJECTS, sa.or_(following, PROJECTS.table.c.id.in_(channels)), *seen)
            return [preview_retention(session, project) for project in found]

    return await asyncio.to_thread(look)


def _find(call: Call, identity: str) -> SpaceDefaultRetentionPolicy:
    for known in NAMES:
        policy = default_retention(call.session, call.space, known)
        if policy.id.casefold() == identity.casefold():
            return policy
    raise NotFound(f"There is no retention policy with the id '{identity}' in this space.")
