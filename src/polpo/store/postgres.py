"""PostgreSQL: one database, several nodes.

Writes exclude each other by one lock of the database, so a transaction is what it is on SQLite: what it checked stays
true until it commits. The lock ends with the transaction, and the database ends a transaction whose node says nothing
for some seconds: a node that freezes in the middle of one holds the others up for that long, not for ever.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.types.string import StrDumper
from sqlalchemy.ext.compiler import compiles

from polpo.kernel.errors import AppError, Invalid, StoreUnavailable, Unavailable
from polpo.store.backend import News
from polpo.store.listening import CHANNEL, Listener, encode_news

#: What all nodes of an installation agree on: whoever holds this lock writes.
_WRITING = 0x706F6C706F  # "polpo"

_CONNECT_SECONDS = 5
_LOST_SECONDS = 10  # until a peer that answers nothing counts as gone
_SILENT_SECONDS = 5  # how long a writing transaction may stand still
_READING_SECONDS = 60  # the same for a reading one, which holds nobody up
_TURN_SECONDS = 15  # how long a writer waits for its turn
_STATEMENT_SECONDS = 60
_POOLED, _MORE = 5, 15
_LAST_READS = 30  # how long the end waits for reads that are under way

#: What a server says that will soon let us in.
_PASSING = ("starting up", "shutting down", "recovery", "not yet accepting", "too many")

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_WRITE = f"BEGIN; SELECT pg_advisory_xact_lock({_WRITING})"


class PostgresBackend:
    """`name` is what the database calls every session of this process (at most 63 characters)."""

    is_shared = True

    def __init__(self, url: sa.URL, name: str) -> None:
        self.name = name
        #: Called with each new connection before it is used; raises when this process must not use it.
        self.vet: Callable[[psycopg.Connection[Any]], None] | None = None
        self._url = url.set(drivername="postgresql+psycopg")
        self.writer = self._engine(_WRITE, _SILENT_SECONDS, poolclass=sa.NullPool)
        self._reader = self._engine(_READ, _READING_SECONDS, pool_size=_POOLED, max_overflow=_MORE, pool_timeout=15)
        self._listener: Listener | None = None
        self._reads = _Reads()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self._reads.one(), self._reader.connect() as connection:
            _begun(connection)
            yield connection

    def begin(self, connection: sa.Connection) -> AbstractContextManager[object]:
        return _begun(connection)

    def tell(self, connection: sa.Connection, news: News) -> None:
        if news:
            told = {"channel": CHANNEL, "payload": encode_news(self.name, news)}
            connection.execute(_NOTIFY, told)

    def listen(self, heard: Callable[[News], None], deaf: Callable[[], None]) -> None:
        self._listener = Listener(self.connect, self.name, heard, deaf)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection beside the pools, each statement its own transaction."""
        arguments, keywords = self.writer.dialect.create_connect_args(self._url)
        connection = psycopg.connect(*arguments, **{**keywords, **self._connecting()})
        try:
            self._prepare(connection, _SILENT_SECONDS)
        except BaseException:
            connection.close()
            raise
        return connection

    def explain(self, error: BaseException) -> AppError | None:
        if isinstance(error, sa.exc.TimeoutError):
            return StoreUnavailable("Too many requests read from the database at one time; try again in a moment.")
        original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        if isinstance(original, psycopg.DataError):
            return Invalid(f"The database refuses a value: {_reason(original)}.")
        if isinstance(original, psycopg.errors.LockNotAvailable):
            return StoreUnavailable("Another server node has been writing for a long time; try again in a moment.")
        if isinstance(original, psycopg.errors.QueryCanceled):  # would take as long the next time
            return Unavailable("The database took too long to answer and was stopped; try again in a moment.")
        if isinstance(original, psycopg.OperationalError | psycopg.InterfaceError):
            return StoreUnavailable(
                f"The database cannot be used at the moment: {_reason(original)}. Try again in a moment."
            )
        return None

    def is_refusal(self, error: BaseException) -> bool:
        text = str(error)
        return "FATAL" in text and not any(word in text for word in _PASSING)

    def compact(self, tables: Iterable[str]) -> None:
        """What is in the write-ahead log of the database and its archives is left to the database."""
        with contextlib.closing(self.connect()) as connection:
            connection.execute("SET statement_timeout = 0")
            for table in tables:
                connection.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(table)))

    def close(self) -> None:
        """Waits for reads that are under way in other threads: their connections would be left open."""
        self._reads.end()
        if self._listener is not None:
            self._listener.close()
        self._reader.dispose()
        self.writer.dispose()

    def _connecting(self) -> dict[str, Any]:
        return {
            "application_name": self.name,
            "autocommit": True,  # transactions are begun by our own words
            "connect_timeout": _CONNECT_SECONDS,
            "keepalives_idle": _LOST_SECONDS // 2,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": _LOST_SECONDS * 1000,
        }

    def _prepare(self, connection: psycopg.Connection[Any], silent: int) -> None:
        connection.adapters.register_dumper(str, _TextDumper)
        connection.execute(
            f"SET idle_in_transaction_session_timeout = '{silent}s'; SET lock_timeout = '{_TURN_SECONDS}s';"
            f" SET statement_timeout = '{_STATEMENT_SECONDS}s'; SET timezone = 'UTC'"
        )
        if self.vet is not None:
            self.vet(connection)

    def _engine(self, begin: str, silent: int, **options: Any) -> sa.Engine:
        engine = sa.create_engine(
            self._url, hide_parameters=True, use_native_hstore=False, connect_args=self._connecting(), **options
        )

        engine.dialect.colspecs = {**engine.dialect.colspecs, sa.Integer: _AnyInteger}

        @sa.event.listens_for(engine, "connect")
        def _configure(connection: psycopg.Connection[Any], _record: object) -> None:
            self._prepare(connection, silent)

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            try:
                connection.exec_driver_sql(begin)
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated:
                    connection.connection.rollback()
                raise

        sa.event.listen(engine, "handle_error", _keep_values_back)
        return engine


class _Reads:
    """Counts the reads that are under way, and lets none begin any more after the end."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._ended = False

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._changed:
            if self._ended:
                raise Unavailable("The server is stopping and answers no more questions; try again in a moment.")
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.wait_for(lambda: not self._count, timeout=_LAST_READS)


def _keep_values_back(context: sa.engine.ExceptionContext) -> None:
    """PostgreSQL quotes values in the details of an error; errors are logged, and values may be secrets."""
    reason = f"{_reason(context.original_exception)}."
    context.original_exception.args = (reason,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(context.original_exception).__name__}) {reason}",)


def _begun(connection: sa.Connection) -> sa.RootTransaction:
    """A new transaction. A connection that was cut off while it was idle is made anew, once."""
    try:
        return connection.begin()
    except sa.exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return connection.begin()


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")


_NOTIFY = sa.text("select pg_notify(:channel, :payload)")


class _TextDumper(StrDumper):
    """A text of PostgreSQL cannot hold the character NUL, which a script may print: its picture stands for it."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\u2400") if "\0" in obj else obj)


# -- the same schema as on SQLite


@compiles(sa.Text, "postgresql")
def _text(_type: sa.Text, _compiler: Any, type_expression: object = None, **_kw: Any) -> str:
    """Columns compare and sort byte by byte, as on SQLite, whatever the language of the database."""
    return "TEXT" if type_expression is None else 'TEXT COLLATE "C"'


@compiles(sa.Integer, "postgresql")
def _integer(_type: sa.Integer, _compiler: Any, type_expression: object = None, **_kw: Any) -> str:
    """Columns of integers have 64 bits, as on SQLite: sizes in bytes are among them."""
    return "INTEGER" if type_expression is None else "BIGINT"


class _AnyInteger(sa.Integer):
    """A value whose width the driver tells by its size; SQLAlchemy would call each one of 32 bits."""

    render_bind_cast = False
