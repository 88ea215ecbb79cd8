"""Spaces over HTTP."""

from __future__ import annotations

from polpo.features.logos.routes import logo_routes
from polpo.features.spaces.resource import SPACES, Space
from polpo.features.spaces.service import SpaceEquipment, find_space, keep_one_default, refuse_default
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("spaces", scope="system")


class _Spaces(Collection[Space]):
    def insert(self, call: Call, document: Space) -> Space:
        space = super().insert(call, document)
        call.parts.get(SpaceEquipment).give(call.session, space.id)
        return space


spaces = _Spaces(
    SPACES,
    "/spaces",
    view=Permission.SPACE_VIEW,
    create=Permission.SPACE_CREATE,
    edit=Permission.SPACE_EDIT,
    delete=Permission.SPACE_DELETE,
    prepare=keep_one_default,
    removing=refuse_default,
    scope="system",
)
spaces.register(routes)
logo_routes(routes, "/spaces", find_space, view=Permission.SPACE_VIEW, edit=Permission.SPACE_EDIT, scope="system")
