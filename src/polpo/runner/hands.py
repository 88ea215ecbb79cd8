"""A few threads for work that leaves the interpreter free: inflating and writing files."""

from __future__ import annotations

import os
import threading
from queue import Queue
from types import TracebackType
from typing import TYPE_CHECKING, Callable, List, Optional, Type

if TYPE_CHECKING:
    from typing import Self

_MOST = 4
_WAITING = 8  # pieces of work that are taken before somebody has time for them


class Hands:
    """Use as a context. The first failure stops the rest, and is raised by the next `take`, or by `rest`."""

    def __init__(self) -> None:
        self._queue: Queue[Optional[Callable[[], None]]] = Queue(_WAITING)
        self._failures: List[BaseException] = []
        self._threads: List[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: Optional[Type[BaseException]], error: Optional[BaseException], _traceback: Optional[TracebackType]
    ) -> None:
        if error is not None:
            self._failures.append(error)  # what still waits is not worth doing
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def take(self, work: Callable[[], None]) -> None:
        if not self._threads:
            self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(_count())]
            for thread in self._threads:
                thread.start()
        self._raise()
        self._queue.put(work)

    def rest(self) -> None:
        """Waits until all is done that was taken."""
        self._queue.join()
        self._raise()

    def _work(self) -> None:
        while True:
            work = self._queue.get()
            try:
                if work is None:
                    return
                if not self._failures:
                    work()
            except BaseException as error:  # noqa: BLE001 - raised where the work came from
                self._failures.append(error)
            finally:
                self._queue.task_done()

    def _raise(self) -> None:
        if self._failures:
            raise self._failures[0]


def _count() -> int:
    return max(1, min(_MOST, os.cpu_count() or 1))
