"""Agents that know only the first version of the script service, over TLS: each script runs once, as of newer ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from polpo.agent.services import services_of
from polpo.halibut.contracts import ProcessState, ScriptFile, ScriptStatusResponse, ScriptTicket, StartScriptCommand
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream
from polpo.scripthost.host import ScriptHost
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.transports.agent import AgentTransport
from polpo.transports.following import run_script
from polpo.transports.oldscripts import OldAgents
from polpo.transports.retries import RetryPolicy
from polpo.transports.transport import ScriptUnknown
from unit.halibut.parties import AGENT, FAST, SERVER, party
from unit.scripthost.running import LIMITS, script
from unit.transports.test_following import Heard

POLICY = RetryPolicy(connect=5, connect_tries=2, connect_pause=0.01, rpc_seconds=10, collect=5)


@dataclass
class OldAgent:
    """The services of ours that an old one has too."""

    server: HalibutRuntime
    home: Path
    services: dict[str, dict[str, Any]]
    port: int = 0
    started: list[StartScriptCommand] = field(default_factory=list)

    def transport(self, old_agents: OldAgents | None = None) -> AgentTransport:
        endpoint = Endpoint(f"https://127.0.0.1:{self.port}/", AGENT.thumbprint)
        return AgentTransport(self.server, endpoint, name="web-1", policy=POLICY, old_agents=old_agents)


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[OldAgent]:
    host = ScriptHost(tmp_path, environment={"PATH": "/usr/bin:/bin"}, limits=LIMITS)
    await host.open()
    offered = services_of(host)
    services = {name: dict(offered[name]) for name in ("IScriptService", "IFileTransferService")}
    start = services["IScriptService"]["StartScript"]
    async with party(SERVER) as server:
        old = OldAgent(server, tmp_path, services)

        async def counted(command: StartScriptCommand) -> ScriptTicket:
            old.started.append(command)
            ticket = await start(command)
            assert isinstance(ticket, ScriptTicket)
            return ticket

        services["IScriptService"]["StartScript"] = counted
        async with party(AGENT, SERVER, services=services, timings=FAST) as agent:
            old.port = await agent.listen("127.0.0.1", 0)
            yield old
    await host.close()


async def test_an_agent_that_cannot_say_what_it_can_do_is_of_the_oldest_kind(old: OldAgent) -> None:
    assert await old.transport().capabilities() == ("IScriptService", "IFileTransferService")


async def test_a_script_runs_with_its_files_and_arguments(old: OldAgent) -> None:
    heard, transport = Heard(), old.transport()
    files = (ScriptFile("greeting", DataStream.of_bytes(b"hello\n")),)
    command = script('cat greeting; echo "$1"; exit 3', files=files, arguments=("one",), task_id="ServerTasks-7")

    outcome = await run_script(transport, command, heard.receive)
    again = await run_script(old.transport(), command, Heard().receive, after=heard.position)
    await transport.complete(command.script_ticket)

    assert (outcome.exit_code, heard.lines) == (3, ["hello", "one"])
    assert again == outcome
    assert len(old.started) == 1
    assert not list((old.home / "Work").iterdir())


async def test_a_script_is_completed_by_who_does_not_know_that_the_agent_is_old(old: OldAgent) -> None:
    command = script("echo one")
    await run_script(old.transport(), command, Heard().receive)
    await old.transport().complete(command.script_ticket)
    assert not list((old.home / "Work").iterdir())


async def test_a_script_is_cancelled(old: OldAgent) -> None:
    transport, heard = old.transport(), Heard()
    command = script("echo started; sleep 600")
    following = asyncio.create_task(run_script(transport, command, heard.receive, is_cancelled=lambda: True))
    await asyncio.wait_for(heard.arrived.wait(), 20)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(following, 30)
    assert (await transport.status(command.script_ticket, 0)).exit_code == ExitCode.CANCELED


async def test_a_script_that_may_have_been_started_is_not_started_again(old: OldAgent) -> None:
    """As when the server died between its note and the agent's answer."""
    command = script("echo twice?")
    note = f"Files/polpo-scripts/{command.script_ticket.task_id}"
    await old.transport().upload(note, DataStream.of_bytes(b""))
    with pytest.raises(ScriptUnknown, match="its outcome is unknown"):
        await old.transport().start(command)
    assert old.started == []


async def test_an_agent_that_was_restarted_is_not_believed_that_the_script_ended_well(old: OldAgent) -> None:
    transport, heard = old.transport(), Heard()
    command = script("echo started; sleep 600")
    following = asyncio.create_task(run_script(transport, command, heard.receive))
    await asyncio.wait_for(heard.arrived.wait(), 20)

    async def forgotten(request: Any) -> ScriptStatusResponse:
        return ScriptStatusResponse(request.ticket, ProcessState.COMPLETE, 0, (), request.last_log_sequence)

    old.services["IScriptService"]["GetStatus"] = forgotten
    async with party(AGENT, SERVER, services=old.services, timings=FAST) as again:
        port, old.port = old.port, await again.listen("127.0.0.1", 0)
        transport._endpoint = transport._client.endpoint = Endpoint(f"https://127.0.0.1:{old.port}/", AGENT.thumbprint)
        outcome = await asyncio.wait_for(following, 20)
    old.port = port
    assert outcome.exit_code == ExitCode.LOST
    await old.transport().cancel(command.script_ticket, 0)


class ToldClock:
    passed = 0.0

    def now(self) -> Any:
        raise NotImplementedError

    def monotonic(self) -> float:
        return self.passed


def test_an_agent_may_have_been_updated_after_ten_minutes() -> None:
    clock = ToldClock()
    agents, endpoint = OldAgents(clock), Endpoint("https://a:1/", "AA")
    agents.note(endpoint, True)
    clock.passed = 599
    assert agents.has(endpoint)
    clock.passed = 600
    assert not agents.has(endpoint)
