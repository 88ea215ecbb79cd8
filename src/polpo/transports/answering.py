"""Machines that answer some questions of the runner's without running it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from polpo.halibut.streams import DataStream


@runtime_checkable
class Answering(Protocol):
    """A transport that may have the answers. They are lines of service messages; None: this machine has none."""

    async def find_packages(self, question: str, size: int) -> str | None:
        """What `find-packages` says; `size` is how many bytes it may have to read for that."""

    async def apply_delta(self, order: str, delta: DataStream, size: int) -> str | None:
        """What `apply-delta` says. The stream stays the caller's."""
