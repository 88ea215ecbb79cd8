"""What a task has done, by name: read once when a run begins, then kept in step with the database by the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from polpo.engine.outbox import Outbox
from polpo.engine.tables import task_activity
from polpo.kernel.clock import Clock
from polpo.kernel.errors import AppError, TaskError
from polpo.kernel.secrets import Vault
from polpo.store.session import Session

EntryState = Literal["started", "done", "failed"]


@dataclass(frozen=True)
class Entry:
    state: EntryState
    result: str | None  # JSON, opened
    t0: datetime

    def value(self) -> Any:
        """A fresh copy: whoever changes it changes nobody else's."""
        return None if self.result is None else msgspec.json.decode(self.result)

    def error(self) -> AppError:
        """The failure as it was raised; a failure that was no `AppError` comes back as a `TaskError`."""
        kept = self.value()
        kind = _error_classes().get(kept["type"], TaskError)
        error = kind.__new__(kind)
        AppError.__init__(error, kept["message"], kept["errors"])
        return error


class Journal:
    def __init__(
        self, outbox: Outbox, task_id: str, vault: Vault, clock: Clock, entries: dict[tuple[str, int], Entry]
    ) -> None:
        self._outbox = outbox
        self._task_id = task_id
        self._vault = vault
        self._clock = clock
        self._entries = entries
        self._latest: dict[str, int] = {}
        for key, attempt in entries:
            self._latest[key] = max(attempt, self._latest.get(key, 0))

    def find(self, key: str, attempt: int = 1) -> Entry | None:
        return self._entries.get((key, attempt))

    def latest(self, key: str) -> int:
        """The highest attempt that was begun; 0 when there is none."""
        return self._latest.get(key, 0)

    def under(self, prefix: str) -> Iterator[Entry]:
        return (entry for (key, _), entry in list(self._entries.items()) if key.startswith(prefix))

    def unfinished(self) -> set[tuple[str, int]]:
        """What an earlier run began and did not end."""
        return {place for place, entry in self._entries.items() if entry.state == "started"}

    def put(self, key: str, attempt: int, state: EntryState, value: object, *, sensitive: bool = False) -> Any:
        """Adds an entry to the next commit; returns the value as a later run will read it."""
        now = self._clock.now()
        before = self._entries.get((key, attempt))
        result = None if state == "started" else msgspec.json.encode(value).decode()
        entry = Entry(state, result, before.t0 if before else now)
        self._entries[key, attempt] = entry
        self._latest[key] = max(attempt, self._latest.get(key, 0))
        sealed = sensitive and result is not None
        row = {"task_id": self._task_id, "key": key, "attempt": attempt, "state": state, "sealed": sealed}
        row |= {"t0": entry.t0, "t1": None if state == "started" else now}
        self._outbox.add_row(row | {"result": self._vault.encrypt(result) if sealed and result else result})
        return entry.value()

    def put_failure(self, key: str, attempt: int, error: Exception) -> None:
        """Sealed, since a message may quote a secret and must come back as it was."""
        kept = {"type": type(error).__name__, "message": sentence(error), "errors": getattr(error, "errors", [])}
        self.put(key, attempt, "failed", kept, sensitive=True)


def sentence(error: BaseException) -> str:
    """What the user is told about a failure."""
    if isinstance(error, AppError):
        return error.message
    return f"Unexpected error: {type(error).__name__}: {error}"


def load_entries(session: Session, task_id: str, vault: Vault) -> dict[tuple[str, int], Entry]:
    columns = task_activity.c
    statement = sa.select(columns.key, columns.attempt, columns.state, columns.result, columns.sealed, columns.t0)
    entries = {}
    for key, attempt, state, result, sealed, t0 in session.connection.execute(
        statement.where(columns.task_id == task_id)
    ):
        entries[key, attempt] = Entry(state, vault.decrypt(result) if sealed else result, t0)
    return entries


def _error_classes() -> dict[str, type[AppError]]:
    return {kind.__name__: kind for kind in _below([AppError])}


def _below(kinds: Iterable[type[AppError]]) -> Iterator[type[AppError]]:
    for kind in kinds:
        yield kind
        yield from _below(kind.__subclasses__())
