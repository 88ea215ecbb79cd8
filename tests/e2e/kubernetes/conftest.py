"""One cluster for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.kubernetes import Cluster, NoCluster, kubernetes


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real API server; without its programs the tests are skipped, in CI too, for to build it takes minutes."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(kubernetes())
        except NoCluster as missing:
            pytest.skip(f"No Kubernetes API server was started: {missing}.")
        yield found
