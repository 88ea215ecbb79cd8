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
    Mode,
    TrustedServer,
    split_host_port,
)
from polpo.agent.instances import refuse_clash
from polpo.agent.polling import compared
from polpo.agent.server_api import ServerApi
from polpo.agent.spaces import Space, space_of
from polpo.halibut.connecting import Proxy
from polpo.kernel.errors import Conflict, Invalid

Participation = Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"]
_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - what a listening address may say, not what we listen on


@dataclass(frozen=True)
class Registration:
    """What the command line says. `server_comms` is where a polling agent finds the server: host:port.

    With `worker_pools` the machine becomes a worker, else a target. What is named may be a name, an id or a slug;
    tags of tenants are `Set/Tag`. `public_host` is how the server finds a listening agent, with a port where that is
    not the one that the agent listens on; an agent that has it listens on every address unless told otherwise, one
    that has not only on this machine. `via_proxy` is the proxy by which the server reaches a listening agent.
    """

    server: str
    name: str
    mode: Mode = "listening"
    environments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    worker_pools: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    tenant_tags: tuple[str, ...] = ()
    participation: Participation | None = None
    listen: str = ""
    public_host: str = ""
    server_comms: str = ""
    subscription: str = ""
    space: str = ""
    policy: str = ""
    via_proxy: str = ""
    proxy: Proxy | None = None
    force: bool = False

    @property
    def is_worker(self) -> bool:
        return bool(self.worker_pools)

    @property
    def collection(self) -> str:
        return "workers" if self.is_worker else "machines"

    def listening_address(self, configured: str) -> str:
        anywhere = "0.0.0.0" if self.public_host else "127.0.0.1"  # noqa: S104 - the server is to reach it
        return self.listen or configured or f"{anywhere}:{DEFAULT_PORT}"

    def check(self) -> None:
        if self.is_worker and (self.environments or self.roles):
            raise Invalid("A machine is a target (--environment, --role) or a worker (--worker-pool); register twice.")
        if not self.is_worker and not (self.environments and self.roles):
            raise Invalid(
                "A target needs at least one environment and one role: --environment Test --role web-server. "
                "A worker needs a pool: --worker-pool 'Default Worker Pool'."
            )
        if self.via_proxy and self.mode == "polling":
            raise Invalid(
                "--via-proxy is the server's way to a listening agent; a polling agent has its own: --proxy host:port."
            )


@dataclass(frozen=True)
class Registered:
    """`places` are the environments of a target, or the pools of a worker. `waits` tells that the agent is to be run:
    the server checks it when it answers for the first time."""

    id: str
    name: str
    address: str
    server_thumbprint: str
    waits: bool
    places: list[str] = field(default_factory=list)


async def register(instance: Instance, wanted: Registration, api: ServerApi) -> Registered:
    """Creates the target or worker, or takes over the one of the same name with `force`, and trusts the server.

    Nothing is written, here or there, before everything that is named was found.
    """
    wanted.check()
    configuration = instance.read() if instance.exists else AgentConfiguration(name=wanted.name)
    listen = wanted.listening_address(configuration.listen) if wanted.mode == "listening" else configuration.listen
    refuse_clash(instance, listen)
    await api.open()
    space = await space_of(api, wanted.space)
    thumbprint = await space.server_thumbprint()
    known = await _named(space, wanted)
    belongings, places = await _belongings(space, wanted)
    machine = {**(known or {}), "Name": wanted.name, "IsDisabled": False, **belongings}
    server = await _server(wanted, configuration, thumbprint)
    endpoint = _endpoint(wanted, server, listen, instance.identity().thumbprint)
    if wanted.via_proxy:
        endpoint["ProxyId"] = (await space.ids("proxies", (wanted.via_proxy,), "proxy"))[0]
    waits = not instance.is_running
    if waits and not known:
        machine["SkipInitialHealthCheck"] = True
    saved = await _save(space, wanted, known, {**machine, "Endpoint": endpoint})
    changes: dict[str, Any] = {"name": wanted.name, "listen": listen}
    if wanted.proxy:
        changes["proxy"] = wanted.proxy
    instance.write(msgspec.structs.replace(configuration, **changes).trusting(server))
    return Registered(saved["Id"], saved["Name"], saved["Endpoint"]["Uri"], thumbprint, waits, places)


async def _save(space: Space, wanted: Registration, known: dict[str, Any] | None, machine: dict[str, Any]) -> Any:
    path = f"{space.base}/{wanted.collection}"
    if known:
        return await space.api.put(f"{path}/{known['Id']}", machine)
    return await space.api.post(path, machine)


async def _belongings(space: Space, wanted: Registration) -> tuple[dict[str, Any], list[str]]:
    """What the machine belongs to, by id; and its environments or pools by name."""
    found: dict[str, Any] = {}
    if wanted.policy:
        found["MachinePolicyId"] = (await space.ids("machinepolicies", (wanted.policy,), "machine policy"))[0]
    if wanted.is_worker:
        places = await space.named("workerpools", wanted.worker_pools, "worker pool")
        return found | {"WorkerPoolIds": _ids(places)}, _names(places)
    places = await space.environments(wanted.environments)
    found |= {"EnvironmentIds": _ids(places), "Roles": list(wanted.roles)}
    if wanted.tenants or wanted.tenant_tags or wanted.participation:
        found["TenantIds"] = await space.ids("tenants", wanted.tenants, "tenant")
        found["TenantTags"] = await space.tags(wanted.tenant_tags)
        is_tenanted = bool(wanted.tenants or wanted.tenant_tags)
        usual: Participation = "Tenanted" if is_tenanted else "Untenanted"
        found["TenantedDeploymentParticipation"] = wanted.participation or usual
    return found, _names(places)


def _ids(documents: list[dict[str, Any]]) -> list[str]:
    return [str(one["Id"]) for one in documents]


def _names(documents: list[dict[str, Any]]) -> list[str]:
    return [str(one["Name"]) for one in documents]


async def _named(space: Space, wanted: Registration) -> dict[str, Any] | None:
    """The machine that has the name already; Conflict unless it may be taken over."""
    found = await space.api.items(f"{space.base}/{wanted.collection}", partialName=wanted.name)
    known = next((machine for machine in found if machine["Name"].casefold() == wanted.name.casefold()), None)
    if known is not None and not wanted.force:
        what = "worker" if wanted.is_worker else "target"
        raise Conflict(
            f"There is a {what} named '{wanted.name}' already ({known['Id']}). Choose another --name, or say --force "
            "to take it over."
        )
    return known


async def _server(wanted: Registration, configuration: AgentConfiguration, thumbprint: str) -> TrustedServer:
    web = wanted.server.rstrip("/")
    if wanted.mode == "listening":
        return TrustedServer(thumbprint=thumbprint, mode="listening", web=web)
    address = wanted.server_comms or urlsplit(wanted.server).hostname or ""
    host, port = split_host_port(address, DEFAULT_SERVER_PORT, "The server's address for agents (--server-comms)")
    return TrustedServer(
        thumbprint=thumbprint,
        mode="polling",
        address=await compared(host, port, thumbprint, wanted.proxy or configuration.proxy),
        subscription=wanted.subscription or configuration.subscription_for(thumbprint),
        web=web,
    )


def _endpoint(wanted: Registration, server: TrustedServer, listen: str, thumbprint: str) -> dict[str, str]:
    if server.mode == "polling":
        return {"CommunicationStyle": "TentacleActive", "Uri": server.subscription, "Thumbprint": thumbprint}
    host, port = split_host_port(listen, DEFAULT_PORT, "--listen")
    if port == 0:
        raise Invalid("--listen needs a port that stays the same, such as 10933; the server connects to it.")
    public = wanted.public_host or (socket.getfqdn() if host in _ANYWHERE else host)
    seen, seen_port = split_host_port(public, port, "--public-host") if public.count(":") < 2 else (public, port)
    shown = f"[{seen}]" if ":" in seen else seen
    return {"CommunicationStyle": "TentaclePassive", "Uri": f"https://{shown}:{seen_port}/", "Thumbprint": thumbprint}
