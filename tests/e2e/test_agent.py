"""The agent as a process: killed, restarted and told to stop while scripts run on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from agents import POLPO, SERVER, Target, tell

from polpo.agent.server_api import ServerApi
from polpo.kernel.errors import Unavailable
from polpo.transports.following import run_script
from unit.scripthost.running import open_gate, script, until
from unit.transports.test_following import Heard

KEY = "API-E2EAGENTS000000000000000001"


@pytest.mark.parametrize("mode", ["listening", "polling"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
async def test_a_script_outlives_its_agent_and_its_result_arrives_once(
    target: Target, tmp_path: Path, mode: str, end: signal.Signals
) -> None:
    await target.prepare(mode)
    await target.start()
    os.mkfifo(tmp_path / "gate")
    ran = tmp_path / "ran"
    command = script(f"echo run >> {ran}; echo before; read line < {tmp_path}/gate; echo after; exit 5")
    heard = Heard()
    following = asyncio.create_task(run_script(target.transport(), command, heard.receive))
    await asyncio.wait_for(heard.arrived.wait(), 60)

    assert await target.stop(end) == (0 if end == signal.SIGTERM else -signal.SIGKILL)
    await until(lambda: open_gate(tmp_path / "gate"))
    await target.start()
    outcome = await asyncio.wait_for(following, 60)
    await target.transport().complete(command.script_ticket)

    assert outcome.exit_code == 5
    assert heard.lines == ["before", "after"]
    assert ran.read_text() == "run\n"
    assert os.listdir(target.instance.home / "Work") == []  # noqa: PTH208


async def test_the_agent_of_a_folder_runs_once(target: Target) -> None:
    await target.prepare("listening")
    await target.start()
    code, _, errors = await tell("agent", "run", "--home", str(target.instance.home))
    assert code == 1
    assert "runs already; stop that one first" in errors
    assert "Traceback" not in errors


async def test_a_port_that_is_taken_is_told(target: Target, tmp_path: Path) -> None:
    await target.prepare("listening")
    await target.start()
    home = str(tmp_path / "other")
    await tell("agent", "configure", "--home", home, "--listen", f"127.0.0.1:{target.port}")
    code, _, errors = await tell("agent", "run", "--home", home)
    assert code == 1
    assert f"cannot listen on 127.0.0.1:{target.port}" in errors


async def test_a_running_agent_takes_over_whom_it_trusts(target: Target) -> None:
    await target.prepare("listening")
    target.instance.write(target.instance.read().distrusting(SERVER.thumbprint))
    await target.start()
    code, said, _ = await tell(
        "agent", "configure", "--home", str(target.instance.home), "--trust", SERVER.thumbprint.lower()
    )
    assert code == 0
    assert target.instance.identity().thumbprint in said
    assert "IScriptServiceV2" in await target.transport().capabilities()


async def test_the_commands_show_what_the_agent_is(target: Target) -> None:
    await target.prepare("listening")
    home = str(target.instance.home)
    thumbprint = target.instance.identity().thumbprint
    assert await tell("agent", "show-thumbprint", "--home", home) == (0, f"{thumbprint}\n", "")
    code, shown, _ = await tell("agent", "show-configuration", "--home", home)
    assert code == 0
    assert SERVER.thumbprint in shown
    code, _, errors = await tell("agent", "configure", "--home", home, "--trust", "nonsense")
    assert (code, errors.startswith("polpo: 'nonsense' is no thumbprint")) == (1, True)


@pytest.fixture
async def server_url(tmp_path: Path, unused_tcp_port_factory: Callable[[], int]) -> AsyncIterator[str]:
    """A server process with an environment named Test."""
    address, agents = (f"127.0.0.1:{unused_tcp_port_factory()}" for _ in range(2))
    process = await asyncio.create_subprocess_exec(
        *POLPO, "server", "--listen", address, "--agent-listen", agents, "--data-dir", str(tmp_path / "data"),
        env={**os.environ, "POLPO_ADMIN_API_KEY": KEY}, stderr=PIPE,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        assert b"listens on" in await asyncio.wait_for(process.stderr.readline(), 60)
        async with httpx.AsyncClient(base_url=f"http://{address}", headers={"X-Octopus-ApiKey": KEY}) as client:
            api = ServerApi(client)
            await until_served(api)
            await api.post("/api/Spaces-1/environments", {"Name": "Test"})
        yield f"http://{address}"
    finally:
        process.terminate()
        await asyncio.wait_for(process.communicate(), 30)


async def until_served(api: ServerApi) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(Unavailable):
                await api.open()
                return
            await asyncio.sleep(0.05)


async def test_a_machine_registers_and_leaves_by_command(server_url: str, tmp_path: Path, unused_tcp_port: int) -> None:
    home, account = str(tmp_path / "agent"), ("--server", server_url, "--api-key", KEY)
    wanted = ("--name", "web-1", "--role", "web", "--listen", f"127.0.0.1:{unused_tcp_port}", "--home", home)

    code, said, errors = await tell("agent", "register", *account, *wanted, "--environment", "Test")
    assert (code, errors) == (0, "")
    assert f"Registered 'web-1' (Machines-1) in Test at https://127.0.0.1:{unused_tcp_port}/." in said
    assert f"polpo agent run --home {home}" in said

    code, _, errors = await tell("agent", "register", *account, *wanted, "--environment", "Test")
    assert code == 1
    assert "say --force to take it over" in errors
    code, _, errors = await tell("agent", "register", *account, *wanted, "--environment", "Moon", "--force")
    assert code == 1
    assert "There are: Test." in errors

    code, said, errors = await tell("agent", "deregister", *account, "--home", home)
    assert (code, errors) == (0, "")
    assert "Removed web-1" in said
