"""Tag sets over HTTP."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from polpo.features.tagsets.editing import refuse_used, settle_tag_set
from polpo.features.tagsets.resource import TAG_SETS
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.ordering import place_in_order
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.lines import any_line

routes = Routes("tagsets")


def _scopes(_session: Any, scopes: list[str]) -> sa.ColumnElement[bool]:
    return any_line(TAG_SETS.table.c.scope_lines, scopes)


tag_sets = Collection(
    TAG_SETS,
    "/tagsets",
    view="signed in",
    create=Permission.TAG_SET_CREATE,
    edit=Permission.TAG_SET_EDIT,
    delete=Permission.TAG_SET_DELETE,
    prepare=settle_tag_set,
    removing=refuse_used,
    filters={"scopes": _scopes},
)


@routes.put("/tagsets/sortorder", Permission.TAG_SET_EDIT)
def sort_order(call: Call, body: list[str]) -> None:
    """Set the order of the tag sets"""
    place_in_order(call.session, TAG_SETS, call.space, body)


tag_sets.register(routes)
