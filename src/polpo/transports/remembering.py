"""What was found out about machines, for the next who want to know; machines change, so it is not kept for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from polpo.kernel.clock import Clock, SystemClock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_SECONDS, _MOST = 600.0, 10_000


class Remembered(Generic[K, V]):
    """Each finding for ten minutes, of ten thousand machines at most; the oldest is forgotten first."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._found: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def note(self, key: K, value: V) -> None:
        self._found[key] = value, self._clock.monotonic()
        self._found.move_to_end(key)
        if len(self._found) > _MOST:
            self._found.popitem(last=False)

    def of(self, key: K) -> V | None:
        if key not in self._found:
            return None
        value, since = self._found[key]
        return value if self._clock.monotonic() - since < _SECONDS else None

    def forget(self, key: K) -> None:
        self._found.pop(key, None)
