"""The database: short reads on the caller's thread, all writes on one writer thread that commits in groups.

One transaction writes at a time, on SQLite by its nature, on PostgreSQL by a lock that all nodes share. So writers
queue here, in memory, rather than in the database. While one group is being committed, the next gathers: many small
writes share one commit, which is what makes durable steps cheap.
"""

from __future__ import annotations

import asyncio
import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
import structlog

from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import Invalid, Unavailable
from polpo.kernel.secrets import Vault
from polpo.store.backend import Backend, News
from polpo.store.changes import Actor, acting
from polpo.store.memos import Memos
from polpo.store.session import Session

T = TypeVar("T")

_GROUP = 128

log = structlog.get_logger("polpo.store")


@dataclass
class _Write(Generic[T]):
    work: Callable[[Session], T]
    done: Future[T]
    actor: Actor

    def run(self, connection: sa.Connection, database: Database) -> tuple[Session, T]:
        # other nodes may have written what is not heard of yet
        earlier = None if database.is_shared else database.memos
        session = Session(connection, database.vault, database.clock, actor=self.actor, earlier=earlier)
        result = self.work(session)
        if database.recorder is not None:
            database.recorder(session)
        return session, result


_Finished = list[tuple[_Write[Any], Session, Any]]


class Database:
    """One database, opened once per process. `identity` is the name of this opening, never used before.

    `recorder`, when there is one, is called at the end of every write, inside its transaction, to keep what it changed.
    """

    def __init__(self, url: str, vault: Vault, clock: Clock | None = None, name: str = "polpo") -> None:
        self.vault = vault
        self.clock = clock or SystemClock()
        self.identity = f"{name}@{secrets.token_hex(6)}"
        self.memos = Memos()
        self.recorder: Callable[[Session], None] | None = None
        self.backend = _backend(url, self.identity)
        self._local = threading.local()
        self._subscribers: dict[str, list[Callable[[str | None], None]]] = {}
        self._queue: queue.SimpleQueue[_Write[Any] | None] = queue.SimpleQueue()
        self._closed = False
        if self.is_shared:
            self.memos.suspend()  # until the others are heard
        self.backend.listen(self._heard, self.memos.suspend)
        self._thread = threading.Thread(target=self._write_forever, name="polpo-writer", daemon=True)
        self._thread.start()

    @property
    def is_shared(self) -> bool:
        """Whether other processes write to this database, too."""
        return self.backend.is_shared

    @property
    def engine(self) -> sa.Engine:
        """For migrations and checks; everything else goes through `read` and `write`."""
        return self.backend.writer

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view for a short read; writes through it fail. A read inside a read shares its view."""
        outer: sa.Connection | None = getattr(self._local, "connection", None)
        if outer is not None:
            yield Session(outer, self.vault, self.clock)
            return
        begun = self.memos.count
        try:
            with self.backend.reading() as connection:
                self._local.connection = connection
                try:
                    yield Session(connection, self.vault, self.clock, (self.memos, begun))
                finally:
                    self._local.connection = None
        except sa.exc.SQLAlchemyError as error:
            told = self.backend.explain(error)
            if told is None:
                raise
            raise told from error

    def submit(self, work: Callable[[Session], T], actor: Actor | None = None) -> Future[T]:
        """Queues a write; the future resolves after the commit, or with the error that undid it.

        It is done on behalf of `actor`, else of whoever the running code acts for.
        """
        if self._closed:
            raise Unavailable("The server is stopping and takes no more changes; try again in a moment.")
        write = _Write(work, Future(), actor or acting.get())
        self._queue.put(write)
        return write.done

    async def write(self, work: Callable[[Session], T]) -> T:
        """Runs `work` in a transaction of its own and returns its result after the commit."""
        return await asyncio.wrap_future(self.submit(work))

    def write_now(self, work: Callable[[Session], T]) -> T:
        """The same for callers without an event loop; waits."""
        return self.submit(work).result()

    def subscribe(self, topic: str, heard: Callable[[str | None], None]) -> None:
        """Calls `heard` with each item that is announced under the topic (`Session.announce`), here or on another node.

        With None when what was announced is not known. Called on threads of the store, after the commit; must be short.
        """
        self._subscribers.setdefault(topic, []).append(heard)

    def close(self) -> None:
        """Finishes what is queued, then closes. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join(timeout=30)
        self.backend.close()

    # -- the writer's thread

    def _write_forever(self) -> None:
        connection: sa.Connection | None = None
        while (first := self._queue.get()) is not None:
            group = [first, *self._gather()]
            stop = None in group
            connection = self._commit(connection, [write for write in group if write is not None])
            if stop:
                break
        if connection is not None:
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

    def _commit(self, connection: sa.Connection | None, group: list[_Write[Any]]) -> sa.Connection | None:
        """The connection for the next group: the same, or none when this one is of no more use."""
        finished: _Finished = []
        try:
            connection = connection or self.backend.writer.connect()
            news = self._run_group(connection, group, finished)
        except Exception as error:  # noqa: BLE001 - everybody in the group learns why nothing of it is kept
            self._refuse(group, self.backend.explain(error) or error)
            return self._kept(connection)
        self.memos.note(news.kinds)
        for write, session, result in finished:
            write.done.set_result(result)
            for callback in session.committed:
                self._tell(callback)
        self._publish(news.topics)
        return connection

    def _run_group(self, connection: sa.Connection, group: list[_Write[Any]], finished: _Finished) -> News:
        news = News()
        with self.backend.begin(connection):
            for write in group:
                self._run(connection, write, finished)
            for _, session, _ in finished:
                news.add(session.written, session.announced)
            self.backend.tell(connection, news)
        return news

    def _run(self, connection: sa.Connection, write: _Write[Any], finished: _Finished) -> None:
        if not write.done.set_running_or_notify_cancel():
            return
        savepoint = connection.begin_nested()
        try:
            session, result = write.run(connection, self)
        except BaseException as error:
            if connection.invalidated:
                raise
            savepoint.rollback()
            write.done.set_exception(self.backend.explain(error) or error)
        else:
            savepoint.commit()
            finished.append((write, session, result))

    def _refuse(self, group: list[_Write[Any]], error: BaseException) -> None:
        for write in group:
            if not write.done.done() and (write.done.running() or write.done.set_running_or_notify_cancel()):
                write.done.set_exception(error)

    def _kept(self, connection: sa.Connection | None) -> sa.Connection | None:
        if connection is None or not (connection.invalidated or self.is_shared):
            return connection
        self._tell(connection.close)
        return None

    # -- telling

    def _heard(self, news: News) -> None:
        """Another node wrote."""
        if news.everything:
            self.memos.note_everything()
            self._publish({topic: [None] for topic in self._subscribers})
            return
        self.memos.note(news.kinds)
        self._publish(news.topics)

    def _publish(self, topics: dict[str, Any]) -> None:
        for topic, items in topics.items():
            for heard in self._subscribers.get(topic, ()):
                for item in items:
                    self._tell(lambda heard=heard, item=item: heard(item))  # type: ignore[misc]

    def _tell(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception:
            log.exception("after-commit callback failed")


def _backend(url: str, identity: str) -> Backend:
    """Each product's own module is imported only where it is used: the driver costs a start some time."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise Invalid("The database address is none, such as postgresql://polpo@db.example/polpo.") from error
    if parsed.drivername == "sqlite":
        from polpo.store.sqlite import SqliteBackend

        return SqliteBackend(parsed)
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        from polpo.store.postgres import PostgresBackend

        return PostgresBackend(parsed, identity)
    raise Invalid(
        f"The database address begins with '{parsed.drivername}'; Polpo keeps its data in SQLite, such as"
        " sqlite:////var/lib/polpo/polpo.db, or in PostgreSQL, such as postgresql://polpo@db.example/polpo."
    )
