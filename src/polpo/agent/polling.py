"""Servers that are polled: another node of the same server, and a change between listening and polling."""

from __future__ import annotations

import msgspec

from polpo.agent.configuration import (
    DEFAULT_SERVER_PORT,
    Instance,
    Mode,
    TrustedServer,
    new_subscription,
    split_host_port,
)
from polpo.halibut.connecting import Proxy
from polpo.halibut.discovery import discover
from polpo.halibut.errors import CannotConnect
from polpo.kernel.errors import Invalid, NotFound, Unavailable


async def compared(host: str, port: int, thumbprint: str, proxy: Proxy | None = None) -> str:
    """The address as host:port, when the server with this certificate answers there.

    A polling agent that cannot reach the server, or would find another one, is not worth registering.
    """
    advice = "Say where the server takes agents with --server-comms host:port."
    try:
        shown = await discover(host, port, proxy=proxy)
    except CannotConnect as error:
        raise Unavailable(
            f"A polling agent must reach the server at {host}:{port}{_by(proxy)}, but: {error.message} {advice}"
        ) from error
    if shown != thumbprint:
        raise Invalid(
            f"{host}:{port} shows the certificate {shown}, but the server's is {thumbprint}: it is another server, or "
            f"something in between takes TLS apart. {advice}"
        )
    return f"{host}:{port}" if ":" not in host else f"[{host}]:{port}"


def _by(proxy: Proxy | None) -> str:
    return f" through the proxy {proxy}" if proxy else ""


async def poll_another(instance: Instance, comms: str, thumbprint: str = "") -> TrustedServer:
    """Polls one more node with the subscription by which the server knows us already.

    Without a thumbprint, that of the server that is polled now: the nodes of one server share it.
    """
    configuration = instance.read()
    polled = [one for one in configuration.servers if one.mode == "polling"]
    known = {one.thumbprint for one in polled}
    if not thumbprint and len(known) != 1:
        raise Invalid(
            "The agent polls no server yet; register it first with --mode polling."
            if not known
            else f"The agent polls several servers; say which with --thumbprint: {', '.join(sorted(known))}."
        )
    wanted = thumbprint or known.pop()
    host, port = split_host_port(comms, DEFAULT_SERVER_PORT, "--server-comms")
    same = next((one for one in polled if one.thumbprint == wanted), None)
    server = TrustedServer(
        thumbprint=wanted,
        mode="polling",
        address=await compared(host, port, wanted, configuration.proxy),
        subscription=configuration.subscription_for(wanted),
        web=same.web if same else "",
    )
    instance.write(configuration.trusting(server))
    return server


def change_mode(instance: Instance, thumbprint: str, mode: Mode, comms: str) -> TrustedServer:
    """How we and a server that is trusted already meet from now on. Its entry for us must be changed to match."""
    configuration = instance.read()
    known = [one for one in configuration.servers if one.thumbprint == thumbprint]
    if not known:
        raise NotFound(f"The agent does not trust {thumbprint}; trust it first: polpo agent configure --trust.")
    if mode == "listening":
        server = TrustedServer(thumbprint=thumbprint, mode=mode, web=known[0].web)
    else:
        host, port = split_host_port(comms, DEFAULT_SERVER_PORT, "--server-comms")
        subscription = next((one.subscription for one in known if one.subscription), "") or new_subscription()
        server = TrustedServer(
            thumbprint=thumbprint,
            mode=mode,
            address=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            subscription=subscription,
            web=known[0].web,
        )
    kept = tuple(one for one in configuration.servers if one.thumbprint != thumbprint)
    instance.write(msgspec.structs.replace(configuration, servers=(*kept, server)))
    return server
