"""The agent's services over the wire, as servers of either age call them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from polpo.agent.services import services_of
from polpo.halibut.certificates import Identity
from polpo.halibut.contracts import (
    CancelScriptCommand,
    CompleteScriptCommand,
    ProcessState,
    ScriptFile,
    ScriptStatusRequest,
    ScriptStatusResponse,
    ScriptTicket,
    StartScriptCommand,
)
from polpo.halibut.errors import ServiceFailed, ServiceNotFound
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream
from polpo.scripthost.host import ScriptHost
from unit.scripthost.running import LIMITS, script, texts

SERVER, AGENT = Identity.generate("server"), Identity.generate("agent")


class Wire:
    def __init__(self, server: HalibutRuntime, endpoint: Endpoint, home: Path) -> None:
        self.server = server
        self.endpoint = endpoint
        self.home = home

    async def call(self, service: str, method: str, *params: object) -> object:
        return await self.server.call(self.endpoint, service, method, *params)

    async def old(self, method: str, *params: object) -> ScriptStatusResponse:
        answer = await self.call("IScriptService", method, *params)
        assert isinstance(answer, ScriptStatusResponse)
        return answer

    async def old_end(self, ticket: ScriptTicket) -> tuple[ScriptStatusResponse, list[str]]:
        """Polls as an old server does."""
        found, after = [], 0
        async with asyncio.timeout(30):
            while True:
                answer = await self.old("GetStatus", ScriptStatusRequest(ticket, after))
                found += answer.logs
                after = answer.next_log_sequence
                if answer.state is ProcessState.COMPLETE:
                    return answer, texts(found)
                await asyncio.sleep(0.02)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with ScriptHost(tmp_path / "home", environment={"PATH": os.environ["PATH"]}, limits=LIMITS) as host:
        agent = HalibutRuntime(AGENT, services=services_of(host))
        agent.trust(SERVER.thumbprint)
        server = HalibutRuntime(SERVER)
        port = await agent.listen("127.0.0.1", 0)
        yield Wire(server, Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint), tmp_path / "home")
        await server.close()
        await agent.close()


async def test_a_server_of_the_first_version_runs_a_script(wire: Wire) -> None:
    command = StartScriptCommand(
        "cat file; echo $1", "ServerTasks-7", files=(ScriptFile("file", DataStream.of_bytes(b"x\n")),), arguments=("y",)
    )
    ticket = await wire.call("IScriptService", "StartScript", command)
    assert isinstance(ticket, ScriptTicket)
    assert ticket.task_id.split("-")[1:3] == ["7", "1"]

    answer, said = await wire.old_end(ticket)
    last = await wire.old("CompleteScript", CompleteScriptCommand(ticket, answer.next_log_sequence))

    assert (answer.exit_code, said) == (0, ["x", "y"])
    assert (last.state, last.logs) == (ProcessState.COMPLETE, ())
    assert list((wire.home / "Work").iterdir()) == []
    forgotten = await wire.old("GetStatus", ScriptStatusRequest(ticket))
    assert (forgotten.state, forgotten.exit_code) == (ProcessState.COMPLETE, 0)


async def test_a_server_of_the_first_version_cancels_a_script(wire: Wire) -> None:
    ticket = await wire.call("IScriptService", "StartScript", StartScriptCommand("sleep 600"))
    assert isinstance(ticket, ScriptTicket)
    await wire.old("CancelScript", CancelScriptCommand(ticket))
    answer, _ = await wire.old_end(ticket)
    assert answer.exit_code == -43


async def test_starting_twice_in_the_first_version_is_two_scripts(wire: Wire) -> None:
    tickets = [await wire.call("IScriptService", "StartScript", StartScriptCommand("true")) for _ in range(2)]
    assert len(set(tickets)) == 2
    for ticket in tickets:
        assert isinstance(ticket, ScriptTicket)
        await wire.old_end(ticket)


async def test_what_a_service_refuses_arrives_as_its_sentence(wire: Wire) -> None:
    with pytest.raises(ServiceFailed, match="is no ticket for a script"):
        await wire.call("IScriptServiceV2", "StartScript", script("true", ticket="../up"))


async def test_a_service_that_does_not_exist_is_told_as_such(wire: Wire) -> None:
    with pytest.raises(ServiceNotFound):
        await wire.call("IKubernetesScriptServiceV1", "StartScript", script("true"))
