"""Who sees which events: by the projects, environments and tenants that they are about.

A grant that is narrowed shows events about what it names, and no others: what happens to users or settings is about
nothing that could be named. Events that belong to no space take the right at the level of the server.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from polpo.features.events.resource import Event
from polpo.features.events.tables import event, event_about
from polpo.features.spaces.resource import SPACES
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import Protection, Scoping, Where

_VIEW = Permission.EVENT_VIEW
#: How ids of what grants are narrowed by begin.
_BEGINNINGS = {
    "Projects": ("Projects-",),
    "Environments": ("Environments-", "ParentEnvironments-"),
    "Tenants": ("Tenants-",),
}


def _about(kind: str) -> Scoping:
    seq, identity = event_about.c.seq, event_about.c.document_id

    def among(ids: Collection[str]) -> Where:
        return event.c.seq.in_(sa.select(seq).where(identity.in_(ids)))

    def none() -> Where:
        named = sa.or_(*(identity.startswith(beginning, autoescape=True) for beginning in _BEGINNINGS[kind]))
        return event.c.seq.not_in(sa.select(seq).where(named))

    return Scoping(among, none)


EVENT_PROTECTION: Protection[Event] = Protection(
    of=lambda one: {
        kind: [identity for identity in one.related_document_ids if identity.startswith(beginnings)]
        for kind, beginnings in _BEGINNINGS.items()
    },
    scopings={kind: _about(kind) for kind in _BEGINNINGS},
    space=event.c.space_id,
)


def visible_events(call: Call) -> list[Where]:
    """What narrows a list to the events that the caller may see: nothing for who sees those of all spaces."""
    if call.space_id is None and _sees_all(call):
        call.settle()
        return []
    return call.narrowed(_VIEW, EVENT_PROTECTION)


def _sees_all(call: Call) -> bool:
    """Then the whole trail is read by its numbers, as if there were no spaces."""
    spaces = call.session.connection.execute(sa.select(SPACES.table.c.id)).scalars()
    return all(call.rights.reach(_VIEW, place).is_everywhere for place in (None, *spaces))
