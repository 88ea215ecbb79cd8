"""Health checks over a transport; the machine is this one."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from polpo.halibut.contracts import ScriptTicket
from polpo.scripthost.environment import machine_variables
from polpo.scripthost.host import ScriptHost
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.transports.health import Health, check
from polpo.transports.local import LocalTransport
from polpo.transports.transport import MachineUnreachable
from polpo.version import __version__
from unit.scripthost.running import LIMITS, finish


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[ScriptHost]:
    home = tmp_path / "home"
    environment = {"PATH": os.environ["PATH"], **machine_variables(home, home / "Applications", "web-1")}
    async with ScriptHost(home, environment=environment, limits=LIMITS) as host:
        yield host


async def look(host: ScriptHost, script: str | None = None, **more: Any) -> Health:
    return await check(LocalTransport(host), ticket=uuid.uuid4().hex, task_id="ServerTasks-1", script=script, **more)


def messages(health: Health, category: str) -> list[str]:
    return [line.text for line in health.lines if line.category == category]


async def test_a_healthy_machine_tells_what_it_is(host: ScriptHost) -> None:
    health = await look(host, "echo all is well")
    assert (health.status, health.summary) == ("Healthy", "The machine is healthy.")
    assert health.agent_version == __version__
    assert health.facts["architecture"] == os.uname().machine
    assert health.facts["shell_name"] == "Bash"
    assert set(health.facts) == {
        "operating_system", "operating_system_version", "architecture", "shell_name", "shell_version"
    }  # fmt: skip
    assert messages(health, "Info")[-1] == "all is well"
    assert "MB are free" in messages(health, "Info")[0]
    assert list((host.home / "Work").iterdir()) == []


@pytest.mark.parametrize(
    ("script", "status", "category", "text"),
    [
        (
            "printf '##octopus[stdout-warning]\\nhot\\n##octopus[stdout-default]\\nok\\n'",
            "HasWarnings",
            "Warning",
            "hot",
        ),
        ("echo broken >&2", "Unhealthy", "Error", "broken"),
        ("echo so; exit 2", "Unhealthy", "Info", "so"),
    ],
)
async def test_what_the_policys_script_says_decides(
    host: ScriptHost, script: str, status: str, category: str, text: str
) -> None:
    health = await look(host, script)
    assert health.status == status
    assert messages(health, category)[-1] == text


async def test_connecting_may_be_enough(host: ScriptHost) -> None:
    health = await look(host, "exit 1", connect_only=True)
    assert (health.status, health.facts) == ("Healthy", {})


async def test_a_machine_that_cannot_be_reached_is_unavailable(
    host: ScriptHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(_: LocalTransport) -> tuple[str, ...]:
        raise MachineUnreachable("web-1 (127.0.0.1:1) cannot be reached: refused.", "connect")

    monkeypatch.setattr(LocalTransport, "capabilities", nobody)
    health = await look(host)
    assert health.status == "Unavailable"
    assert messages(health, "Error") == ["web-1 (127.0.0.1:1) cannot be reached: refused."]


async def test_a_check_that_hangs_is_given_up_and_ended(host: ScriptHost) -> None:
    transport, ticket = LocalTransport(host), uuid.uuid4().hex
    health = await check(transport, ticket=ticket, task_id="ServerTasks-1", script="sleep 600", seconds=0.3)
    assert health.status == "Unhealthy"
    assert "given up" in health.summary
    answer, _ = await asyncio.wait_for(finish(host, ScriptTicket(ticket)), 20)
    assert answer.exit_code in (ExitCode.CANCELED, ExitCode.UNKNOWN_TICKET)
