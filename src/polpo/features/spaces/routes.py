"""Spaces over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polpo.engine.stopping import set_queue_stopped
from polpo.features.logos.routes import logo_routes
from polpo.features.spaces.managers import set_managers, take_managers, with_managers
from polpo.features.spaces.removing import remove_space
from polpo.features.spaces.resource import SPACES, Space
from polpo.features.spaces.service import SpaceEquipment, find_space, settle_space
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.blobs import BlobStore

routes = Routes("spaces", scope="system")


class _Spaces(Collection[Space]):
    """Every answer names the managers, who are kept in teams. Members see their spaces without a permission."""

    def where(self, call: Call) -> list[Any]:
        is_all = call.rights.holds(Permission.SPACE_VIEW)
        return [*super().where(call), *([] if is_all else [SPACES.table.c.id.in_(call.rights.spaces)])]

    def guard(self, call: Call, document: Space) -> None:
        if call.permission is None:
            call.rights.require_space(document.id)

    def page(self, call: Call, *where: Any, order: Sequence[Any] = ()) -> Page[Space]:
        paging = call.paging
        conditions = [*self.where(call), *where]
        found = call.session.all(SPACES, *conditions, order=order, skip=paging.skip, take=paging.take)
        total = call.session.count(SPACES, *conditions)
        return Page(with_managers(call.session, found), total, paging, Space.__name__)

    def every(self, call: Call) -> Sequence[Any]:
        return with_managers(call.session, call.session.all(SPACES, *self.where(call)))

    def find(self, call: Call, identity: str) -> Space:
        return with_managers(call.session, [super().find(call, identity)])[0]

    def insert(self, call: Call, document: Space) -> Space:
        """Without managers, who makes the space manages it."""
        users, teams = take_managers(document)
        space = super().insert(call, document)
        call.parts.get(SpaceEquipment).give(call.session, space.id)
        set_queue_stopped(call.session, space.id, space.task_queue_stopped)
        set_managers(call.session, space.id, users if users or teams else [call.caller.user_id], teams)
        return with_managers(call.session, [space])[0]

    def replace(self, call: Call, identity: str, document: Space) -> Space:
        users, teams = take_managers(document)
        space = super().replace(call, identity, document)
        set_queue_stopped(call.session, space.id, space.task_queue_stopped)
        set_managers(call.session, space.id, users, teams)
        return with_managers(call.session, [space])[0]


spaces = _Spaces(
    SPACES,
    "/spaces",
    view="signed in",
    create=Permission.SPACE_CREATE,
    edit=Permission.SPACE_EDIT,
    prepare=settle_space,
    scope="system",
)
spaces.register(routes)
logo_routes(
    routes,
    "/spaces",
    SPACES,
    find_space,
    view="signed in",
    edit=Permission.SPACE_EDIT,
    scope="system",
    guard=spaces.guard,
)


@routes.delete("/spaces/{id}", Permission.SPACE_DELETE)
async def delete_space(call: Call, id: str) -> None:
    """Delete a space, whose task queue is stopped, with everything in it"""
    await remove_space(call.database, call.parts.get(BlobStore), id)
