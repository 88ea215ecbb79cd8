"""What a browser and a monitor see on the agent's port."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

from polpo.agent.configuration import AgentConfiguration, Instance
from polpo.agent.program import Agent
from polpo.version import __version__


async def fetched(port: int, path: str) -> str:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: web-1\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer.decode()


async def test_a_browser_sees_who_is_there_and_a_monitor_that_it_lives(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "agent")
    instance.write(AgentConfiguration(name="web <1>", listen="127.0.0.1:0"))
    agent = Agent(instance)
    await agent.start()
    try:
        page = await fetched(agent.port or 0, "/")
        alive = await fetched(agent.port or 0, "/livez?from=monitor")
    finally:
        await agent.close()
    assert page.startswith("HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n")
    for part in ("web &lt;1&gt;", f"Polpo agent {__version__}", instance.identity().thumbprint):
        assert part in page
    assert alive.endswith("\r\n\r\nok\n")
