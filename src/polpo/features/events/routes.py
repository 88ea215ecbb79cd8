"""Events over HTTP; below a space its own, without one those of all spaces and of the system."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.response import Stream

from polpo.features.events.categories import AGENTS, CATEGORIES, GROUPS
from polpo.features.events.chain import KIND, head_of
from polpo.features.events.exporting import exported_lines
from polpo.features.events.guarding import with_visible_changes
from polpo.features.events.resource import DocumentType, Event, EventAgent, EventCategory, EventGroup, TrailHead
from polpo.features.events.service import asked, counted, find_event, listed, with_changes
from polpo.features.events.spreadsheet import MOST, as_csv
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page, Reply, attachment
from polpo.rest.call import Call
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.rest.telling import EXPORTED, tell_later
from polpo.store.changes import Happening
from polpo.store.kinds import kinds

routes = Routes("events", scope="both")

register(Event, {"Self": "/api/{SpaceId}/events/{Id}"})
_decode = msgspec.json.Decoder(Event).decode

_DEPENDS = (KIND, "Projects", "Tenants", "Spaces")  # for groups of projects, for tags, and for who sees all of them
_NARROWING = (
    "ids", "regarding", "regardingAny", "user", "users", "projects", "projectGroups", "environments", "eventGroups",
    "eventCategories", "eventAgents", "tags", "tenants", "from", "to", "internal", "fromAutoId", "toAutoId",
    "documentTypes", "spaces", "includeSystem",
)  # fmt: skip
_QUERY = (*_NARROWING, "asCsv", "excludeDifference", "includeInternalEvents")


@routes.get("/events", Permission.EVENT_VIEW, query=_QUERY, response=Event, paged=True, depends=_DEPENDS)
def events(call: Call) -> Any:
    """The audit trail, newest first; `asCsv=true` gives a file of up to 50,000 events"""
    question, paging = asked(call), call.paging
    if call.flag("asCsv"):
        rows = listed(call.session, question, paging.skip, min(paging.take if call.text("take") else MOST, MOST))
        tell_later(call, EXPORTED, f"A file with {len(rows)} events", KIND)
        headers = attachment("events.csv")
        return Reply(as_csv(_decode(row.doc) for row in rows), headers=headers, media_type="text/csv")
    rows = listed(call.session, question, paging.skip, min(paging.take, MOST) + 1)
    total = max(counted(call.session, question), paging.skip + len(rows))
    rows = rows[: paging.take]
    found = [_decode(row.doc) for row in rows] if call.flag("excludeDifference") else with_changes(call, rows)
    return Page(found, total, paging, "Event")


@routes.get("/events/export", Permission.EVENT_VIEW, query=_NARROWING, asks_scope=True)
async def export(call: Call) -> Any:
    """The events that the query narrows to, the oldest first, as lines of JSON with their hashes; however many"""
    with call.reading() as within:
        question = asked(within)
        question.where.extend(with_visible_changes(within))
    told = Happening(EXPORTED, "Events were downloaded as lines of JSON", call.space_id, KIND)
    await call.database.write(lambda session: session.happened(told))
    headers = {**attachment("events.jsonl"), "Cache-Control": "no-store"}
    return Stream(exported_lines(call.database, question), media_type="application/x-ndjson", headers=headers)


@routes.get("/events/head", Permission.EVENT_VIEW, scope="system")
def head(call: Call) -> TrailHead:
    """The last event's number and hash, to be kept elsewhere and given to `polpo admin verify-audit --expect`"""
    found = head_of(call.session)
    if found is None:
        raise NotFound("There is no event yet.")
    return TrailHead(id=f"{KIND}-{found.seq}", number=found.seq, hash=found.hash.hex(), text=str(found))


@routes.get("/events/agents", Permission.EVENT_VIEW)
def agents(call: Call) -> list[EventAgent]:
    """The programs that events can come from"""
    call.settle()
    return [EventAgent(id=identity, name=name) for identity, (name, _) in AGENTS.items()]


@routes.get("/events/categories", Permission.EVENT_VIEW, query=("appliesTo",))
def categories(call: Call) -> list[EventCategory]:
    """The categories that events fall into; `appliesTo=Machine` gives those of machines"""
    call.settle()
    applies = (call.text("appliesTo") or "").casefold()
    return [EventCategory(id=one, name=name) for one, name in CATEGORIES.items() if one.casefold().startswith(applies)]


@routes.get("/events/groups", Permission.EVENT_VIEW, query=("appliesTo",))
def groups(call: Call) -> list[EventGroup]:
    """The groups of categories; `appliesTo=Machine` gives those of machines"""
    call.settle()
    applies = (call.text("appliesTo") or "").casefold()
    return [
        EventGroup(id=one, name=name, event_categories=list(members))
        for one, (name, members) in GROUPS.items()
        if one.casefold().startswith(applies)
    ]


@routes.get("/events/documenttypes", Permission.EVENT_VIEW)
def document_types(call: Call) -> list[DocumentType]:
    """The kinds of documents whose changes are told"""
    call.settle()
    audited = sorted((one for one in kinds.values() if one.audited), key=lambda one: one.singular)
    return [DocumentType(id=one.name, name=one.singular[:1].upper() + one.singular[1:]) for one in audited]


@routes.get("/events/{id}", Permission.EVENT_VIEW)
def event(call: Call, id: str) -> Event:
    """One event, with the document before the change and the differences"""
    return find_event(call, id)
