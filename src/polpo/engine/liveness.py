"""Who of several nodes lives: each one's heartbeat, the end of those that have none, and a node's own end.

The beat has a thread and a connection of its own, so that a busy node still beats; time is the database's. A node that
others count as dead must not work on: when its beat has not reached the database for a while, it ends itself, well
before the others take its tasks.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog

from polpo.kernel.errors import Invalid
from polpo.store.database import Database
from polpo.store.postgres import PostgresBackend

log = structlog.get_logger("polpo.nodes")

_JOIN = """
INSERT INTO cluster_node (id, name, started, beat, dead_after, cap, draining, state)
VALUES (%(id)s, %(name)s, extract(epoch from clock_timestamp()), extract(epoch from clock_timestamp()),
        %(dead)s, %(cap)s, %(draining)s, 'alive')
"""
_BEAT = """
UPDATE cluster_node SET beat = extract(epoch from clock_timestamp()), cap = %(cap)s, draining = %(draining)s
WHERE id = %(id)s AND state = 'alive'
"""
_REAP = """
UPDATE cluster_node SET state = 'dead'
WHERE state = 'alive' AND beat < extract(epoch from clock_timestamp()) - dead_after RETURNING name
"""
_FORGET = """
DELETE FROM cluster_node
WHERE state <> 'alive' AND beat < extract(epoch from clock_timestamp()) - 30 * 24 * 3600
"""
#: Frees at once what a frozen node has locked. A role may end its own sessions.
_CUT_OFF = """
SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN cluster_node n ON n.id = a.application_name
WHERE n.state = 'dead' AND a.usename = current_user AND a.pid <> pg_backend_pid()
"""
_IS_ALIVE = "SELECT 1 FROM cluster_node WHERE id = %s AND state = 'alive'"


@dataclass(frozen=True)
class Beats:
    """In seconds: how often a node beats, when it is dead without, and when one that cannot beat ends itself."""

    every: float = 5.0
    dead: float = 30.0
    fence: float = 18.0

    def __post_init__(self) -> None:
        if not 0 < self.every * 2 <= self.fence < self.dead:
            raise Invalid(
                "The times of the nodes do not fit together: the fence must be at least two beats long and shorter than"
                f" the time after which a node is dead; they are {self.every:g}, {self.fence:g} and {self.dead:g} s."
            )


@dataclass(frozen=True)
class Load:
    """What a node tells of itself with each beat."""

    cap: int
    is_draining: bool


class Liveness:
    """This process as one of the nodes. `lost` is called, on a thread of ours, when it must end; it must not return."""

    def __init__(
        self, database: Database, name: str, beats: Beats, load: Callable[[], Load], lost: Callable[[str], None]
    ) -> None:
        if not isinstance(database.backend, PostgresBackend):
            raise TypeError("only a database that nodes share has nodes")
        self._backend = database.backend
        self.id = database.identity
        self.name = name
        self._beats = beats
        self._load = load
        self._lost = lost
        self._ended = threading.Event()
        self._kick = threading.Event()
        self._last = _now()
        self._threads: list[threading.Thread] = []

    # -- life

    def join(self, former: str = "") -> None:
        """Counts as alive from here on. `former` is the id of a life of this node that has surely ended.

        Another life of the name that has not ended in any way that we know is waited for; Invalid when it goes on.
        """
        with contextlib.closing(self._backend.connect()) as connection:
            if former:
                connection.execute("UPDATE cluster_node SET state = 'dead' WHERE id = %s AND state = 'alive'", [former])
                connection.execute(_CUT_OFF)
            self._wait_for_the_name(connection)
            self._last = _now()
            connection.execute(_JOIN, self._told() | {"name": self.name, "dead": self._beats.dead})
        self._backend.vet = self._vet
        for work, called in ((self._beat_forever, "polpo-heartbeat"), (self._watch, "polpo-fence")):
            thread = threading.Thread(target=work, name=called, daemon=True)
            thread.start()
            self._threads.append(thread)

    def leave(self) -> None:
        """Counts as gone from here on; the others need not wait to take over. Safe to call twice."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._kick.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self._backend.vet = None
        try:
            with contextlib.closing(self._backend.connect()) as connection:
                connection.execute(
                    "UPDATE cluster_node SET state = 'gone' WHERE id = %s AND state = 'alive'", [self.id]
                )
        except psycopg.Error as error:
            log.warning("the other nodes could not be told that this one ends", reason=_first_line(error))

    def beat_soon(self) -> None:
        """Tells the others at once, when the load has changed."""
        self._kick.set()

    def _wait_for_the_name(self, connection: psycopg.Connection[Any]) -> None:
        deadline, told = _now() + self._beats.dead + self._beats.every, False
        taken = "SELECT id FROM cluster_node WHERE name = %s AND state = 'alive'"
        while connection.execute(taken, [self.name]).fetchone() is not None:
            if _now() > deadline:
                raise Invalid(
                    f"Another server node with the name '{self.name}' is running on this database; stop it, or give"
                    " this one another --node-name."
                )
            if not told:
                log.info("another life of this node has not ended yet; waiting for it", node=self.name)
                told = True
            self._reap(connection)
            self._ended.wait(min(1.0, self._beats.every))

    # -- the beat

    def _beat_forever(self) -> None:
        connection: psycopg.Connection[Any] | None = None
        while not self._ended.is_set():
            self._kick.clear()
            try:
                connection = connection or self._backend.connect()
                self._beat(connection)
                pause = self._beats.every
            except Exception as error:  # noqa: BLE001 - the fence bounds how long this may go on
                log.warning("the heartbeat did not reach the database; trying again", reason=_first_line(error))
                _close(connection)
                connection = None
                pause = min(0.5, self._beats.every)
            self._kick.wait(pause)
        _close(connection)

    def _beat(self, connection: psycopg.Connection[Any]) -> None:
        begun, before = _now(), self._last
        if connection.execute(_BEAT, self._told()).rowcount != 1:
            self._lost("the other nodes have declared it dead and taken over its tasks")
        self._last = begun
        if begun - before <= self._beats.fence:  # one that was away itself lets the others beat first
            self._reap(connection)

    def _told(self) -> dict[str, Any]:
        load = self._load()
        return {"id": self.id, "cap": load.cap, "draining": load.is_draining}

    def _reap(self, connection: psycopg.Connection[Any]) -> None:
        for (name,) in connection.execute(_REAP).fetchall():
            log.warning("a node without a heartbeat is taken for dead; the others take over its tasks", node=name)
        connection.execute(_CUT_OFF)
        connection.execute(_FORGET)

    # -- the end

    def _watch(self) -> None:
        while not self._ended.wait(self._beats.fence / 60):
            silent = _now() - self._last
            if silent > self._beats.fence:
                self._lost(f"its heartbeat has not reached the database for {silent:.1f} seconds")

    def _vet(self, connection: psycopg.Connection[Any]) -> None:
        """A node that was taken for dead gets no new connection: its old ones were cut off."""
        if connection.execute(_IS_ALIVE, [self.id]).fetchone() is None and not self._ended.is_set():
            self._lost("the other nodes have declared it dead and taken over its tasks")


def _now() -> float:
    """Goes on while the machine sleeps, where the system has such a clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def _close(connection: psycopg.Connection[Any] | None) -> None:
    if connection is not None:
        with contextlib.suppress(psycopg.Error):
            connection.close()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
