"""SQLite: one file, one process. The writer thread excludes the others; readers see the state before its commit."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa

from polpo.kernel.errors import AppError
from polpo.store.backend import News

_BUSY_SECONDS = 15


class SqliteBackend:
    is_shared = False

    def __init__(self, url: sa.URL) -> None:
        self.writer = _engine(url, "BEGIN IMMEDIATE")
        self._reader = _engine(url, "BEGIN")
        self._local = threading.local()
        self._readers: list[sa.Connection] = []

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Each thread keeps its connection: opening one costs more than most reads."""
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._reader.connect()
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.rollback()
            self._local.connection = connection
            self._readers.append(connection)
        with connection.begin():
            yield connection

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

    def close(self) -> None:
        for connection in self._readers:
            connection.close()
        self._reader.dispose()
        self.writer.dispose()


def _engine(url: sa.URL, begin: str) -> sa.Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
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
