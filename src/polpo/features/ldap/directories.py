"""Where questions to a directory run: threads of their own, so that a directory that hangs holds up nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from polpo.features.ldap.directory import DirectoryFault

T = TypeVar("T")

_AT_ONCE = 4
_MOST_WAITING = 40
_PATIENCE = 60.0  # seconds that somebody waits for an answer, the line before it included


class Directories:
    """One a server."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="ldap")
        self._open = 0

    async def ask(self, question: Callable[[], T]) -> T:
        """DirectoryFault when there is no answer in time."""
        if self._open >= _AT_ONCE + _MOST_WAITING:
            raise DirectoryFault("Too many questions to the directory are waiting.")
        self._open += 1
        asked = asyncio.get_running_loop().run_in_executor(self._threads, question)
        asked.add_done_callback(self._answered)
        try:
            async with asyncio.timeout(_PATIENCE):
                return await asyncio.shield(asked)
        except TimeoutError as error:
            raise DirectoryFault(f"The directory did not answer within {_PATIENCE:.0f} seconds.") from error

    def _answered(self, asked: asyncio.Future[T]) -> None:
        """A question that nobody waits for any more still takes its place, until it ends by its own bounds."""
        self._open -= 1
        if not asked.cancelled():
            asked.exception()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
