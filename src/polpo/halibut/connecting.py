"""Making connections: each layer by itself, so that a failure says where it happened."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path

from polpo.halibut.connection import Connection, Timings
from polpo.halibut.dialogues import introduce
from polpo.halibut.errors import CannotConnect, ConnectionLost, NotTrusted
from polpo.halibut.link import Link
from polpo.halibut.proxying import ConnectDialogue, authority
from polpo.halibut.tls import TlsContext, TlsFailed


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy to go through. Without a user name it is asked as nobody in particular."""

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return authority(self.host, self.port)


@dataclass(frozen=True)
class Peer:
    """Somebody who listens, known by thumbprint."""

    host: str
    port: int
    thumbprint: str
    proxy: Proxy | None = None

    def __str__(self) -> str:
        return authority(self.host, self.port)


class Connector:
    """Connects to peers as the party with `own_thumbprint`."""

    def __init__(self, context: TlsContext, own_thumbprint: str, spool: Path | None) -> None:
        self._context = context
        self._own = own_thumbprint
        self._spool = spool

    async def introduced(self, peer: Peer, identity: str, timings: Timings) -> Connection:
        """A connection over which both have said who they are.

        CannotConnect names the layer; NotTrusted when the other side ends it at the sight of our certificate.
        """
        link = await open_link(peer, self._context, timings.connect)
        connection = Connection(link, timings, self._spool)
        try:
            self._recognise(connection, peer)
            await connection.play(introduce(identity))
        except ConnectionLost as error:
            await connection.close()
            raise NotTrusted(
                f"{peer} did not introduce itself: {error.message} "
                f"The other side may not trust our thumbprint {self._own}."
            ) from error
        except BaseException:
            await connection.close()
            raise
        return connection

    def _recognise(self, connection: Connection, peer: Peer) -> None:
        if connection.thumbprint != peer.thumbprint.upper():
            shown = connection.thumbprint or "none"
            raise CannotConnect(
                f"{peer} showed the certificate {shown}; expected was {peer.thumbprint.upper()}.", "certificate"
            )


async def open_link(peer: Peer, context: TlsContext, seconds: float) -> Link:
    """TCP and TLS to whoever answers there; CannotConnect names the layer that failed."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    raw = await reach(peer.host, peer.port, deadline, seconds, peer.proxy)
    link = Link(lambda _: context.connecting(peer.host))
    try:
        await loop.create_connection(lambda: link, sock=raw)
        async with asyncio.timeout_at(deadline):
            await link.handshake()
    except BaseException as error:
        raw.close() if link.is_new else link.abort()
        if isinstance(error, TimeoutError):
            reason = f"TLS was not set up within {seconds:.0f} s"
        elif isinstance(error, TlsFailed):
            reason = f"TLS failed: {error}"
        elif isinstance(error, ConnectionLost):
            reason = f"TLS failed: {error.message.rstrip('.')}"
        else:
            raise
        raise CannotConnect(f"{peer} took the connection but {reason}.", "tls") from error
    return link


async def reach(host: str, port: int, deadline: float, seconds: float, proxy: Proxy | None = None) -> socket.socket:
    """A TCP connection to the first address of the host that takes one, or to where the proxy finds it.

    CannotConnect names the layer. `seconds` are told when `deadline`, a time of the loop, has passed.
    """
    if proxy is None:
        return await _reach(host, port, deadline, seconds)
    dialogue = ConnectDialogue(str(proxy), host, port, proxy.username, proxy.password)
    try:
        raw = await _reach(proxy.host, proxy.port, deadline, seconds)
    except CannotConnect as error:
        raise CannotConnect(f"The way leads through a proxy and ends there: {error.message}", "proxy") from error
    try:
        async with asyncio.timeout_at(deadline):
            await _pass(raw, dialogue)
    except BaseException as error:
        raw.close()
        if isinstance(error, TimeoutError):
            reason = f"The proxy {proxy} did not connect to {authority(host, port)} within {seconds:.0f} s."
            raise CannotConnect(reason, "connect") from error
        if isinstance(error, OSError):
            raise CannotConnect(f"The proxy {proxy} ended the connection: {error.strerror}.", "proxy") from error
        raise
    return raw


async def _pass(raw: socket.socket, dialogue: ConnectDialogue) -> None:
    """Takes nothing that comes after the proxy's answer: an SSH server speaks first."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(raw, dialogue.request)
    while not dialogue.feed(await loop.sock_recv(raw, 1)):
        continue


async def _reach(host: str, port: int, deadline: float, seconds: float) -> socket.socket:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout_at(deadline):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "no answer in time"
        raise CannotConnect(f"The name '{host}' cannot be resolved: {reason}.", "resolve") from error
    failure: OSError | None = None
    try:
        for family, kind, protocol, _, address in found:
            try:
                async with asyncio.timeout_at(deadline):
                    return await _open(family, kind, protocol, address)
            except TimeoutError:
                raise
            except OSError as error:
                failure = error
    except TimeoutError as error:
        raise CannotConnect(f"{authority(host, port)} did not answer within {seconds:.0f} s.", "connect") from error
    reason = (failure.strerror or str(failure)) if failure else "it has no address"
    raise CannotConnect(f"{authority(host, port)} cannot be reached: {reason}.", "connect") from failure


async def _open(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    raw = socket.socket(family, kind, protocol)
    raw.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(raw, address)
    except BaseException:
        raw.close()
        raise
    return raw
