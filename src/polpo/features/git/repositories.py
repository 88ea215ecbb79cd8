"""The mirrors of all projects, each used by one thread at a time, none by the event loop."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from polpo.features.git.mirrors import Mirror, keep_to_ourselves
from polpo.features.git.remotes import Remote, checked_url
from polpo.kernel.destinations import Destinations
from polpo.kernel.errors import Unavailable

T = TypeVar("T")

_THREADS = 4
#: How long what was fetched counts as what the repository has now.
_FRESH_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0


class Repositories:
    """`local`: whether repositories on the server's own disk may be used."""

    def __init__(self, folder: Path, destinations: Destinations, *, local: bool = False) -> None:
        self._destinations = destinations
        self._local = local
        self._folder = folder
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="polpo-git")
        self._turns: dict[str, asyncio.Lock] = {}
        self._fetched: dict[str, tuple[Remote, float]] = {}
        keep_to_ourselves()

    def checked_url(self, url: str) -> str:
        """The address of a repository, if the server may go there; Invalid with a sentence otherwise."""
        return checked_url(url, self._destinations, local=self._local)

    async def use(self, project_id: str, remote: Remote, work: Callable[[Mirror], T], *, refresh: bool = False) -> T:
        """Runs `work` on the project's mirror, up to date. With `refresh` to the moment, else to some seconds."""
        turn = self._turns.setdefault(project_id, asyncio.Lock())
        await _within(turn.acquire())
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._pool, partial(self._work, project_id, remote, work, refresh))
        running.add_done_callback(partial(_end, turn))
        await asyncio.wait({running})
        return running.result()

    def _work(self, project_id: str, remote: Remote, work: Callable[[Mirror], T], refresh: bool) -> T:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mirror = Mirror(self._folder / project_id, remote, self._destinations)
        self._fetch(project_id, remote, mirror, refresh=refresh)
        return work(mirror)

    def _fetch(self, project_id: str, remote: Remote, mirror: Mirror, *, refresh: bool) -> None:
        known, when = self._fetched.get(project_id, (None, 0.0))
        if refresh or known != remote or time.monotonic() - when > _FRESH_SECONDS:
            mirror.fetch()
            self._fetched[project_id] = (remote, time.monotonic())

    def forget(self, project_id: str) -> None:
        """Removes the mirror of a project that is gone."""
        self._fetched.pop(project_id, None)
        with suppress(RuntimeError):  # the server is stopping; the folder is never used again
            self._pool.submit(shutil.rmtree, self._folder / project_id, ignore_errors=True)

    async def close(self) -> None:
        """Lets what runs come to its end; the silence of a remote is bounded."""
        await asyncio.to_thread(self._pool.shutdown)


def _end(turn: asyncio.Lock, done: asyncio.Future[Any]) -> None:
    """The turn ends with the work, not with the request: nobody may wait for the answer any more."""
    turn.release()
    if not done.cancelled():
        done.exception()


async def _within(waiting: object) -> None:
    try:
        await asyncio.wait_for(waiting, _PATIENCE_SECONDS)  # type: ignore[arg-type] # a coroutine of True
    except TimeoutError as error:
        raise Unavailable("The project's Git repository is busy; try again in a minute.") from error
