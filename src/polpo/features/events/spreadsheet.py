"""Events as comma-separated values, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from polpo.features.events.resource import Event
from polpo.kernel.clock import iso

#: Rows that one file holds at most; a longer trail is taken in parts, by `from` and `to`.
MOST = 50_000

_COLUMNS = (
    "Id", "Occurred", "Category", "Username", "UserId", "Means", "Address", "UserAgent", "Message", "Documents",
    "SpaceId",
)  # fmt: skip


def as_csv(events: Iterable[Event]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for one in events:
        writer.writerow([_harmless(cell) for cell in _cells(one)])
    return text.getvalue().encode()


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
    )


def _harmless(cell: str) -> str:
    """A cell that begins like a formula would be run by the spreadsheet that opens the file."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
