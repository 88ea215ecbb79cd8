"""Files that cannot be kept or read while they travel: told as what it is, and over with that connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from polpo.halibut.errors import ConnectionLost, ProtocolBroken
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream
from unit.halibut.parties import AGENT, SERVER, SUBSCRIPTION, party


async def ask(stream: DataStream | None = None) -> DataStream:
    return DataStream.of_bytes(b"content")


SERVICES: dict[str, Any] = {"Test": {"Give": ask, "Take": ask}}


async def endpoint(mode: str, server: HalibutRuntime, agent: HalibutRuntime) -> Endpoint:
    if mode == "listening":
        return Endpoint(f"https://127.0.0.1:{await agent.listen('127.0.0.1', 0)}/", AGENT.thumbprint)
    server.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
    agent.poll("127.0.0.1", await server.listen("127.0.0.1", 0), SERVER.thumbprint, SUBSCRIPTION)
    return Endpoint(SUBSCRIPTION, AGENT.thumbprint)


@pytest.mark.parametrize("mode", ["listening", "polling"])
async def test_a_stream_that_cannot_be_kept_is_told_with_the_reason(tmp_path: Path, mode: str) -> None:
    spool = tmp_path / "gone"
    async with (
        party(AGENT, SERVER, services=SERVICES) as agent,
        party(SERVER, AGENT, spool_dir=spool) as server,
    ):
        there = await endpoint(mode, server, agent)
        with pytest.raises(ProtocolBroken, match=f"could not be kept in {spool}: No such file or directory"):
            await server.call(there, "Test", "Give", None)
        spool.mkdir()
        found = await server.call(there, "Test", "Give", None)
        assert await found.read() == b"content"
        found.discard()


@pytest.mark.parametrize("mode", ["listening", "polling"])
async def test_a_file_that_vanished_is_told_with_the_reason(tmp_path: Path, mode: str) -> None:
    (tmp_path / "file").write_bytes(b"x")
    stream = DataStream.of_file(tmp_path / "file")
    (tmp_path / "file").unlink()
    async with party(AGENT, SERVER, services=SERVICES) as agent, party(SERVER, AGENT) as server:
        there = await endpoint(mode, server, agent)
        with pytest.raises(ConnectionLost, match="could not be read while it was sent: No such file"):
            await server.call(there, "Test", "Take", stream)
