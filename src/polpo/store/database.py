"""The database: short reads on the caller's thread, all writes on one writer thread that commits in groups.

SQLite allows one writer at a time, so writers queue here, in memory, rather than in its lock. While one group is being
committed, the next gathers: many small writes share one commit, which is what makes durable steps cheap.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
import structlog

from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import Invalid, Unavailable
from polpo.kernel.secrets import Vault
from polpo.store.changes import Actor, acting
from polpo.store.memos import Memos
from polpo.store.session import Session

T = TypeVar("T")

_GROUP = 128
_BUSY_SECONDS = 15

log = structlog.get_logger("polpo.store")


@dataclass
class _Write(Generic[T]):
    work: Callable[[Session], T]
    done: Future[T]
    actor: Actor

    def run(self, connection: sa.Connection, database: Database) -> tuple[Session, T]:
        session = Session(connection, database.vault, database.clock, actor=self.actor)
        result = self.work(session)
        if database.recorder is not None:
            database.recorder(session)
        return session, result


class Database:
    """One database, opened once per process.

    `recorder`, when there is one, is called at the end of every write, inside its transaction, to keep what it changed.
    """

    def __init__(self, url: str, vault: Vault, clock: Clock | None = None) -> None:
        self.url = sa.make_url(url)
        if self.url.get_backend_name() != "sqlite":
            raise Invalid(
                f"The database address begins with '{self.url.get_backend_name()}'; this version of Polpo can keep its"
                " data in SQLite only, such as sqlite:////var/lib/polpo/polpo.db."
            )
        self.vault = vault
        self.clock = clock or SystemClock()
        self.memos = Memos()
        self.recorder: Callable[[Session], None] | None = None
        self._writer_engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE")
        self._reader_engine = _sqlite_engine(self.url, "BEGIN")
        self._local = threading.local()
        self._readers: list[sa.Connection] = []
        self._queue: queue.SimpleQueue[_Write[Any] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._write_forever, name="polpo-writer", daemon=True)
        self._thread.start()

    @property
    def engine(self) -> sa.Engine:
        """For migrations and checks; everything else goes through `read` and `write`."""
        return self._writer_engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view for a short read; writes through it fail."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._reader_engine.connect()
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.rollback()
            self._local.connection = connection
            self._readers.append(connection)
        begun = self.memos.count
        if connection.in_transaction():
            yield Session(connection, self.vault, self.clock)
            return
        with connection.begin():
            yield Session(connection, self.vault, self.clock, (self.memos, begun))

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Queues a write; the future resolves after the commit, or with the error that undid it."""
        if self._closed:
            raise Unavailable("The server is stopping and takes no more changes; try again in a moment.")
        write = _Write(work, Future(), acting.get())
        self._queue.put(write)
        return write.done

    async def write(self, work: Callable[[Session], T]) -> T:
        """Runs `work` in a transaction of its own and returns its result after the commit."""
        return await asyncio.wrap_future(self.submit(work))

    def write_now(self, work: Callable[[Session], T]) -> T:
        """The same for callers without an event loop; waits."""
        return self.submit(work).result()

    def close(self) -> None:
        """Finishes what is queued, then closes. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join(timeout=30)
        for connection in self._readers:
            connection.close()
        self._reader_engine.dispose()
        self._writer_engine.dispose()

    def _write_forever(self) -> None:
        connection = self._writer_engine.connect()
        try:
            while (first := self._queue.get()) is not None:
                group = [first, *self._gather()]
                stop = None in group
                self._commit(connection, [write for write in group if write is not None])
                if stop:
                    return
        finally:
            connection.close()

    def _gather(self) -> Iterator[_Write[Any] | None]:
        for _ in range(_GROUP):
            try:
                write = self._queue.get_nowait()
            except queue.Empty:
                return
            yield write
            if write is None:
                return

    def _commit(self, connection: sa.Connection, group: list[_Write[Any]]) -> None:
        finished: list[tuple[_Write[Any], Session, Any]] = []
        try:
            with connection.begin():
                for write in group:
                    self._run(connection, write, finished)
        except Exception as error:  # noqa: BLE001 - the commit failed: everybody in the group learns why
            for write, _, _ in finished:
                write.done.set_exception(error)
            return
        self.memos.note({kind for _, session, _ in finished for kind in session.written})
        for write, session, result in finished:
            write.done.set_result(result)
            for callback in session.committed:
                self._tell(callback)

    def _run(
        self, connection: sa.Connection, write: _Write[Any], finished: list[tuple[_Write[Any], Session, Any]]
    ) -> None:
        if not write.done.set_running_or_notify_cancel():
            return
        savepoint = connection.begin_nested()
        try:
            session, result = write.run(connection, self)
        except BaseException as error:  # noqa: BLE001 - handed to the caller, whose error it is
            savepoint.rollback()
            write.done.set_exception(error)
        else:
            savepoint.commit()
            finished.append((write, session, result))

    def _tell(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception:
            log.exception("after-commit callback failed")


def _sqlite_engine(url: sa.URL, begin: str) -> sa.Engine:
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
