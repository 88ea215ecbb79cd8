"""Real processes: a server and agents in folders of their own, on free ports of this machine."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from agents import Target
from run import Demo


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """An installation that is not started yet. Everything that a test starts with it ends with the test."""
    demo = Demo(tmp_path, say=lambda _text: None, listen=0)
    yield demo
    demo.stop()


@pytest.fixture
async def target(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Target]:
    target = Target(tmp_path, unused_tcp_port)
    yield target
    if target.process is not None and target.process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            await target.stop(signal.SIGKILL)
    await target.runtime.close()
