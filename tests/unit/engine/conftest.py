"""An engine on a real database in a temporary folder, with short timings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from unit.engine.bench import Bench, Gate


@pytest.fixture(autouse=True)
def engine_log() -> Iterator[list[Any]]:
    """What the engine tells its operator. Also keeps tracebacks from being drawn, which takes seconds each."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(database, BlobStore.open(tmp_path / "blobs"))
    yield bench
    await bench.engine.stop()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def gates() -> type[Gate]:
    return Gate
