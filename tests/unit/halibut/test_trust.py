"""TLS and thumbprints: which versions and certificates are taken, and what changes when a certificate does."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
from contextlib import AsyncExitStack, closing
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from polpo.halibut.certificates import Identity
from polpo.halibut.discovery import discover
from polpo.halibut.errors import CannotConnect, ConnectionLost, RequestNotSent
from polpo.halibut.link import Link
from polpo.halibut.runtime import Endpoint
from unit.halibut.parties import AGENT, FAST, SERVER, STRANGER, SUBSCRIPTION, caller, heard, party


async def ask() -> str:
    return "yes"


SERVICES = {"Test": {"Ask": ask}}


def of(port: int, identity: Identity = AGENT) -> Endpoint:
    return Endpoint(f"https://127.0.0.1:{port}/", identity.thumbprint)


# -- TLS


def plain_context(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_browsers_and_handshakes_without_a_certificate_get_a_page(version: ssl.TLSVersion) -> None:
    async with party(AGENT, SERVER) as agent:
        port = await agent.listen("127.0.0.1", 0)
        for request in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /handshake HTTP/1.1\r\nContent-Length: 0\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=plain_context(version))
            writer.write(request)
            answer = await asyncio.wait_for(reader.read(), 5)
            head, _, body = answer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n")
            assert f"Content-Length: {len(body)}".encode() in head
            writer.close()
            await writer.wait_closed()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
async def test_old_tls_is_refused() -> None:
    async with party(AGENT) as agent:
        port = await agent.listen("127.0.0.1", 0)
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            await asyncio.open_connection("127.0.0.1", port, ssl=plain_context(ssl.TLSVersion.TLSv1_1))


def made(*, days: int, length: int) -> Identity:
    """A certificate on an elliptic curve, valid for `length` days from `days` ago on."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Octopus Tentacle")])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(begin).not_valid_after(begin + dt.timedelta(days=length))
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return Identity(
        key.private_bytes(*pem), builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )


@pytest.mark.parametrize(
    "identity",
    [
        made(days=900, length=100),
        made(days=-100, length=900),
        made(days=1, length=900),
    ],
    ids=["expired", "not valid yet", "an elliptic curve"],
)
async def test_a_trusted_certificate_may_be_anything(identity: Identity) -> None:
    async with party(AGENT, identity, services=SERVICES) as agent:
        port = await agent.listen("127.0.0.1", 0)
        async with caller(port, identity) as link:
            await link.send(b"MX\r\n\r\n")
            await link.send(b"MX-CLIENT 1.0\r\n\r\n")
            assert await link.receive() == b"MX-SERVER 1.0\r\n\r\n"


async def test_the_name_of_a_host_is_told_to_gateways_and_an_address_is_not() -> None:
    """A gateway that serves several on one port passes a connection on by it."""
    names: list[str | None] = []

    def note(_link: Any, name: str | None, _context: Any) -> int:
        names.append(name)
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = note
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context) as gateway:
        port = gateway.sockets[0].getsockname()[1]
        for host in ("localhost", "127.0.0.1"):
            with pytest.raises(CannotConnect, match="TLS failed"):
                await discover(host, port, 5)
    assert names == ["localhost", None]


async def test_both_ends_notice_a_connection_that_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []
    made = Link.connection_made

    def look(self: Link, transport: asyncio.BaseTransport) -> None:
        made(self, transport)
        raw = transport.get_extra_info("socket")
        options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        alive = raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        seen.append((alive, *(raw.getsockopt(socket.IPPROTO_TCP, option) for option in options)))

    monkeypatch.setattr(Link, "connection_made", look)
    async with party(AGENT) as agent:
        assert await discover("127.0.0.1", await agent.listen("127.0.0.1", 0), 5) == AGENT.thumbprint
    assert seen == [(1, 15, 5, 10)] * 2


# -- who is refused, and what it sees


@pytest.mark.parametrize("identity", [None, STRANGER], ids=["no certificate", "a strange certificate"])
async def test_who_is_not_trusted_hears_nothing(identity: Identity | None) -> None:
    async with party(AGENT, SERVER) as agent, caller(await agent.listen("127.0.0.1", 0), identity) as link:
        await link.send(b"MX\r\n\r\n")
        await link.send(b"MX-CLIENT 1.0\r\n\r\n")
        assert await heard(link) == b""


async def test_a_refused_client_is_told_its_own_thumbprint() -> None:
    async with party(AGENT, SERVER, services=SERVICES) as agent, party(STRANGER) as stranger:
        port = await agent.listen("127.0.0.1", 0)
        with pytest.raises(RequestNotSent, match=f"may not trust our thumbprint {STRANGER.thumbprint}"):
            await stranger.call(of(port), "Test", "Ask")


# -- new certificates


async def test_an_agent_that_trusts_two_servers_is_called_by_both() -> None:
    """As while the server's certificate is exchanged; the old one is not trusted any more afterwards."""
    async with party(AGENT, SERVER, STRANGER, services=SERVICES) as agent, party(SERVER) as old, party(STRANGER) as new:
        port = await agent.listen("127.0.0.1", 0)
        assert [await one.call(of(port), "Test", "Ask") for one in (old, new)] == ["yes", "yes"]
        agent.distrust(SERVER.thumbprint)
        with pytest.raises(ConnectionLost):
            await old.call(of(port), "Test", "Ask")
        assert await new.call(of(port), "Test", "Ask") == "yes"


async def test_a_polling_agent_follows_its_server_to_a_new_certificate() -> None:
    """It polls the address once for each of the two; the one that is not there is only tried more rarely."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with party(AGENT, services=SERVICES) as agent:
        for identity in (SERVER, STRANGER):
            agent.poll("127.0.0.1", port, identity.thumbprint, SUBSCRIPTION)
        for identity in (SERVER, STRANGER):
            async with party(identity, AGENT) as server:
                server.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
                await server.listen("127.0.0.1", port)
                assert await server.call(Endpoint(SUBSCRIPTION, AGENT.thumbprint), "Test", "Ask") == "yes"


async def test_an_agent_with_a_new_certificate_is_called_by_that() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with party(SERVER) as server:
        for identity in (AGENT, STRANGER):
            async with party(identity, SERVER, services=SERVICES) as agent:
                await agent.listen("127.0.0.1", port)
                assert await server.call(of(port, identity), "Test", "Ask") == "yes"
                with pytest.raises(CannotConnect, match=f"{identity.thumbprint}; expected was {SERVER.thumbprint}"):
                    await server.call(of(port, SERVER), "Test", "Ask")


# -- several servers, several connections


async def test_an_agent_polls_several_servers() -> None:
    """Strangers to each other, and nodes that share a certificate and know the same subscription."""
    async with AsyncExitStack() as stack:
        agent = await stack.enter_async_context(party(AGENT, services=SERVICES))
        servers = [await stack.enter_async_context(party(one, AGENT)) for one in (SERVER, SERVER, STRANGER)]
        for server in servers:
            server.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
            port = await server.listen("127.0.0.1", 0)
            agent.poll("127.0.0.1", port, server.identity.thumbprint, SUBSCRIPTION)
        for server in servers:
            assert await server.call(Endpoint(SUBSCRIPTION, AGENT.thumbprint), "Test", "Ask") == "yes"


async def test_several_connections_of_an_agent_carry_as_many_requests_at_a_time() -> None:
    entered, release = asyncio.Semaphore(0), asyncio.Event()

    async def hold() -> None:
        entered.release()
        await release.wait()

    async with party(AGENT, services={"Test": {"Hold": hold}}) as agent, party(SERVER, AGENT) as server:
        server.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
        agent.poll("127.0.0.1", await server.listen("127.0.0.1", 0), SERVER.thumbprint, SUBSCRIPTION, 3)
        endpoint = Endpoint(SUBSCRIPTION, AGENT.thumbprint)
        calls = [asyncio.create_task(server.call(endpoint, "Test", "Hold")) for _ in range(4)]
        async with asyncio.timeout(5):
            for _ in range(3):
                await entered.acquire()
        assert entered.locked(), "the fourth waits for a connection"
        release.set()
        await asyncio.gather(*calls)


async def test_a_call_that_is_given_up_ends_the_connection_of_a_polling_agent() -> None:
    """There is no word for it in the protocol. The agent comes back, and the next call does not wait for the first."""
    entered = asyncio.Event()

    async def hang() -> None:
        entered.set()
        await asyncio.Event().wait()

    services = {"Test": {"Hang": hang, "Ask": ask}}
    async with party(AGENT, services=services, timings=FAST) as agent, party(SERVER, AGENT) as server:
        server.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
        port = await server.listen("127.0.0.1", 0)
        endpoint = Endpoint(SUBSCRIPTION, AGENT.thumbprint)
        polling = agent.poll("127.0.0.1", port, SERVER.thumbprint, SUBSCRIPTION)
        call = asyncio.create_task(server.call(endpoint, "Test", "Hang"))
        await asyncio.wait_for(entered.wait(), 5)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with asyncio.timeout(5):
            while server._door.inside:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        await polling.close()
        agent.poll("127.0.0.1", port, SERVER.thumbprint, SUBSCRIPTION)
        assert await server.call(endpoint, "Test", "Ask") == "yes"
