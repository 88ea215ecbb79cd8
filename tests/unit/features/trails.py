"""An audit trail in a database of its own, for tests: some of it in the archive, some not."""

from __future__ import annotations

import asyncio
import gzip
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from polpo.features.auditstream.tables import audit_stream
from polpo.features.configuration.resource import SECTIONS
from polpo.features.events.archiving import archive_events
from polpo.features.events.chain import Chain, Link, head_of
from polpo.features.events.tables import event, event_about, event_chain, event_count, event_detail
from polpo.features.events.trail import Recorder
from polpo.features.events.verifying import Verdict, verify
from polpo.features.projectgroups.resource import PROJECT_GROUPS, ProjectGroup
from polpo.kernel.secrets import Vault
from polpo.store.blobs import BlobStore
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.kinds import id_sequence, metadata, reference
from polpo.store.session import Session

TABLES = [event, event_about, event_detail, event_count, event_chain, id_sequence, reference, PROJECT_GROUPS.table]
FIRST = datetime(2026, 1, 1, 9, tzinfo=UTC)
CHAIN = Chain(b"k" * 32)
OLD = "events-2026-01-01.jsonl.gz"
NEXT = "events-2026-01-02.jsonl.gz"


class SetClock:
    def __init__(self, moment: datetime = FIRST) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Trail:
    """`folder` is that of the archive and other blobs."""

    database: Database
    blobs: BlobStore
    folder: Path
    clock: SetClock
    before: int = 0  # the number of the last event before there was a chain

    def tell(self, *names: str) -> None:
        for name in names:
            self.database.write_now(lambda session, name=name: add(session, name))  # type: ignore[misc]

    def archive(self) -> None:
        asyncio.run(self.archive_meanwhile())

    async def archive_meanwhile(self) -> None:
        async for _ in archive_events(self.database, self.blobs, CHAIN):
            pass

    def change(self, work: Callable[[sa.Connection], Any]) -> None:
        """As somebody does who has the database."""
        with self.database.engine.connect() as connection, self.database.backend.begin(connection):
            work(connection)

    def lines(self, name: str) -> list[bytes]:
        return gzip.decompress((self.folder / "events" / name).read_bytes()).splitlines()

    def rewrite(self, name: str, lines: list[bytes]) -> None:
        (self.folder / "events" / name).write_bytes(gzip.compress(b"\n".join(lines) + b"\n"))

    def verify(self, expected: Link | None = None) -> Verdict:
        return verify(self.database, self.blobs, CHAIN, self.before, expected)

    @property
    def head(self) -> Link:
        with self.database.read() as session:
            found = head_of(session)
        assert found is not None
        return found


def add(session: Session, name: str) -> None:
    """Two events, one with details."""
    session.insert(PROJECT_GROUPS, ProjectGroup(name=name, slug=name, space_id="Spaces-1"))
    session.happened(Happening("LoginSucceeded", f"{name} signed in", None, "Users", ("Users-1",)))


def tell_first(folder: Path) -> None:
    """Makes the data of a trail; `copied` gives each test its own."""
    made = _opened(folder, SetClock())
    metadata.create_all(made.database.engine, tables=[*TABLES, SECTIONS.table, audit_stream])
    made.tell("a", "b")  # 1 to 4
    made.clock.moment += timedelta(days=1)
    made.tell("c")  # 5 and 6
    made.clock.moment += timedelta(days=100)
    made.archive()  # tells 7 and 8
    made.tell("d", "e", "f")  # 9 to 14
    made.database.close()


def copied(told: Path, folder: Path) -> Trail:
    shutil.copytree(told, folder, dirs_exist_ok=True)
    return _opened(folder, SetClock(FIRST + timedelta(days=101)))


def _opened(folder: Path, clock: SetClock) -> Trail:
    database = Database(f"sqlite:///{folder / 'trail.db'}", Vault(b"v" * 32), clock)
    database.recorder = Recorder(CHAIN)
    return Trail(database, BlobStore.open(folder / "blobs"), folder / "blobs", clock)
