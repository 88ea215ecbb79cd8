"""Fixtures for rules of features."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.features.trails import Trail, copied, tell_first


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an audit trail; copied, not made, for each test."""
    folder = tmp_path_factory.mktemp("told")
    tell_first(folder)
    return folder


@pytest.fixture
def trail(told: Path, tmp_path: Path) -> Iterator[Trail]:
    """Four events of the first day and two of the second, in the archive; that they are there, and six more."""
    made = copied(told, tmp_path)
    yield made
    made.database.close()
