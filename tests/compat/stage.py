"""A server process on which the recorded clients play, each run in a world with what it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from run import Demo

import compat.projects
import compat.seeds
from compat.gitserver import GitServer, git_server
from compat.world import World, texts

Call = Mapping[str, Any]


@dataclass
class Stage:
    """One server process. Runs that only read share a world; every other has a world of its own."""

    client: httpx.Client
    address: str
    api_key: str
    log: Path
    git: GitServer
    shared: World | None = None

    def world_for(self, run: str, calls: Sequence[Call]) -> World:
        """A world with all that the run and its calls name; NotServed when it cannot be made."""
        world = self._world(run, calls)
        for call in calls:
            if "overwriteMode=FailIfExists" not in call["path"]:
                world.prepare(" ".join([unquote_plus(call["path"]), *texts(call.get("body"))]))
        world.prepare(run)
        return world

    def _world(self, run: str, calls: Sequence[Call]) -> World:
        if any(call["method"] != "GET" for call in calls):
            return self.new_world(run)
        if self.shared is None:
            self.shared = self.new_world()
        return self.shared

    def new_world(self, run: str = "") -> World:
        return World(self.client, run=run, spelled=compat.seeds.spellings(), new_repository=self.git.new_repository)


@contextmanager
def set_up_stage(folder: Path) -> Iterator[Stage]:
    demo = Demo(folder / "server", say=lambda _text: None, listen=0)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("POLPO_TASK_CAP", "1000")  # health checks of machines that do not exist keep their places long
            patch.setenv("POLPO_OUTBOUND_ALLOW", "127.0.0.1")  # where the repositories and the issuers of tests are
            demo.start_server()
        headers = {"X-Octopus-ApiKey": demo.api_key}
        with (
            httpx.Client(base_url=demo.address, headers=headers, timeout=60, trust_env=False) as client,
            git_server(folder / "repositories") as git,
        ):
            yield Stage(client, demo.address, demo.api_key, demo.folder / "logs" / "server.log", git)
    finally:
        demo.stop()
