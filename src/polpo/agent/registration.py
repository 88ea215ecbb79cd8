"""Making an agent known to a server, and the server to the agent."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from polpo.agent.configuration import (
    DEFAULT_PORT,
    DEFAULT_SERVER_PORT,
    AgentConfiguration,
    Instance,
    TrustedServer,
    checked_thumbprint,
    split_host_port,
)
from polpo.agent.server_api import ServerApi
from polpo.halibut.discovery import discover
from polpo.halibut.errors import CannotConnect
from polpo.kernel.errors import Conflict, Invalid, NotFound, Unavailable

Mode = Literal["listening", "polling"]
_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - what a listening address may say, not what we listen on


@dataclass(frozen=True)
class Registration:
    """What the command line says. `server_comms` is where a polling agent finds the server: host:port.

    `environments`, `space` and `policy` are names, ids or slugs. `public_host` is how the server finds a listening
    agent; one that has it listens on every address unless told otherwise, one that has not only on this machine.
    """

    server: str
    name: str
    mode: Mode = "listening"
    environments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    listen: str = ""
    public_host: str = ""
    server_comms: str = ""
    space: str = ""
    policy: str = ""
    force: bool = False

    @property
    def listening_address(self) -> str:
        return self.listen or f"{'0.0.0.0' if self.public_host else '127.0.0.1'}:{DEFAULT_PORT}"  # noqa: S104


@dataclass(frozen=True)
class Registered:
    """The target as the server has it now."""

    id: str
    name: str
    address: str
    server_thumbprint: str
    environments: list[str] = field(default_factory=list)


async def register(instance: Instance, wanted: Registration, api: ServerApi) -> Registered:
    """Creates the target, or takes over the one of the same name with `force`, and makes the agent trust the server.

    Nothing is written, here or there, before everything that is named was found.
    """
    if not wanted.environments or not wanted.roles:
        raise Invalid("A target needs at least one environment and one role: --environment Test --role web-server.")
    configuration = instance.read() if instance.exists else AgentConfiguration(name=wanted.name)
    await api.wait_until_ready()
    space = await _space(api, wanted.space)
    thumbprint = await _server_thumbprint(api, space)
    base = f"/api/{space}"
    environments = [await api.pick(f"{base}/environments/all", name, "environment") for name in wanted.environments]
    policy = await api.pick(f"{base}/machinepolicies/all", wanted.policy, "machine policy") if wanted.policy else None
    known = await _named(api, base, wanted)
    server = await _server(wanted, configuration, thumbprint)
    target: dict[str, Any] = {
        **(known or {}),
        "Name": wanted.name,
        "EnvironmentIds": [environment["Id"] for environment in environments],
        "Roles": list(wanted.roles),
        "Endpoint": _endpoint(wanted, server, instance.identity().thumbprint),
        "IsDisabled": False,
    }
    if policy:
        target["MachinePolicyId"] = policy["Id"]
    if known:
        saved = await api.put(f"{base}/machines/{known['Id']}", target)
    else:
        saved = await api.post(f"{base}/machines", target)
    listen = wanted.listening_address if wanted.mode == "listening" else configuration.listen
    configuration = msgspec.structs.replace(configuration, name=wanted.name, listen=listen)
    instance.write(configuration.trusting(server))
    names = [str(environment["Name"]) for environment in environments]
    return Registered(saved["Id"], saved["Name"], saved["Endpoint"]["Uri"], thumbprint, names)


async def deregister(instance: Instance, api: ServerApi, space: str = "", *, multiple: bool = False) -> list[str]:
    """Deletes the targets that have this agent's certificate, and ends the trust in the server. Returns their names."""
    configuration = instance.read()
    await api.wait_until_ready()
    space_id = await _space(api, space)
    thumbprint = instance.identity().thumbprint
    machines = await api.items(f"/api/{space_id}/machines", thumbprint=thumbprint)
    mine = [machine for machine in machines if (machine["Endpoint"].get("Thumbprint") or "") == thumbprint]
    if not mine:
        raise NotFound(f"The server has no target with this agent's thumbprint {thumbprint} in the space.")
    if len(mine) > 1 and not multiple:
        names = ", ".join(machine["Name"] for machine in mine)
        raise Conflict(f"Several targets have this agent's certificate: {names}. Say --multiple to remove them all.")
    for machine in mine:
        await api.delete(f"/api/{space_id}/machines/{machine['Id']}")
    instance.write(configuration.distrusting(await _server_thumbprint(api, space_id)))
    return [str(machine["Name"]) for machine in mine]


async def _space(api: ServerApi, wanted: str) -> str:
    if wanted:
        return str((await api.pick("/api/spaces/all", wanted, "space"))["Id"])
    spaces = await api.get("/api/spaces/all")
    for space in spaces:
        if space.get("IsDefault"):
            return str(space["Id"])
    raise Invalid("The server has no default space; name the space with --space.")


async def _server_thumbprint(api: ServerApi, space: str) -> str:
    certificate = await api.get(f"/api/{space}/certificates/certificate-global")
    return checked_thumbprint(str(certificate["Thumbprint"]))


async def _named(api: ServerApi, base: str, wanted: Registration) -> dict[str, Any] | None:
    """The target that has the name already; Conflict unless it may be taken over."""
    found = await api.items(f"{base}/machines", partialName=wanted.name)
    known = next((machine for machine in found if machine["Name"].casefold() == wanted.name.casefold()), None)
    if known is not None and not wanted.force:
        raise Conflict(
            f"There is a target named '{wanted.name}' already ({known['Id']}). Choose another --name, or say --force "
            "to take it over."
        )
    return known


async def _server(wanted: Registration, configuration: AgentConfiguration, thumbprint: str) -> TrustedServer:
    if wanted.mode == "listening":
        return TrustedServer(thumbprint=thumbprint, mode="listening")
    address = wanted.server_comms or urlsplit(wanted.server).hostname or ""
    host, port = split_host_port(address, DEFAULT_SERVER_PORT, "The server's address for agents (--server-comms)")
    await _compare(host, port, thumbprint)
    return TrustedServer(
        thumbprint=thumbprint,
        mode="polling",
        address=f"{host}:{port}" if ":" not in host else f"[{host}]:{port}",
        subscription=configuration.subscription_for(thumbprint),
    )


async def _compare(host: str, port: int, thumbprint: str) -> None:
    """A polling agent that cannot reach the server, or would find another one, is not worth registering."""
    try:
        shown = await discover(host, port)
    except CannotConnect as error:
        raise Unavailable(
            f"A polling agent must reach the server at {host}:{port}, but: {error.message} "
            "Say where the server takes agents with --server-comms host:port."
        ) from error
    if shown != thumbprint:
        raise Invalid(
            f"{host}:{port} shows the certificate {shown}, but the server's is {thumbprint}: it is another server, or "
            "something in between takes TLS apart. Say where the server takes agents with --server-comms host:port."
        )


def _endpoint(wanted: Registration, server: TrustedServer, thumbprint: str) -> dict[str, str]:
    if server.mode == "polling":
        return {"CommunicationStyle": "TentacleActive", "Uri": server.subscription, "Thumbprint": thumbprint}
    host, port = split_host_port(wanted.listening_address, DEFAULT_PORT, "--listen")
    if port == 0:
        raise Invalid("--listen needs a port that stays the same, such as 10933; the server connects to it.")
    public = wanted.public_host or (socket.getfqdn() if host in _ANYWHERE else host)
    shown = f"[{public}]" if ":" in public else public
    return {"CommunicationStyle": "TentaclePassive", "Uri": f"https://{shown}:{port}/", "Thumbprint": thumbprint}
