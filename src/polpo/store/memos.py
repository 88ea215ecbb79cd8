"""Small answers that every request needs, kept until a document that they come from is written.

All writes of a database go through one process, which counts them here by kind. An answer remembers how far that count
had come when its transaction began; a later write of one of its kinds makes it void. So a revoked API key is refused
from the commit on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

_MOST = 4096


class Memos:
    """Thread-safe by the order of its steps: an answer can be void too early, never too late."""

    def __init__(self) -> None:
        self._count = 0
        self._changed: dict[str, int] = {}
        self._kept: dict[Hashable, tuple[int, Any]] = {}

    @property
    def count(self) -> int:
        """To be read before a transaction begins."""
        return self._count

    def note(self, kinds: Iterable[str]) -> None:
        """Documents of these kinds were committed."""
        count = self._count + 1
        for kind in kinds:
            self._changed[kind] = count
        self._count = count

    def newest(self, kinds: Iterable[str]) -> int:
        """How far the count was when a document of one of the kinds was last written."""
        return max((self._changed.get(kind, 0) for kind in kinds), default=0)

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
