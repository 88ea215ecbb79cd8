"""Asking an address who is there, before a machine is registered."""

from __future__ import annotations

import re

from polpo.features.machines.resource import Endpoint
from polpo.features.proxies.resource import PROXIES
from polpo.halibut.discovery import discover
from polpo.halibut.errors import CannotConnect
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call

DISCOVERY_QUERY = ("host", "port", "type", "proxyId")

_HOST = re.compile(r"[A-Za-z0-9._:%-]{1,253}")
_LISTENING, _AGENT_PORT, _LARGEST_PORT, _SECONDS = "TentaclePassive", 10933, 65535, 20.0


async def discover_endpoint(call: Call) -> tuple[str, Endpoint]:
    """A name for the machine, and its endpoint with the thumbprint it shows. The person asking is to compare it."""
    host, port = _address(call)
    style = call.text("type") or _LISTENING
    if style.casefold() != _LISTENING.casefold():
        raise _refusal(
            f"type: this server can ask for the thumbprint of a listening agent ({_LISTENING}) only; for a machine of"
            f" the style {style}, enter what identifies it by hand."
        )
    _refuse_proxy(call)
    try:
        thumbprint = await discover(host, port, _SECONDS)
    except CannotConnect as error:
        raise _refusal(error.message) from error
    except (OSError, ValueError) as error:  # a name that cannot be looked up at all
        raise _refusal(f"host: '{host}' cannot be connected to: {error}.") from error
    shown = f"[{host}]" if ":" in host else host
    return host, Endpoint(communication_style="TentaclePassive", uri=f"https://{shown}:{port}/", thumbprint=thumbprint)


def _address(call: Call) -> tuple[str, int]:
    host = (call.text("host") or "").strip("[]")
    if not _HOST.fullmatch(host):
        raise _refusal(f"host must be the name or address of the machine; it is '{host}'.")
    port = call.text("port") or str(_AGENT_PORT)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) <= _LARGEST_PORT:
        raise _refusal(f"port must be between 1 and {_LARGEST_PORT}; it is '{port}'.")
    return host, int(port)


def _refuse_proxy(call: Call) -> None:
    if proxy_id := call.text("proxyId"):
        with call.database.read() as session:
            proxy = session.find(PROXIES, proxy_id)
        if proxy is None or proxy.space_id != call.space:
            raise _refusal(f"proxyId names the proxy '{proxy_id}', which does not exist.")
        raise _refusal("proxyId: this server cannot ask through a proxy; enter the thumbprint by hand.")


def _refusal(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
