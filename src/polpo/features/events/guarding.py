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
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.resource import VARIABLE_SETS, variable_set_id_of
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import Protection, Scoping, Where

_VIEW = Permission.EVENT_VIEW
_SET = variable_set_id_of("")
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
    return all(call.rights.reach(_VIEW, place).is_everywhere for place in (None, *_spaces(call)))


def _spaces(call: Call) -> list[str]:
    return list(call.session.connection.execute(sa.select(SPACES.table.c.id)).scalars())


def tells_changes(call: Call, found: Event) -> bool:
    """What was changed in a set of variables is for those who may see all of its variables."""
    sets = (one for one in found.related_document_ids if one.startswith(_SET))
    owners = (one.removeprefix(_SET) for one in sets)
    return all(Permitted(call, found.space_id or "", owner).sees_all() for owner in owners)


def with_visible_changes(call: Call) -> list[Where]:
    """The same for events that are told with their changes or not at all."""
    places = [call.space_id] if call.space_id else _spaces(call)
    rights = call.rights
    if all(
        rights.reach(Permission.VARIABLE_VIEW, place).is_everywhere
        and rights.holds(Permission.LIBRARY_VARIABLE_SET_VIEW, place)
        for place in places
    ):
        return []
    return [event.c.document_type != VARIABLE_SETS.name]
