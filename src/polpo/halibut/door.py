"""Who may come in. Connections cost memory before anybody has said who they are, so strangers are counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """How many connections there may be at a time: of those who are not known yet, of these from one address, in all.

    Agents behind one address that come back together after a restart are fewer at a time; who is sent away tries again.
    """

    strangers: int = 2048
    strangers_of_address: int = 1024
    all: int = 16_384


@dataclass
class Door:
    """Counts those inside by address, and remembers nobody who has left."""

    limits: Limits = field(default_factory=Limits)
    _strangers: Counter[str] = field(default_factory=Counter)
    _recognised: int = 0

    @property
    def inside(self) -> int:
        return self._strangers.total() + self._recognised

    def enter(self, address: str) -> bool:
        """Whether there is room for one more stranger from there; `leave` follows only if there is."""
        strangers, limits = self._strangers.total(), self.limits
        if strangers >= limits.strangers or strangers + self._recognised >= limits.all:
            return False
        if self._strangers[address] >= limits.strangers_of_address:
            return False
        self._strangers[address] += 1
        return True

    def recognise(self, address: str) -> None:
        """One from there has shown a certificate that is trusted."""
        self._forget(address)
        self._recognised += 1

    def leave(self, address: str, *, recognised: bool) -> None:
        if recognised:
            self._recognised -= 1
        else:
            self._forget(address)

    def _forget(self, address: str) -> None:
        self._strangers[address] -= 1
        if self._strangers[address] <= 0:
            del self._strangers[address]
