"""Registering with servers, polling more of them, and leaving them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from polpo.cli.agent.program import NOBODY, THE_ONE, Login, Which, Words, agent, say
from polpo.kernel.errors import Invalid

if TYPE_CHECKING:
    from polpo.agent.registration import Registration

_MODES = {"tentaclepassive": "listening", "tentacleactive": "polling"}


def _mode(_type: Any, tokens: Sequence[Any]) -> Any:
    said = str(tokens[0].value).casefold()
    mode = _MODES.get(said, said)
    if mode not in _MODES.values():
        raise Invalid(f"--mode is listening or polling; it is '{tokens[0].value}'.")
    return mode


Modes = Annotated[
    Literal["listening", "polling"],
    Parameter(
        name=["--mode", "--comms-style", "--style"],
        converter=_mode,
        help="Whether the server connects to us (listening), or we to it (polling).",
    ),
]
Comms = Annotated[
    str,
    Parameter(
        name=["--server-comms", "--server-comms-address", "--host"],
        help="host:port where the server takes polling agents; its port 10943 unless told.",
    ),
]
CommsPort = Annotated[
    int | None, Parameter(name=["--server-comms-port", "--port"], help="The port, where it is not in --server-comms.")
]
Space = Annotated[str, Parameter(help="Name of the space; your default one unless told.")]
Thumbprint = Annotated[str, Parameter(help="Thumbprint of the server.")]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Belongings:
    """What the machine is part of."""

    environment: Annotated[
        Words, Parameter(name=["--environment", "--env"], help="An environment; several times.")
    ] = ()
    role: Annotated[
        Words, Parameter(name=["--role", "--tag"], help="A tag by which steps find the target; several times.")
    ] = ()
    worker_pool: Annotated[
        Words,
        Parameter(name=["--worker-pool", "--workerpool"], help="Makes it a worker of this pool; several times."),
    ] = ()
    tenant: Annotated[Words, Parameter(help="A tenant that the target is for; several times.")] = ()
    tenant_tag: Annotated[
        Words, Parameter(name=["--tenant-tag", "--tenanttag"], help="A tag of tenants, Set/Tag; several times.")
    ] = ()
    participation: Annotated[
        Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"] | None,
        Parameter(
            name=["--participation", "--tenanted-deployment-participation"],
            help="Which deployments it takes part in; Tenanted when tenants or tags of theirs are given.",
        ),
    ] = None
    space: Space = ""
    policy: Annotated[str, Parameter(help="A machine policy; the default one unless told.")] = ""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Meeting:
    """How the machine and the server reach each other."""

    mode: Modes = "listening"
    listen: Annotated[str, Parameter(help="host:port to listen on; port 10933 unless told.")] = ""
    public_host: Annotated[
        str,
        Parameter(
            name=["--public-host", "--publicHostName"],
            help="How the server finds this machine, when listening; with :port where that differs.",
        ),
    ] = ""
    tentacle_comms_port: Annotated[
        int | None, Parameter(help="The port of --public-host, where it is not the one listened on.")
    ] = None
    server_comms: Comms = ""
    server_comms_port: CommsPort = None
    subscription: Annotated[
        str,
        Parameter(name=["--subscription", "--server-subscription-id"], help="A subscription to keep (poll://…/)."),
    ] = ""
    via_proxy: Annotated[
        str, Parameter(help="The server's proxy, by name, through which it reaches a listening agent.")
    ] = ""
    proxy: Annotated[str, Parameter(help="Polling: host:port of our proxy. Listening: the same as --via-proxy.")] = ""
    proxy_username: Annotated[str, Parameter(help="Who we are to our proxy.")] = ""
    proxy_password: Annotated[str, Parameter(env_var="POLPO_PROXY_PASSWORD", help="The password of that one.")] = ""


@agent.command(name=["register", "register-with", "register-worker"])
def register(
    *,
    login: Login = NOBODY,
    name: Annotated[str, Parameter(help="The machine's name; the host's name unless told.")] = "",
    belongings: Belongings = Belongings(),
    meeting: Meeting = Meeting(),
    force: Annotated[bool, Parameter(name=["--force", "-f"], help="Take over a machine of the same name.")] = False,
    which: Which = THE_ONE,
) -> None:
    """Create a target or a worker for this machine on a server, and trust that server."""
    from polpo.agent.registration import register as send

    wanted = _wanted(login.server, name or socket.gethostname(), belongings, meeting, force=force)

    async def work() -> None:
        folder = which.find()
        async with login.connect() as api:
            done = await send(folder, wanted, api)
        say(f"Registered '{done.name}' ({done.id}) in {', '.join(done.places)} at {done.address}.")
        say(f"The server with the thumbprint {done.server_thumbprint} is trusted now.")
        if done.waits:
            say("The server checks it when it answers for the first time.")
            say(f"Run the agent with: polpo agent run{which}")

    asyncio.run(work())


def _wanted(server: str, name: str, belongings: Belongings, meeting: Meeting, *, force: bool) -> Registration:
    from polpo.agent.registration import Registration
    from polpo.cli.agent.settings import proxy_settings

    polls = meeting.mode == "polling"
    own_proxy = (meeting.proxy, meeting.proxy_username, meeting.proxy_password)
    return Registration(
        server=server,
        name=name,
        mode=meeting.mode,
        environments=belongings.environment,
        roles=belongings.role,
        worker_pools=belongings.worker_pool,
        tenants=belongings.tenant,
        tenant_tags=belongings.tenant_tag,
        participation=belongings.participation,
        listen=meeting.listen,
        public_host=_with_port(meeting.public_host, meeting.tentacle_comms_port),
        server_comms=_with_port(meeting.server_comms, meeting.server_comms_port),
        subscription=meeting.subscription,
        space=belongings.space,
        policy=belongings.policy,
        via_proxy=meeting.via_proxy or ("" if polls else meeting.proxy),
        proxy=proxy_settings(*own_proxy) if polls and meeting.proxy else None,
        force=force,
    )


@agent.command(name=["deregister", "deregister-from"])
def deregister(
    *,
    login: Login = NOBODY,
    space: Space = "",
    multiple: Annotated[bool, Parameter(name=["--multiple", "-m"], help="Also when there are several.")] = False,
    which: Which = THE_ONE,
) -> None:
    """Delete this machine's target and worker on a server, and end the trust in that server."""
    _leave(login, which, space, ("machines", "workers"), multiple=multiple)


@agent.command
def deregister_worker(
    *,
    login: Login = NOBODY,
    space: Space = "",
    multiple: Annotated[bool, Parameter(name=["--multiple", "-m"], help="Also when there are several.")] = False,
    which: Which = THE_ONE,
) -> None:
    """Delete this machine's worker on a server; a target of the same agent stays."""
    _leave(login, which, space, ("workers",), multiple=multiple)


def _leave(login: Login, which: Which, space: str, collections: Any, *, multiple: bool) -> None:
    from polpo.agent.leaving import deregister as send

    async def work() -> None:
        folder = which.find()
        async with login.connect() as api:
            names = await send(folder, api, space, collections=collections, multiple=multiple)
        rest = folder.read().servers
        trust = "" if any(one.web == login.server.rstrip("/") for one in rest) else ", which is not trusted any more"
        say(f"Removed {', '.join(names)} from {login.server}{trust}.")

    asyncio.run(work())


@agent.command
def poll_server(
    *,
    server_comms: Comms = "",
    server_comms_port: CommsPort = None,
    thumbprint: Thumbprint = "",
    which: Which = THE_ONE,
) -> None:
    """Poll one more node of a server that is polled already, by the same subscription."""
    from polpo.agent.configuration import checked_thumbprint
    from polpo.agent.polling import poll_another

    if not server_comms:
        raise Invalid("Say where the node takes agents: --server-comms host:port.")
    wanted = checked_thumbprint(thumbprint) if thumbprint else ""
    server = asyncio.run(poll_another(which.find(), _with_port(server_comms, server_comms_port), wanted))
    say(f"The agent polls {server.address} too, as {server.subscription}.")


@agent.command
def server_comms(
    *,
    thumbprint: Thumbprint,
    mode: Modes,
    server_comms: Comms = "",
    server_comms_port: CommsPort = None,
    which: Which = THE_ONE,
) -> None:
    """Change how the agent and a server that it trusts meet; the machine on the server must be changed to match."""
    from polpo.agent.configuration import checked_thumbprint
    from polpo.agent.polling import change_mode

    if mode == "polling" and not server_comms:
        raise Invalid("Say where the server takes agents: --server-comms host:port.")
    comms = _with_port(server_comms, server_comms_port)
    server = change_mode(which.find(), checked_thumbprint(thumbprint), mode, comms)
    if server.mode == "polling":
        say(f"The agent polls {server.address} as {server.subscription}; enter that as the machine's address.")
    else:
        say("The agent waits for the server; enter https://host:port/ of this machine as its address.")


def _with_port(host: str, port: int | None) -> str:
    if port is None or not host:
        return host
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"
