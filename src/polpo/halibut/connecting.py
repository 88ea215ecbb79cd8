"""Making connections: each layer by itself, so that a failure says where it happened."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from polpo.halibut.connection import LIMIT, Connection, Timings
from polpo.halibut.errors import CannotConnect, ConnectionLost, NotTrusted, ProtocolBroken
from polpo.halibut.proxying import ConnectDialogue, authority
from polpo.halibut.tls import MutualContext

HELLO = b"MX\r\n\r\n"


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy to go through. Without a user name it is asked as nobody in particular."""

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return authority(self.host, self.port)


class Connector:
    """Connects to peers that are known by thumbprint, as the party with `own_thumbprint`."""

    def __init__(self, context: MutualContext, own_thumbprint: str, spool: Path | None) -> None:
        self._context = context
        self._own = own_thumbprint
        self._spool = spool

    async def introduced(
        self, host: str, port: int, thumbprint: str, identity: str, timings: Timings, proxy: Proxy | None = None
    ) -> Connection:
        """A connection over which both have said who they are.

        CannotConnect names the layer; NotTrusted when the other side ends it at the sight of our certificate.
        """
        connection = await self._connect(host, port, thumbprint, timings, proxy)
        try:
            await self._introduce(connection, identity)
        except ConnectionLost as error:
            await connection.close()
            raise NotTrusted(
                f"{authority(host, port)} did not introduce itself: {error.message} "
                f"The other side may not trust our thumbprint {self._own}."
            ) from error
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _introduce(self, connection: Connection, identity: str) -> None:
        await connection.write(HELLO)
        await connection.write(f"{identity}\r\n\r\n".encode())
        answer = await connection.read_line()
        if not answer.startswith("MX-SERVER"):
            raise ProtocolBroken(f"The other side introduced itself as '{answer[:50]}'.")
        await connection.read_blank()

    async def _connect(
        self, host: str, port: int, thumbprint: str, timings: Timings, proxy: Proxy | None
    ) -> Connection:
        where = authority(host, port)
        deadline = asyncio.get_running_loop().time() + timings.connect
        raw = await reach(host, port, deadline, timings.connect, proxy)
        reader, writer = await open_tls(raw, self._context, where, deadline, timings.connect)
        connection = Connection(reader, writer, timings, self._spool)
        if connection.thumbprint != thumbprint.upper():
            await connection.close()
            shown = connection.thumbprint or "none"
            raise CannotConnect(
                f"{where} showed the certificate {shown}; expected was {thumbprint.upper()}.", "certificate"
            )
        return connection


async def open_tls(
    raw: socket.socket, context: ssl.SSLContext, where: str, deadline: float, seconds: float
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """TLS over a TCP connection, which is closed if that fails."""
    try:
        async with asyncio.timeout_at(deadline):
            return await asyncio.open_connection(
                sock=raw, ssl=context, server_hostname="", limit=LIMIT, ssl_handshake_timeout=seconds
            )
    except TimeoutError as error:
        raise CannotConnect(
            f"{where} took the connection but TLS was not set up within {seconds:.0f} s.", "tls"
        ) from error
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or str(error) or "the other side ended it"
        raise CannotConnect(f"{where} took the connection but TLS failed: {reason}.", "tls") from error


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
