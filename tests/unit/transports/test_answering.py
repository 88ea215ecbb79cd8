"""What only our own agents are asked for: found out by what an agent says that it can do."""

from __future__ import annotations

import functools
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from polpo.agent.services import services_of
from polpo.halibut.certificates import Identity
from polpo.halibut.clients import OWN_SERVICE
from polpo.halibut.contracts import CapabilitiesResponseV2
from polpo.halibut.runtime import Endpoint, HalibutRuntime, Service
from polpo.halibut.streams import DataStream
from polpo.scripthost.host import ScriptHost
from polpo.transports.agent import Abilities, AgentTransport
from polpo.transports.following import run_script
from polpo.transports.remembering import Remembered
from unit.scripthost.running import LIMITS, script
from unit.transports.test_following import Heard
from unit.transports.test_oldscripts import ToldClock

SERVER, AGENT = Identity.generate("server"), Identity.generate("agent")
QUESTION = json.dumps({"Packages": [], "Runner": {"Path": "runner.pyz", "Size": 5}})


class Peer:
    """An agent of ours, or one that has only what the contract knows; `calls` counts what it was asked."""

    def __init__(self, host: ScriptHost, *, is_ours: bool) -> None:
        self.calls: Counter[str] = Counter()
        self._host = host
        self.agent = self._agent(is_ours=is_ours)
        self.server = HalibutRuntime(SERVER)
        self.known = Abilities()
        self.port = 0

    def _agent(self, *, is_ours: bool) -> HalibutRuntime:
        services = {name: self._counted(service) for name, service in services_of(self._host).items()}
        if not is_ours:
            del services[OWN_SERVICE]
            services["ICapabilitiesServiceV2"] = self._counted({"GetCapabilities": self._capabilities})
        agent = HalibutRuntime(AGENT, services=services)
        agent.trust(SERVER.thumbprint)
        return agent

    async def exchange(self) -> None:
        """Another's agent takes the place of ours, with its certificate."""
        await self.agent.close()
        self.agent = self._agent(is_ours=False)
        await self.agent.listen("127.0.0.1", self.port)

    def _counted(self, service: Service) -> Service:
        def counted(name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            @functools.wraps(method)
            async def call(*params: Any) -> Any:
                self.calls[name] += 1
                return await method(*params)

            return call

        return {name: counted(name, method) for name, method in service.items()}

    async def _capabilities(self) -> CapabilitiesResponseV2:
        return CapabilitiesResponseV2(("IScriptService", "IFileTransferService", "IScriptServiceV2"))

    def transport(self) -> AgentTransport:
        endpoint = Endpoint(f"https://127.0.0.1:{self.port}/", AGENT.thumbprint)
        return AgentTransport(self.server, endpoint, name="m1", known=self.known)


@pytest.fixture
async def peer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Peer]:
    async with ScriptHost(tmp_path / "home", environment={"PATH": os.environ["PATH"]}, limits=LIMITS) as host:
        peer = Peer(host, is_ours=request.param == "ours")
        peer.port = await peer.agent.listen("127.0.0.1", 0)
        yield peer
        await peer.server.close()
        await peer.agent.close()


@pytest.mark.parametrize("peer", ["ours"], indirect=True)
async def test_own_agent_answers_and_holds_answers_back(peer: Peer) -> None:
    for _ in range(2):
        assert await peer.transport().find_packages(QUESTION, 0) == "##octopus[polpo-runner]\n"
    assert peer.transport().holds_answers
    heard = Heard()
    await run_script(peer.transport(), script("sleep 0.3; echo 1; sleep 0.3; echo 2", ticket="t1"), heard.receive)
    assert heard.lines == ["1", "2"]
    assert peer.calls["GetCapabilities"] == 1  # for all transports to it
    assert peer.calls["GetStatus"] == 0


@pytest.mark.parametrize("peer", ["another's"], indirect=True)
async def test_other_agent_is_asked_nothing_that_it_does_not_know(peer: Peer) -> None:
    for _ in range(2):
        assert await peer.transport().find_packages(QUESTION, 0) is None
        assert await peer.transport().apply_delta("{}", DataStream.of_bytes(b""), 0) is None
    assert not peer.transport().holds_answers
    heard = Heard()
    await run_script(peer.transport(), script("sleep 0.3; echo 1", ticket="t1"), heard.receive)
    assert heard.lines == ["1"]
    assert peer.calls["GetCapabilities"] == 1
    assert peer.calls["GetStatus"] > 0


@pytest.mark.parametrize("peer", ["ours"], indirect=True)
@pytest.mark.parametrize("asked", ["status", "packages", "delta"])
async def test_agent_that_was_exchanged_is_asked_for_what_it_knows_now(peer: Peer, asked: str) -> None:
    command = script("echo 1", ticket="t1")
    await peer.transport().find_packages(QUESTION, 0)
    await peer.transport().start(command)
    await peer.exchange()
    transport = peer.transport()
    if asked == "status":
        answer = await transport.status(command.script_ticket, 0, wait=5)  # at once, so there need not be a line yet
        assert answer.ticket == command.script_ticket
    elif asked == "packages":
        assert await transport.find_packages(QUESTION, 0) is None
    else:
        assert await transport.apply_delta("{}", DataStream.of_bytes(b""), 0) is None
    assert not peer.transport().holds_answers
    assert peer.calls["GetCapabilities"] == 1


@pytest.mark.parametrize("peer", ["ours"], indirect=True)
async def test_what_an_agent_can_do_is_asked_again_after_ten_minutes(peer: Peer) -> None:
    """Counted from when it last proved so."""
    clock = ToldClock()
    peer.known = Abilities(clock)
    for now, times in ((0.0, 1), (599.0, 1), (1198.0, 1), (1799.0, 2)):
        clock.passed = now
        await peer.transport().find_packages(QUESTION, 0)
        assert peer.calls["GetCapabilities"] == times


def test_no_more_than_ten_thousand_machines_are_remembered() -> None:
    remembered: Remembered[int, str] = Remembered()
    for number in range(10_001):
        remembered.note(number, "known")
    assert (remembered.of(0), remembered.of(1), remembered.of(10_000)) == (None, "known", "known")
