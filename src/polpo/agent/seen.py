"""A listening agent as its servers see it: they are asked to connect, and say what they found."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from polpo.agent.checking import Check
from polpo.agent.configuration import DEFAULT_PORT, Instance
from polpo.agent.server_api import ServerApi
from polpo.agent.spaces import Space, every_space
from polpo.kernel.errors import AppError

_ADVICE = (
    "The server does not get here. Check the machine's address on the server, the name as the server resolves it, and "
    "the firewalls in between; --public-host of 'polpo agent register --force' changes the address."
)
_COLLECTIONS = {"machines": "target", "workers": "worker"}


async def check_from(api: ServerApi, instance: Instance) -> list[Check]:
    """What a server finds at the addresses that it has for this agent."""
    await api.open()
    thumbprint = instance.identity().thumbprint
    checks = [
        await _asked(space, collection, machine, thumbprint)
        for space in await every_space(api)
        for collection in _COLLECTIONS
        for machine in await space.machines_of(collection, thumbprint)
    ]
    if checks:
        return checks
    advice = "Register it: polpo agent register; or enter its thumbprint in the machine's settings on the server."
    return [Check("failed", "trust", f"The server has no machine with the certificate {thumbprint}.", advice)]


async def _asked(space: Space, collection: str, machine: dict[str, Any], thumbprint: str) -> Check:
    endpoint, what = machine["Endpoint"], f"the {_COLLECTIONS[collection]} '{machine['Name']}'"
    if endpoint["CommunicationStyle"] != "TentaclePassive":
        text = f"{what} has the subscription {endpoint.get('Uri')}; the agent is to poll."
        return Check("ok", "server", text[0].upper() + text[1:])
    address = urlsplit(endpoint["Uri"])
    query = {"host": address.hostname or "", "port": address.port or DEFAULT_PORT, "type": "TentaclePassive"}
    if endpoint.get("ProxyId"):
        query["proxyId"] = endpoint["ProxyId"]
    try:
        seen = await space.api.get(f"{space.base}/{collection}/discover", **query)
    except AppError as error:
        return Check("failed", "server", f"At {endpoint['Uri']} of {what}: {error.message}", _ADVICE)
    shown = seen["Endpoint"].get("Thumbprint")
    if shown != thumbprint:
        text = f"At {endpoint['Uri']} of {what} the server sees the certificate {shown}, not this agent's."
        return Check("failed", "server", text, "Another agent answers at that address; change one of the two.")
    return Check("ok", "server", f"The server reaches {what} at {endpoint['Uri']}.")
