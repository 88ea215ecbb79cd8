"""Can the agent and its servers reach each other, and if not, in which layer does it end and what is to be done?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Literal

import httpx

from polpo.agent.configuration import (
    DEFAULT_PORT,
    DEFAULT_SERVER_PORT,
    AgentConfiguration,
    Instance,
    TrustedServer,
    split_host_port,
)
from polpo.halibut.connecting import Connector, Peer, Proxy
from polpo.halibut.connection import Timings
from polpo.halibut.dialogues import CLIENT
from polpo.halibut.discovery import discover
from polpo.halibut.errors import CannotConnect, ConnectionLost, NotTrusted, ProtocolBroken
from polpo.halibut.tls import TlsContext

Verdict = Literal["ok", "warning", "failed"]
_BOUNDS = Timings(connect=15, io=15)
_API_SECONDS = 15.0
_CLOCKS_MAY_DIFFER = 60.0

_LAYERS = {
    "resolve": "name",
    "connect": "TCP",
    "proxy": "proxy",
    "tls": "TLS",
    "certificate": "certificate",
}
_ADVICE = {
    "resolve": "Check the spelling of the server's name, and this machine's name service.",
    "connect": "Check that the server runs and takes agents there (--agent-listen), and the firewalls in between.",
    "proxy": "Check 'polpo agent configure --proxy', and that the proxy lets this machine through to that port.",
    "tls": "Check that it is the server's port for agents, and that nothing in between takes TLS apart.",
    "certificate": (
        "If the server has a new certificate, take it over: polpo agent update-trust --old-thumbprint … "
        "--new-thumbprint …; if not, somebody else answers at this address."
    ),
}


@dataclass(frozen=True)
class Check:
    """One layer of one connection; `advice` says what to do when it is not well."""

    verdict: Verdict
    layer: str
    text: str
    advice: str = ""

    def __str__(self) -> str:
        told = f"{self.verdict:8}{self.layer}: {self.text}"
        return f"{told}\n        {self.advice}" if self.advice else told


async def check_connectivity(instance: Instance) -> AsyncIterator[tuple[str, list[Check]]]:
    """Each connection by its title, with what was found; NotFound when there is no agent."""
    configuration = instance.read()
    if configuration.listen:
        yield f"Listening on {configuration.listen}", await _listening(instance, configuration)
    for server in configuration.servers:
        if server.mode == "polling":
            yield f"Polling {server.address}", await _polled(instance, configuration, server)
    for web in sorted({server.web for server in configuration.servers if server.web}):
        yield f"The API of {web}", await _api(web)
    if not configuration.servers:
        advice = "Register it: polpo agent register; or trust a server: polpo agent configure --trust."
        yield "Servers", [Check("failed", "trust", "The agent trusts no server, so none can use it.", advice)]


async def _listening(instance: Instance, configuration: AgentConfiguration) -> list[Check]:
    """As a server would see it from this machine."""
    host, port = split_host_port(configuration.listen, DEFAULT_PORT, "The address to listen on")
    near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - where it listens
    ours = instance.identity().thumbprint
    try:
        shown = await discover(near, port, _BOUNDS.connect)
    except CannotConnect as error:
        runs = "The agent runs; look at its log." if instance.is_running else "Run it: polpo agent run."
        return [Check("failed", _LAYERS.get(error.layer, error.layer), error.message, runs)]
    if shown != ours:
        text = f"{near}:{port} shows the certificate {shown}; the agent's is {ours}."
        return [Check("failed", "certificate", text, "Another program listens there: choose another --listen.")]
    checks = [Check("ok", "certificate", f"The agent answers there with its certificate {ours}.")]
    if not any(server.mode == "listening" for server in configuration.servers):
        advice = "Trust it: polpo agent configure --trust <thumbprint of the server>, or polpo agent register."
        checks.append(Check("failed", "trust", "No server is trusted to connect to this agent.", advice))
    if host in {"127.0.0.1", "::1", "localhost"}:
        advice = "For a server elsewhere: polpo agent configure --listen 0.0.0.0:10933."
        checks.append(Check("warning", "TCP", "Only a server on this machine reaches it.", advice))
    return checks


async def _polled(instance: Instance, configuration: AgentConfiguration, server: TrustedServer) -> list[Check]:
    host, port = split_host_port(server.address, DEFAULT_SERVER_PORT, "The server's address")
    identity, proxy = instance.identity(), configuration.proxy
    passed = partial(_passed, proxy)
    connector = Connector(TlsContext(identity), identity.thumbprint, None)
    peer = Peer(host, port, server.thumbprint, proxy)
    try:
        connection = await connector.introduced(peer, CLIENT, _BOUNDS)
    except CannotConnect as error:
        layer = _LAYERS.get(error.layer, error.layer)
        return [*passed(error.layer), Check("failed", layer, error.message, _ADVICE.get(error.layer, ""))]
    except (NotTrusted, ConnectionLost) as error:
        advice = (
            "The server does not know this agent's certificate: register it again with --force, or enter "
            f"{identity.thumbprint} in the machine's settings on the server."
        )
        return [*passed("trust"), Check("failed", "trust", error.message, advice)]
    except ProtocolBroken as error:
        return [*passed("trust"), Check("failed", "protocol", error.message, _ADVICE["tls"])]
    await connection.close()
    checks = [*passed(""), Check("ok", "trust", "The server knows this agent.")]
    if not instance.is_running:
        checks.append(Check("warning", "agent", "The agent does not run, so it does not poll.", "polpo agent run"))
    return checks


def _passed(proxy: Proxy | None, failed: str) -> list[Check]:
    """The layers that must have been well for a failure in this one; all of them when nothing failed.

    Behind a proxy, it is the proxy that finds the server by its name.
    """
    layers = ("proxy" if proxy else "resolve", "connect", "tls", "certificate")
    done = layers[: layers.index(failed)] if failed in layers else layers
    return [Check("ok", _LAYERS[layer], _WELL[layer]) for layer in done]


_WELL = {
    "resolve": "The name is known.",
    "proxy": "The proxy answers.",
    "connect": "The port takes connections.",
    "tls": "TLS is set up.",
    "certificate": "The server shows the certificate that is trusted.",
}


async def _api(web: str) -> list[Check]:
    try:
        async with httpx.AsyncClient(base_url=web, timeout=_API_SECONDS, follow_redirects=True) as client:
            begun = datetime.now(UTC)
            answer = await client.get("/api")
            ended = datetime.now(UTC)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        advice = "Only commands such as register need it; deployments do not."
        return [Check("warning", "API", f"It cannot be reached: {reason}.", advice)]
    if not answer.is_success:
        return [Check("warning", "API", f"It answers with the status {answer.status_code}.", "Look at the server.")]
    return [Check("ok", "API", "It answers."), *_clock(answer.headers.get("date"), begun, ended)]


def _clock(told: str | None, begun: datetime, ended: datetime) -> list[Check]:
    """Certificates and tokens are judged by the clock, so the clocks should agree."""
    try:
        theirs = parsedate_to_datetime(told or "")
    except ValueError:
        return []
    apart = (theirs - (begun + (ended - begun) / 2)).total_seconds()
    if abs(apart) <= _CLOCKS_MAY_DIFFER:
        return [Check("ok", "clock", "This machine's clock agrees with the server's.")]
    way = "behind" if apart > 0 else "ahead of"
    text = f"This machine's clock is {abs(apart):.0f} s {way} the server's."
    return [Check("warning", "clock", text, "Set it, best by NTP: certificates and tokens are judged by it.")]


async def answers(instance: Instance) -> bool:
    """Whether the agent lives: it runs, and answers on its port if it listens."""
    configuration = instance.read()
    if not instance.is_running:
        return False
    if not configuration.listen:
        return True
    host, port = split_host_port(configuration.listen, DEFAULT_PORT, "The address to listen on")
    near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - where it listens
    try:
        async with asyncio.timeout(_BOUNDS.connect):
            return await discover(near, port, _BOUNDS.connect) == instance.identity().thumbprint
    except (CannotConnect, TimeoutError):
        return False
