"""Which spaces somebody sees: those in which they have any right at all, or all with the permission to see spaces."""

from __future__ import annotations

from polpo.features.spaces.resource import SPACES
from polpo.rest.authorization import Rights
from polpo.rest.collection import Where
from polpo.rest.permissions import Permission


def seen_by(rights: Rights) -> list[Where]:
    """What narrows a list of spaces; clients begin with it, so it takes no permission."""
    if rights.holds(Permission.SPACE_VIEW):
        return []
    return [SPACES.table.c.id.in_(sorted({grant.space_id for grant in rights.grants if grant.space_id}))]
