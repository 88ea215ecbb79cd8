"""Real processes: a server and agents in folders of their own, on free ports of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from run import Demo


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """An installation that is not started yet. Everything that a test starts with it ends with the test."""
    demo = Demo(tmp_path, say=lambda _text: None, listen=0)
    yield demo
    demo.stop()
