"""Events as comma-separated values."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.events.resource import Event
from polpo.kernel.clock import iso
from polpo.rest.spreadsheet import csv_of

#: Rows that one file holds at most; a longer trail is taken in parts, by `from` and `to`, or as lines of JSON.
MOST = 50_000

_COLUMNS = (
    "Id", "Occurred", "Category", "Username", "UserId", "Means", "Address", "UserAgent", "Message", "Documents",
    "SpaceId", "CredentialId", "OnBehalfOf",
)  # fmt: skip


def as_csv(events: Iterable[Event]) -> bytes:
    return csv_of(_COLUMNS, (_cells(one) for one in events))


def _cells(one: Event) -> tuple[str, ...]:
    return (
        one.id,
        iso(one.occurred) if one.occurred else "",
        one.category,
        one.username,
        one.user_id or "",
        one.identity_established_with,
        one.ip_address or "",
        one.user_agent,
        one.message,
        " ".join(one.related_document_ids),
        one.space_id or "",
        one.credential_id or "",
        one.on_behalf_of or "",
    )
