"""Events as lines of JSON: any number of them, of which few are in memory at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from polpo.features.events.chain import head_of
from polpo.features.events.lines import COLUMNS, lines_of
from polpo.features.events.service import Question, next_events
from polpo.store.database import Database

_AT_ONCE = 500


async def exported_lines(database: Database, question: Question) -> AsyncIterator[bytes]:
    """The oldest first, up to the last one that there was at the beginning."""
    last, end = 0, await asyncio.to_thread(_end, database)
    while True:
        lines, last = await asyncio.to_thread(_part, database, question, last, end)
        if not lines:
            return
        yield lines


def _end(database: Database) -> int:
    with database.read() as session:
        head = head_of(session)
    return head.seq if head else 0


def _part(database: Database, question: Question, last: int, end: int) -> tuple[bytes, int]:
    with database.read() as session:
        rows = next_events(session, question, COLUMNS, after=last, up_to=end, take=_AT_ONCE)
        return b"".join(lines_of(session, rows)), rows[-1].seq if rows else last
