"""Tag sets over HTTP."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from polpo.features.tagsets.editing import refuse_used, settle_tag_set
from polpo.features.tagsets.resource import TAG_SETS, TagSet
from polpo.kernel.errors import Forbidden
from polpo.rest.call import Call
from polpo.rest.collection import Collection, Where
from polpo.rest.ordering import place_in_order
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.lines import any_line

routes = Routes("tagsets")


def _scopes(_session: Any, scopes: list[str]) -> sa.ColumnElement[bool]:
    return any_line(TAG_SETS.table.c.scope_lines, scopes)


class _TagSets(Collection[TagSet]):
    """No permission is needed to look at tag sets but any at all in their space."""

    def where(self, call: Call) -> list[Where]:
        _require_presence(call)
        return super().where(call)

    def find(self, call: Call, identity: str) -> TagSet:
        _require_presence(call)
        return super().find(call, identity)


def _require_presence(call: Call) -> None:
    rights = call.rights
    if not rights.is_everything and all(grant.space_id != call.space_id for grant in rights.grants):
        sentence = "You are in no team that has a role in this space."
        raise Forbidden(sentence, [sentence], help_text="Ask an administrator to add you to a team of the space.")


tag_sets = _TagSets(
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
