"""Small answers that every request needs, kept until a document that they come from is written.

The writes of a database are counted here by kind: those of this process at their commit, those of other nodes when
they are heard of, some milliseconds later. An answer remembers how far that count had come when its transaction began;
a later write of one of its kinds makes it void. So a revoked API key is refused from the commit on. While other nodes
cannot be heard, nothing is kept.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any

_MOST = 4096


class Memos:
    """Thread-safe by the order of its steps: an answer can be void too early, never too late."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()  # writes of this process and news of others come on two threads
        self._changed: dict[str, int] = {}
        self._everything: float = 0  # how far the count was when everything was taken for written
        self._kept: dict[Hashable, tuple[int, Any]] = {}

    @property
    def count(self) -> int:
        """To be read before a transaction begins."""
        return self._count

    def note(self, kinds: Iterable[str]) -> None:
        """Documents of these kinds were committed."""
        with self._lock:
            count = self._count + 1
            for kind in kinds:
                self._changed[kind] = count
            self._count = count

    def note_everything(self) -> None:
        """Nobody knows what was written."""
        with self._lock:
            self._count += 1
            self._everything = self._count

    def suspend(self) -> None:
        """Keeps nothing until `note_everything`."""
        self._everything = math.inf

    def newest(self, kinds: Iterable[str]) -> float:
        """How far the count was when a document of one of the kinds was last written."""
        return max(self._everything, *(self._changed.get(kind, 0) for kind in kinds), 0)

    def known(self, key: Hashable, kinds: tuple[str, ...], find: Callable[[], Any]) -> Any:
        """What is kept, else what `find` gives, which is not kept: who writes may see what is not committed."""
        kept = self._kept.get(key)
        return kept[1] if kept is not None and kept[0] >= self.newest(kinds) else find()

    def recall(self, key: Hashable, kinds: tuple[str, ...], begun: int, find: Callable[[], Any]) -> Any:
        """What `find` gives, or gave when nothing that it depends on has changed since."""
        known = self._kept.get(key)
        if known is not None and known[0] >= self.newest(kinds):
            return known[1]
        found = find()
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (begun, found)
        return found
