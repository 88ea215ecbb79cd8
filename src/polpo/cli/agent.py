"""`polpo agent …`: the agent of this machine."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import cyclopts
import msgspec

from polpo.kernel.errors import Invalid

if TYPE_CHECKING:
    import httpx

    from polpo.agent.configuration import Instance
    from polpo.agent.server_api import ServerApi

agent = cyclopts.App(
    name="agent",
    help="The agent on a target: register it with a server, and run it.",
    default_parameter=cyclopts.Parameter(negative=()),
)

Home = Annotated[Path | None, cyclopts.Parameter(help="The agent's folder; each instance has one of its own.")]
Name = Annotated[str, cyclopts.Parameter(help="Which agent of this machine, where there are several.")]
Server = Annotated[str, cyclopts.Parameter(help="Address of the server, such as https://deploy.example.com.")]
ApiKey = Annotated[
    str, cyclopts.Parameter(env_var="POLPO_API_KEY", help="API key of somebody who may create targets there.")
]
Space = Annotated[str, cyclopts.Parameter(help="Name of the space; the server's default one unless told.")]
Words = tuple[str, ...]


@agent.command
def register(
    *,
    server: Server,
    api_key: ApiKey,
    environment: Annotated[Words, cyclopts.Parameter(help="An environment; may be given several times.")] = (),
    role: Annotated[Words, cyclopts.Parameter(help="A tag by which steps find the target; several times.")] = (),
    name: Annotated[str, cyclopts.Parameter(help="The target's name; the host's name unless told.")] = "",
    mode: Annotated[
        Literal["listening", "polling"], cyclopts.Parameter(help="Whether the server connects to us, or we to it.")
    ] = "listening",
    listen: Annotated[str, cyclopts.Parameter(help="host:port to listen on; port 10933 unless told.")] = "",
    public_host: Annotated[str, cyclopts.Parameter(help="How the server finds this machine, when listening.")] = "",
    server_comms: Annotated[
        str, cyclopts.Parameter(help="host:port where the server takes polling agents; its port 10943 unless told.")
    ] = "",
    space: Space = "",
    policy: Annotated[str, cyclopts.Parameter(help="A machine policy; the default one unless told.")] = "",
    force: Annotated[bool, cyclopts.Parameter(help="Take over a target of the same name.")] = False,
    home: Home = None,
    instance: Name = "Agent",
) -> None:
    """Create a target for this machine on a server, and trust that server."""
    from polpo.agent.registration import Registration
    from polpo.agent.registration import register as send

    wanted = Registration(
        server=server,
        name=name or socket.gethostname(),
        mode=mode,
        environments=environment,
        roles=role,
        listen=listen,
        public_host=public_host,
        server_comms=server_comms,
        space=space,
        policy=policy,
        force=force,
    )

    async def work() -> None:
        folder = _instance(home, instance)
        async with _client(server, api_key) as client:
            done = await send(folder, wanted, _api(client))
        _say(f"Registered '{done.name}' ({done.id}) in {', '.join(done.environments)} at {done.address}.")
        _say(f"The server with the thumbprint {done.server_thumbprint} is trusted now.")
        _say(f"Run the agent with: polpo agent run{_at(home, instance)}")

    asyncio.run(work())


@agent.command
def deregister(
    *,
    server: Server,
    api_key: ApiKey,
    space: Space = "",
    multiple: Annotated[bool, cyclopts.Parameter(help="Also when there are several targets.")] = False,
    home: Home = None,
    instance: Name = "Agent",
) -> None:
    """Delete this machine's target on a server, and end the trust in that server."""
    from polpo.agent.registration import deregister as send

    async def work() -> None:
        async with _client(server, api_key) as client:
            names = await send(_instance(home, instance), _api(client), space, multiple=multiple)
        _say(f"Removed {', '.join(names)} from {server}, which is not trusted any more.")

    asyncio.run(work())


@agent.command
def run(
    *,
    home: Home = None,
    instance: Name = "Agent",
    log_level: Annotated[str, cyclopts.Parameter(help="debug, info, warning or error.")] = "info",
) -> None:
    """Run the agent until it is told to stop (Ctrl-C or SIGTERM). Scripts that run go on meanwhile."""
    from polpo.agent.program import run as serve
    from polpo.kernel.logs import configure_logs

    configure_logs(log_level)
    asyncio.run(serve(_instance(home, instance)))


@agent.command
def configure(
    *,
    listen: Annotated[str | None, cyclopts.Parameter(help="host:port to listen on; empty to listen no more.")] = None,
    trust: Annotated[Words, cyclopts.Parameter(help="Thumbprint of a server that may connect to us.")] = (),
    remove_trust: Annotated[Words, cyclopts.Parameter(help="Thumbprint of a server that may do so no more.")] = (),
    applications: Annotated[str | None, cyclopts.Parameter(help="Folder for what is deployed.")] = None,
    polling_connections: Annotated[int | None, cyclopts.Parameter(help="Connections to each polled server.")] = None,
    home: Home = None,
    instance: Name = "Agent",
) -> None:
    """Change the agent's settings, making the agent if there is none yet. A running agent takes over whom it trusts."""
    from polpo.agent.configuration import (
        DEFAULT_PORT,
        AgentConfiguration,
        TrustedServer,
        checked_thumbprint,
        split_host_port,
    )

    folder = _instance(home, instance)
    settings = folder.read() if folder.exists else AgentConfiguration(name=instance)
    if listen:
        split_host_port(listen, DEFAULT_PORT, "--listen")
    if polling_connections is not None and not 1 <= polling_connections <= 512:
        raise Invalid(f"--polling-connections must be between 1 and 512; it is {polling_connections}.")
    given = {"listen": listen, "applications": applications, "polling_connections": polling_connections}
    settings = msgspec.structs.replace(settings, **{key: value for key, value in given.items() if value is not None})
    for thumbprint in trust:
        settings = settings.trusting(TrustedServer(thumbprint=checked_thumbprint(thumbprint), mode="listening"))
    for thumbprint in remove_trust:
        settings = settings.distrusting(checked_thumbprint(thumbprint))
    folder.write(settings)
    _say(f"The agent in {folder.home} has the thumbprint {folder.identity().thumbprint}.")


@agent.command
def show_thumbprint(*, home: Home = None, instance: Name = "Agent") -> None:
    """Print the thumbprint by which servers know this agent."""
    folder = _instance(home, instance)
    folder.read()
    _say(folder.identity().thumbprint)


@agent.command
def show_configuration(*, home: Home = None, instance: Name = "Agent") -> None:
    """Print the agent's settings as JSON; nothing in them is secret."""
    folder = _instance(home, instance)
    settings = msgspec.to_builtins(folder.read())
    shown = {"home": str(folder.home), "thumbprint": folder.identity().thumbprint, **settings}
    _say(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())


def _instance(home: Path | None, name: str) -> Instance:
    from polpo.agent.configuration import Instance, default_home

    return Instance(home or default_home(name))


def _at(home: Path | None, name: str) -> str:
    if home is not None:
        return f" --home {home}"
    return "" if name == "Agent" else f" --instance {name}"


def _client(server: str, api_key: str) -> httpx.AsyncClient:
    import httpx

    if not server.startswith(("http://", "https://")):
        raise Invalid(f"--server must be a web address, such as https://deploy.example.com; it is '{server}'.")
    return httpx.AsyncClient(base_url=server, headers={"X-Octopus-ApiKey": api_key}, timeout=30, follow_redirects=True)


def _api(client: httpx.AsyncClient) -> ServerApi:
    from polpo.agent.server_api import ServerApi

    return ServerApi(client)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
