from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from openssh import Sshd, sshd_for_tests
from unit.transports.ssh.machines import Machines


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd_for_tests(tmp_path_factory.mktemp("sshd"), machines=2) as server:
        yield server


@pytest.fixture
async def machines(server: Sshd, tmp_path: Path) -> AsyncIterator[Machines]:
    machines = Machines(server, tmp_path)
    yield machines
    await machines.connections.close()
