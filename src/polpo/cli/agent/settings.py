"""Making agents, their settings, and showing them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from cyclopts import Parameter

from polpo.cli.agent.program import THE_ONE, Which, Words, agent, is_true, say
from polpo.kernel.errors import Invalid

if TYPE_CHECKING:
    from polpo.agent.configuration import AgentConfiguration
    from polpo.halibut.connecting import Proxy

_MOST_CONNECTIONS = 512


@agent.command
def create_instance(
    *,
    instance: Annotated[str, Parameter(help="A name for the new agent.")],
    home: Annotated[Path | None, Parameter(help="Its folder; one of its own unless told.")] = None,
    listen: Annotated[str, Parameter(help="host:port to listen on.")] = "",
    applications: Annotated[str, Parameter(name=["--applications", "--app"], help="Folder for what is deployed.")] = "",
) -> None:
    """Make one more agent on this machine, with a name, a folder, a certificate and settings of its own."""
    from polpo.agent.configuration import DEFAULT_PORT, AgentConfiguration, Instance, split_host_port
    from polpo.agent.instances import forget, home_of, record, refuse_clash

    if listen:
        split_host_port(listen, DEFAULT_PORT, "--listen")
    refuse_clash(Instance(home or home_of(instance)), listen)
    made = record(instance, home)
    try:
        made.write(AgentConfiguration(name=instance, listen=listen, applications=applications))
        thumbprint = made.identity().thumbprint
    except BaseException:
        forget(instance)
        raise
    say(f"Made the agent '{instance}' in {made.home}; its thumbprint is {thumbprint}.")


@agent.command
def delete_instance(*, instance: Annotated[str, Parameter(help="The agent's name.")]) -> None:
    """Take an agent from the list of this machine's agents. Its folder stays, to be removed by hand."""
    from polpo.agent.instances import forget, home_of
    from polpo.kernel.errors import Conflict

    which = Which(instance=instance)
    if which.find().is_running:
        raise Conflict(f"The agent '{instance}' runs; stop it first.")
    home = home_of(instance)
    forget(instance)
    say(f"The agent '{instance}' is no longer listed. Its folder is {home}.")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where the agent listens, as a whole or in parts."""

    listen: Annotated[str | None, Parameter(help="host:port to listen on; empty to listen no more.")] = None
    port: Annotated[int | None, Parameter(help="Another port to listen on, at the same address.")] = None
    listen_ip_address: Annotated[
        str | None, Parameter(name="--listenIpAddress", help="Another address to listen on, at the same port.")
    ] = None
    no_listen: Annotated[str | None, Parameter(name="--noListen", help="True to listen no more.")] = None

    def changed(self, settings: AgentConfiguration) -> AgentConfiguration:
        from polpo.agent.configuration import DEFAULT_PORT, split_host_port

        wanted = self.listen
        if self.no_listen is not None and is_true(self.no_listen):
            wanted = ""
        elif wanted is None and (self.port or self.listen_ip_address or self.no_listen):
            host, old = split_host_port(settings.listen or f"0.0.0.0:{DEFAULT_PORT}", DEFAULT_PORT, "--listen")
            host, port = self.listen_ip_address or host, self.port or old
            wanted = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if wanted:
            split_host_port(wanted, DEFAULT_PORT, "--listen")
        return settings if wanted is None else msgspec.structs.replace(settings, listen=wanted)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Trust:
    """Which servers may connect to the agent."""

    trust: Annotated[Words, Parameter(help="Thumbprint of a server that may connect to us.")] = ()
    remove_trust: Annotated[Words, Parameter(help="Thumbprint of a server that may do so no more.")] = ()
    reset_trust: Annotated[bool, Parameter(help="Trust no server any more, before --trust counts.")] = False

    def changed(self, settings: AgentConfiguration) -> AgentConfiguration:
        from polpo.agent.configuration import TrustedServer, checked_thumbprint

        if self.reset_trust:
            settings = msgspec.structs.replace(settings, servers=())
        for thumbprint in self.remove_trust:
            settings = settings.distrusting(checked_thumbprint(thumbprint))
        for thumbprint in self.trust:
            settings = settings.trusting(TrustedServer(thumbprint=checked_thumbprint(thumbprint), mode="listening"))
        return settings


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class OwnProxy:
    """The proxy between a polling agent and its servers."""

    proxy: Annotated[
        str | None,
        Parameter(name=["--proxy", "--proxyHost"], help="host:port of a proxy to polled servers; empty for none."),
    ] = None
    proxy_port: Annotated[int | None, Parameter(name=["--proxy-port", "--proxyPort"], help="Its port.")] = None
    proxy_username: Annotated[
        str, Parameter(name=["--proxy-username", "--proxyUsername"], help="Who we are to the proxy.")
    ] = ""
    proxy_password: Annotated[
        str,
        Parameter(
            name=["--proxy-password", "--proxyPassword"],
            env_var="POLPO_PROXY_PASSWORD",
            help="The password of that one.",
        ),
    ] = ""
    proxy_enable: Annotated[
        str | None, Parameter(name=["--proxy-enable", "--proxyEnable"], help="False for no proxy any more.")
    ] = None

    def changed(self, settings: AgentConfiguration) -> AgentConfiguration:
        if self.proxy == "" or (self.proxy_enable is not None and not is_true(self.proxy_enable)):
            return msgspec.structs.replace(settings, proxy=None)
        if not self.proxy:
            return settings
        address = f"{self.proxy}:{self.proxy_port}" if self.proxy_port else self.proxy
        wanted = proxy_settings(address, self.proxy_username, self.proxy_password)
        return msgspec.structs.replace(settings, proxy=wanted)


@agent.command(name=["configure", "polling-proxy", "set-polling-connection-count"])
def configure(
    *,
    listening: Listening = Listening(),
    trust: Trust = Trust(),
    applications: Annotated[
        str | None, Parameter(name=["--applications", "--app"], help="Folder for what is deployed.")
    ] = None,
    polling_connections: Annotated[
        int | None,
        Parameter(
            name=["--polling-connections", "--pollingConnectionCount", "--count"],
            help="Connections to each polled server.",
        ),
    ] = None,
    proxy: OwnProxy = OwnProxy(),
    which: Which = THE_ONE,
) -> None:
    """Change the agent's settings, making the agent if there is none yet. A running agent takes them over."""
    from polpo.agent.configuration import AgentConfiguration
    from polpo.agent.instances import refuse_clash

    if polling_connections is not None and not 1 <= polling_connections <= _MOST_CONNECTIONS:
        raise Invalid(f"--polling-connections must be between 1 and {_MOST_CONNECTIONS}; it is {polling_connections}.")
    folder = which.find()
    settings = folder.read() if folder.exists else AgentConfiguration(name=which.name)
    given = {"applications": applications, "polling_connections": polling_connections}
    settings = msgspec.structs.replace(settings, **{key: value for key, value in given.items() if value is not None})
    for part in (listening, trust, proxy):
        settings = part.changed(settings)
    refuse_clash(folder, settings.listen)
    folder.write(settings)
    say(f"The agent in {folder.home} has the thumbprint {folder.identity().thumbprint}.")


def proxy_settings(address: str, username: str, password: str) -> Proxy:
    from polpo.agent.configuration import split_host_port
    from polpo.halibut.connecting import Proxy

    return Proxy(*split_host_port(address, 8080, "--proxy"), username, password)


@agent.command
def update_trust(
    *,
    old_thumbprint: Annotated[
        str, Parameter(name=["--old-thumbprint", "--oldThumbprint"], help="The server's certificate until now.")
    ],
    new_thumbprint: Annotated[
        str, Parameter(name=["--new-thumbprint", "--newThumbprint"], help="Its certificate from now on.")
    ],
    which: Which = THE_ONE,
) -> None:
    """Take over a new certificate of a server, wherever the old one was trusted or polled."""
    from polpo.agent.configuration import checked_thumbprint

    folder = which.find()
    old, new = checked_thumbprint(old_thumbprint), checked_thumbprint(new_thumbprint)
    folder.write(folder.read().retrusting(old, new))
    say(f"The agent trusts {new} in the place of {old}.")


@agent.command
def show_configuration(*, which: Which = THE_ONE) -> None:
    """Print the agent's settings as JSON, without the password of a proxy; nothing else in them is secret."""
    folder = which.find()
    settings = msgspec.to_builtins(folder.read())
    if settings["proxy"] and settings["proxy"]["password"]:
        settings["proxy"]["password"] = "********"  # noqa: S105 - shows that there is one
    shown = {"home": str(folder.home), "thumbprint": folder.identity().thumbprint, **settings}
    say(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())


@agent.command
def list_instances(
    *,
    format: Annotated[Literal["text", "json"], Parameter(help="For people, or for programs.")] = "text",
) -> None:
    """List this machine's agents that have names, with their folders."""
    from polpo.agent.instances import instances

    there = instances()
    if format == "json":
        listed = [{"InstanceName": one.name, "Home": str(one.instance.home)} for one in there]
        say(msgspec.json.encode(listed).decode())
        return
    for one in there:
        state = "runs" if one.instance.is_running else "does not run"
        say(f"{one.name}: {one.instance.home} ({one.instance.read().listen or 'does not listen'}; {state})")
    if not there:
        say("No agent of this machine has a name yet; make one with 'polpo agent create-instance' or 'register'.")
