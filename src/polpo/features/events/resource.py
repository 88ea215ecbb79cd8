"""An event of the audit trail, and the words that lists of events are narrowed by."""

from __future__ import annotations

from datetime import datetime

import msgspec

from polpo.rest.links import register
from polpo.store.documents import Document, Resource


class EventReference(Resource):
    """Which part of the message names which document; positions count characters."""

    referenced_document_id: str
    start_index: int
    length: int


class ChangeDetails(Resource):
    """`document_context` is the document before the change; `differences` lead from it to the one after (RFC 6902)."""

    document_context: dict[str, object] | None = None
    differences: list[dict[str, object]] = []


class Event(Document):
    """`credential_id` is the API key or the session by which the user was known; `on_behalf_of` is the name of the user
    who asked for what the server did by itself.
    """

    space_id: str | None = None
    category: str = ""
    message: str = ""
    message_html: str = ""
    message_references: list[EventReference] = []
    related_document_ids: list[str] = []
    occurred: datetime | None = None
    user_id: str | None = None
    username: str = ""
    is_service: bool = False
    identity_established_with: str = ""
    credential_id: str | None = None
    on_behalf_of: str | None = None
    user_agent: str = ""
    ip_address: str | None = None
    comments: str | None = None
    details: str | None = None
    change_details: ChangeDetails | None = None


class EventCategory(Resource):
    id: str
    name: str
    description: str | None = None
    links: dict[str, str] = msgspec.field(default_factory=dict)


class EventGroup(Resource):
    id: str
    name: str
    event_categories: list[str]
    links: dict[str, str] = msgspec.field(default_factory=dict)


class EventAgent(Resource):
    id: str
    name: str
    links: dict[str, str] = msgspec.field(default_factory=dict)


class DocumentType(Resource):
    id: str
    name: str
    description: str | None = None
    links: dict[str, str] = msgspec.field(default_factory=dict)


class TrailHead(Resource):
    """The last event of the trail. Kept elsewhere, as `text`, it shows later whether the end was cut off."""

    id: str
    number: int
    hash: str
    text: str


class ArchivedEventFile(Document):
    """A file of the events of one day that have left the database. Its id is its name."""

    name: str = ""
    created_date: datetime | None = None
    modified_date: datetime | None = None
    file_bytes: int = 0


register(ArchivedEventFile, {"Self": "/api/events/archives/{Id}"})
