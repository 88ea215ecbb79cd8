"""SQLite: one file, one process. The writer thread excludes the others; readers see the state before its commit."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from polpo.kernel.errors import AppError, Unavailable
from polpo.store.backend import News

_BUSY_SECONDS = 15
_LAST_READS = 30


@dataclass
class _Reader:
    """The connection of one thread; the lock is held while it reads."""

    connection: sa.Connection
    lock: threading.Lock = field(default_factory=threading.Lock)


class SqliteBackend:
    is_shared = False

    def __init__(self, url: sa.URL) -> None:
        self.writer = _engine(url, "BEGIN IMMEDIATE")
        self._reader = _engine(url, "BEGIN")
        self._local = threading.local()
        self._readers: list[_Reader] = []
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Each thread keeps its connection: opening one costs more than most reads."""
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = self._opened()
        with reader.lock:
            if self._closed:
                raise Unavailable("The server is stopping and answers no more questions; try again in a moment.")
            with reader.connection.begin():
                yield reader.connection

    def _opened(self) -> _Reader:
        connection = self._reader.connect()
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.rollback()
        reader = _Reader(connection)
        self._readers.append(reader)
        return reader

    def begin(self, connection: sa.Connection) -> AbstractContextManager[object]:
        return connection.begin()

    def tell(self, connection: sa.Connection, news: News) -> None:
        """There is nobody else."""

    def listen(self, heard: Callable[[News], None], deaf: Callable[[], None]) -> None:
        """Nobody else speaks."""

    def explain(self, _error: BaseException) -> AppError | None:
        return None

    def is_refusal(self, _error: BaseException) -> bool:
        return False

    def compact(self, tables: Iterable[str]) -> None:
        """Of the whole file, and of the log beside it."""
        connection = self.writer.raw_connection()
        try:
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(statement).fetchall()
        finally:
            connection.close()

    def close(self) -> None:
        """Waits for reads that are under way in other threads: SQLite crashes when their connection goes."""
        self._closed = True
        for reader in self._readers:
            if reader.lock.acquire(timeout=_LAST_READS):
                reader.connection.close()
                reader.lock.release()
        self._reader.dispose()
        self.writer.dispose()


def _engine(url: sa.URL, begin: str) -> sa.Engine:
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)  # SQLite gives the files beside it the same rights
    engine = sa.create_engine(
        url,
        poolclass=sa.NullPool if url.database else sa.StaticPool,
        hide_parameters=True,  # errors are logged, and parameters may be secrets
        connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS, "cached_statements": 512},
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-32000",
            "mmap_size=268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
