"""A server and an agent over TLS on loopback, in both directions of connecting."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as replace_struct
from structlog.testing import capture_logs

from chaos.proxy import Proxy
from polpo.agent.configuration import AgentConfiguration, Instance, TrustedServer, new_subscription
from polpo.agent.program import Agent
from polpo.halibut.certificates import Identity
from polpo.halibut.connection import Timings
from polpo.halibut.contracts import ScriptFile, ScriptTicket
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.transports.agent import AgentTransport
from polpo.transports.following import run_script
from polpo.transports.retries import RetryPolicy
from polpo.transports.transport import MachineUnreachable, ScriptUnknown
from unit.halibut.parties import AGENT, SERVER, STRANGER
from unit.scripthost.running import LIMITS, open_gate, script, until
from unit.transports.test_following import Heard

FAST = Timings(connect=5, io=5, response=20, poll_wait=5, keep_alive=0.2, idle=20, collect=5, reconnect_least=0.05)
PATIENT = RetryPolicy(connect=5, connect_tries=20, connect_pause=0.05, rpc_seconds=20, collect=10)
IMPATIENT = RetryPolicy(connect=5, connect_tries=1, rpc_seconds=0, collect=0.2)


class Pair:
    """A server's end and an agent's home; the agent can be ended and started again at the same place."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.mode = mode
        self.server = self.runtime(SERVER)
        self.subscription = new_subscription()
        self.instance = Instance(folder / "agent")
        AGENT.save(self.instance.home / "agent.pem")
        self.agents: list[Agent] = []
        self.runtimes = [self.server]

    def runtime(self, identity: Identity) -> HalibutRuntime:
        return HalibutRuntime(identity, timings=FAST)

    async def prepare(self, trusted: Identity = SERVER) -> None:
        if self.mode == "listening":
            self.configure(TrustedServer(thumbprint=trusted.thumbprint, mode="listening"), listen="127.0.0.1:0")
            return
        self.server.trust(AGENT.thumbprint)
        self.server.allow_subscription(self.subscription, AGENT.thumbprint)
        port = await self.server.listen("127.0.0.1", 0)
        self.configure(
            TrustedServer(
                thumbprint=trusted.thumbprint,
                mode="polling",
                address=f"127.0.0.1:{port}",
                subscription=self.subscription,
            )
        )

    def configure(self, server: TrustedServer, listen: str = "") -> None:
        self.instance.write(AgentConfiguration(name="web-1", listen=listen, servers=(server,)))

    async def start_agent(self) -> Agent:
        agent = Agent(self.instance, timings=FAST, limits=LIMITS)
        self.agents.append(agent)
        await agent.start()
        if agent.configuration.listen:  # at the same port the next time
            (server,) = agent.configuration.servers
            self.configure(server, listen=f"127.0.0.1:{agent.port}")
        return agent

    def endpoint(self, thumbprint: str = AGENT.thumbprint) -> Endpoint:
        uri = self.subscription if self.mode == "polling" else f"https://127.0.0.1:{self.agents[-1].port}/"
        return Endpoint(uri, thumbprint)

    def transport(self, policy: RetryPolicy = PATIENT, **more: Any) -> AgentTransport:
        return AgentTransport(self.server, self.endpoint(), name="web-1", policy=policy, **more)


MakePair = Callable[[str], Awaitable[Pair]]


@pytest.fixture
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pair]:
    pair = Pair(tmp_path, request.param)
    yield pair
    for agent in pair.agents:
        await agent.close()
    for runtime in pair.runtimes:
        await runtime.close()
    assert not pair.agents or os.listdir(pair.instance.home / "Spool") == []  # noqa: PTH208


both = pytest.mark.parametrize("pair", ["listening", "polling"], indirect=True)
listening = pytest.mark.parametrize("pair", ["listening"], indirect=True)
polling = pytest.mark.parametrize("pair", ["polling"], indirect=True)


@both
async def test_a_script_with_files_runs_on_an_agent(pair: Pair) -> None:
    await pair.prepare()
    await pair.start_agent()
    transport, heard = pair.transport(), Heard()
    stored = await transport.upload("Files/package.zip", DataStream.of_bytes(b"content" * 100_000))
    command = script(
        "cat greeting; wc -c < $TentacleHome/Files/package.zip; echo $TentacleInstanceName; exit 3",
        files=(ScriptFile("greeting", DataStream.of_bytes(b"hello\n")),),
    )

    outcome = await run_script(transport, command, heard.receive)
    await transport.complete(command.script_ticket)

    assert outcome.exit_code == 3
    assert heard.lines == ["hello", "700000", "web-1"]
    assert stored.length == 700_000
    assert os.listdir(pair.instance.home / "Work") == []  # noqa: PTH208
    fetched = await transport.download("Files/package.zip")
    assert fetched is not None
    assert fetched.length == 700_000
    fetched.discard()
    assert await transport.download("Files/other.zip") is None
    assert "IScriptServiceV2" in await transport.capabilities()


@both
async def test_an_agent_that_restarts_in_mid_script_brings_each_line_once(pair: Pair, tmp_path: Path) -> None:
    await pair.prepare()
    first = await pair.start_agent()
    os.mkfifo(tmp_path / "gate")
    notes: list[str] = []
    transport, heard = pair.transport(notify=notes.append), Heard()
    command = script(f"echo before; read line < {tmp_path}/gate; echo after")
    following = asyncio.create_task(run_script(transport, command, heard.receive))
    await asyncio.wait_for(heard.arrived.wait(), 20)

    await first.close()
    await until(lambda: open_gate(tmp_path / "gate"))
    await until(lambda: pair.mode == "polling" or bool(notes))
    await pair.start_agent()
    outcome = await asyncio.wait_for(following, 30)

    assert outcome.exit_code == 0
    assert heard.lines == ["before", "after"]
    assert all("Trying again" in note or "There is contact again" in note for note in notes)


@listening
async def test_a_network_that_swallows_everything_costs_neither_script_nor_lines(pair: Pair, tmp_path: Path) -> None:
    """A connection that hangs is given up, and so are the idle ones beside it."""
    pair.server.timings = replace(FAST, response=0.3, io=0.5)
    await pair.prepare()
    agent = await pair.start_agent()
    os.mkfifo(tmp_path / "gate")
    ran, heard, told = tmp_path / "ran", Heard(), asyncio.Queue[str]()
    command = script(f"echo run >> {ran}; echo before; read line < {tmp_path}/gate; echo after")
    with Proxy(agent.port or 0) as proxy:
        endpoint = Endpoint(f"https://127.0.0.1:{proxy.port}/", AGENT.thumbprint)
        policy = replace(PATIENT, connect=0.3)
        transport = AgentTransport(pair.server, endpoint, name="web-1", policy=policy, notify=told.put_nowait)
        following = asyncio.create_task(run_script(transport, command, heard.receive))
        await asyncio.wait_for(heard.arrived.wait(), 20)
        proxy.cut("silent")
        assert "Trying again (attempt 2)." in await asyncio.wait_for(told.get(), 20)
        proxy.mend()
        await until(lambda: open_gate(tmp_path / "gate"))
        outcome = await asyncio.wait_for(following, 20)
        while "There is contact again" not in await asyncio.wait_for(told.get(), 20):
            continue
    assert outcome.exit_code == 0
    assert heard.lines == ["before", "after"]
    assert ran.read_text() == "run\n"


@both
async def test_a_cancelled_script_ends_on_the_agent(pair: Pair) -> None:
    await pair.prepare()
    await pair.start_agent()
    transport, heard = pair.transport(), Heard()
    command = script("echo started; sleep 600")
    following = asyncio.create_task(run_script(transport, command, heard.receive, is_cancelled=lambda: True))
    await asyncio.wait_for(heard.arrived.wait(), 20)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(following, 30)
    answer = await transport.status(command.script_ticket, 0)
    assert answer.exit_code == ExitCode.CANCELED


@both
async def test_a_script_that_the_agent_lost_is_told(pair: Pair) -> None:
    await pair.prepare()
    await pair.start_agent()
    with pytest.raises(ScriptUnknown, match="web-1 does not know the script 'gone'"):
        await pair.transport().status(ScriptTicket("gone"), 0)


@both
async def test_what_the_agent_refuses_is_told_and_not_repeated(pair: Pair) -> None:
    await pair.prepare()
    await pair.start_agent()
    notes: list[str] = []
    with pytest.raises(TaskError, match=r"The agent of web-1 \(.*\) refused: '\.\./x' is no path"):
        await pair.transport(notify=notes.append).upload("../x", DataStream.of_bytes(b"x"))
    assert notes == []


# -- who is who


@listening
async def test_an_agent_refuses_a_server_it_does_not_trust(pair: Pair) -> None:
    await pair.prepare(trusted=STRANGER)
    with capture_logs() as logs:
        await pair.start_agent()
        with pytest.raises(MachineUnreachable, match=f"may not trust our thumbprint {SERVER.thumbprint}") as caught:
            await pair.transport(IMPATIENT).capabilities()
    assert caught.value.layer == "trust"
    (refusal,) = [entry for entry in logs if "refused" in entry["event"]]
    assert refusal["thumbprint"] == SERVER.thumbprint
    assert "polpo agent configure --trust" in refusal["what_to_do"]


@listening
async def test_a_server_refuses_an_agent_with_another_certificate(pair: Pair) -> None:
    await pair.prepare()
    await pair.start_agent()
    endpoint = Endpoint(pair.endpoint().uri, STRANGER.thumbprint)
    transport = AgentTransport(pair.server, endpoint, name="web-1", policy=PATIENT)
    expected = f"showed the certificate {AGENT.thumbprint}; expected was {STRANGER.thumbprint}"
    with pytest.raises(MachineUnreachable, match=expected) as caught:
        await transport.capabilities()
    assert caught.value.layer == "certificate"


@polling
async def test_a_server_refuses_a_polling_agent_it_does_not_know(pair: Pair) -> None:
    await pair.prepare()
    pair.server.distrust(AGENT.thumbprint)
    with capture_logs() as logs:
        await pair.start_agent()
        await until(lambda: any("refused" in entry["event"] for entry in logs))
    (refusal, *_) = [entry for entry in logs if "refused" in entry["event"]]
    assert refusal["thumbprint"] == AGENT.thumbprint
    with pytest.raises(MachineUnreachable, match="has not called in since the server started") as caught:
        await pair.transport(IMPATIENT).capabilities()
    assert caught.value.layer == "collect"


@polling
async def test_one_node_of_several_says_that_a_polling_agent_must_poll_every_node(pair: Pair) -> None:
    await pair.prepare()
    expected = "not called in at the node two since that started.*must poll every node.*--server-comms of each"
    with pytest.raises(MachineUnreachable, match=expected):
        await pair.transport(IMPATIENT, node="two").capabilities()


@polling
async def test_a_polling_agent_refuses_a_server_with_another_certificate(pair: Pair) -> None:
    await pair.prepare(trusted=STRANGER)
    with capture_logs() as logs:
        await pair.start_agent()
        await until(lambda: any("interrupted" in entry["event"] for entry in logs))
    (entry, *_) = [entry for entry in logs if "interrupted" in entry["event"]]
    assert f"showed the certificate {SERVER.thumbprint}; expected was {STRANGER.thumbprint}" in entry["reason"]


@polling
async def test_an_agent_whose_configuration_was_damaged_goes_on_and_takes_the_next_one(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("polpo.agent.program._LOOK_EVERY", 0.01)
    await pair.prepare()
    agent = await pair.start_agent()
    later = time.time() + 3600
    os.utime(pair.instance.home / "agent.pem", (later, later))  # the clock was set back since
    (good,) = agent.configuration.servers
    watching = asyncio.create_task(agent.watch(asyncio.Event()))
    with capture_logs() as logs:
        pair.configure(replace_struct(good, address="nowhere:port"))
        await until(lambda: any(entry["event"] == "the configuration is left as it was" for entry in logs))
    assert await pair.transport().capabilities()
    other = replace_struct(good, thumbprint=STRANGER.thumbprint)
    pair.configure(other)
    await until(lambda: agent.configuration.servers == (other,))
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


@polling
async def test_an_absent_polling_agent_is_told_with_its_last_contact(pair: Pair) -> None:
    await pair.prepare()
    agent = await pair.start_agent()
    await pair.transport().capabilities()
    assert pair.server.last_contact(pair.endpoint()) is not None
    await agent.close()
    with pytest.raises(MachineUnreachable, match=r"The agent last called in at 20\d\d-"):
        await pair.transport(IMPATIENT).capabilities()


@polling
async def test_a_polling_agent_with_a_new_certificate_is_served_anew(pair: Pair) -> None:
    await pair.prepare()
    first = await pair.start_agent()
    await pair.transport().capabilities()
    pair.server.trust(STRANGER.thumbprint)
    pair.server.allow_subscription(pair.subscription, STRANGER.thumbprint)
    await first.close()
    STRANGER.save(pair.instance.home / "agent.pem")
    await pair.start_agent()
    endpoint = pair.endpoint(STRANGER.thumbprint)
    assert await AgentTransport(pair.server, endpoint, name="web-1", policy=PATIENT).capabilities()


@pytest.mark.parametrize(
    ("uri", "layer", "sentence"),
    [
        ("https://nowhere.invalid:10933/", "resolve", "The name 'nowhere.invalid' cannot be resolved"),
        ("https://127.0.0.1:{port}/", "connect", "cannot be reached: Connect"),
    ],
)
async def test_a_machine_that_is_not_there_is_told_with_the_layer(
    uri: str, layer: str, sentence: str, unused_tcp_port: int
) -> None:
    server = HalibutRuntime(SERVER, timings=FAST)
    endpoint = Endpoint(uri.format(port=unused_tcp_port), AGENT.thumbprint)
    with pytest.raises(MachineUnreachable, match=sentence) as caught:
        await AgentTransport(server, endpoint, name="web-1", policy=IMPATIENT).capabilities()
    assert caught.value.layer == layer
    assert "web-1 (" in caught.value.message
    await server.close()


async def test_something_else_on_the_port_is_told_as_a_tls_failure() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example SMTP\r\n")
        with contextlib.suppress(OSError):
            await reader.read()
        writer.close()
        gone.set()

    gone = asyncio.Event()

    listener = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    server = HalibutRuntime(SERVER, timings=FAST)
    transport = AgentTransport(
        server, Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint), name="web-1", policy=IMPATIENT
    )
    with pytest.raises(MachineUnreachable, match="took the connection but TLS failed") as caught:
        await transport.capabilities()
    assert caught.value.layer == "tls"
    await asyncio.wait_for(gone.wait(), 5)
    listener.close()
    await listener.wait_closed()
    await server.close()
