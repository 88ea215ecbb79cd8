"""Asking an address who is there, before a machine is registered."""

from __future__ import annotations

import re

from polpo.features.machines.resource import Endpoint
from polpo.features.proxies.resource import PROXIES
from polpo.features.proxies.service import way_through
from polpo.halibut.connecting import Proxy
from polpo.halibut.discovery import discover
from polpo.halibut.proxying import authority
from polpo.kernel.errors import Invalid, WireError
from polpo.rest.call import Call
from polpo.transports.ssh.asking import ask_host_key

DISCOVERY_QUERY = ("host", "port", "type", "proxyId")

_HOST = re.compile(r"[A-Za-z0-9._:%-]{1,253}")
_LARGEST_PORT, _SECONDS = 65535, 20.0
_USUAL_PORTS = {"tentaclepassive": 10933, "ssh": 22}


async def discover_endpoint(call: Call) -> tuple[str, Endpoint]:
    """A name for the machine, and its endpoint with what it shows itself by; whoever asks is to compare it."""
    style = call.text("type") or "TentaclePassive"
    usual = _USUAL_PORTS.get(style.casefold())
    if usual is None:
        raise _refusal(
            f"type: listening agents (TentaclePassive) and SSH servers (Ssh) can be asked; a machine of the style"
            f" {style} cannot."
        )
    host, port = _address(call, usual)
    proxy = _proxy(call)
    ask = _ask_ssh if style.casefold() == "ssh" else _ask_agent
    try:
        return host, await ask(host, port, proxy)
    except WireError as error:
        raise _refusal(error.message) from error
    except (OSError, ValueError) as error:  # a name that cannot be looked up at all
        raise _refusal(f"host: '{host}' cannot be connected to: {error}.") from error


async def _ask_agent(host: str, port: int, proxy: Proxy | None) -> Endpoint:
    thumbprint = await discover(host, port, _SECONDS, proxy)
    uri = f"https://{authority(host, port)}/"
    return Endpoint(communication_style="TentaclePassive", uri=uri, thumbprint=thumbprint)


async def _ask_ssh(host: str, port: int, proxy: Proxy | None) -> Endpoint:
    key = await ask_host_key(host, port, _SECONDS, proxy)
    return Endpoint(
        communication_style="Ssh",
        host=host,
        port=port,
        uri=f"ssh://{authority(host, port)}/",
        fingerprint=key.fingerprint,
        host_key_algorithm=key.algorithm,
    )


def _address(call: Call, usual_port: int) -> tuple[str, int]:
    host = (call.text("host") or "").strip("[]")
    if not _HOST.fullmatch(host):
        raise _refusal(f"host must be the name or address of the machine; it is '{host}'.")
    port = call.text("port") or str(usual_port)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) <= _LARGEST_PORT:
        raise _refusal(f"port must be between 1 and {_LARGEST_PORT}; it is '{port}'.")
    return host, int(port)


def _proxy(call: Call) -> Proxy | None:
    proxy_id = call.text("proxyId")
    if not proxy_id:
        return None
    with call.database.read() as session:
        stored = session.find(PROXIES, proxy_id)
        proxy = way_through(session, proxy_id)
    if proxy is None or stored is None or stored.space_id != call.space:
        raise _refusal(f"proxyId names the proxy '{proxy_id}', which does not exist.")
    return proxy


def _refusal(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
