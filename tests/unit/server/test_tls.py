"""HTTPS by real certificates and a real listener: what is presented, how it is renewed, and where plain HTTP goes."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import PrivateFormat
from tests.certificates import write_pair

from polpo.kernel.clock import SystemClock
from polpo.kernel.errors import Invalid
from polpo.server.listening import HttpServer
from polpo.server.redirecting import Redirects
from polpo.server.settings import Settings
from polpo.server.tls import KeyPair, Renewals, key_pair


class Application:
    """Answers at once, but at /long not before the test says so."""

    def __init__(self) -> None:
        self.begun, self.end = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/long":
            await send({"type": "http.response.body", "body": b"begun ", "more_body": True})
            self.begun.set()
            await self.end.wait()
        told = f"{scope['scheme']} {dict(scope['headers']).get(b'host', b'').decode()}"
        await send({"type": "http.response.body", "body": told.encode(), "more_body": False})


@asynccontextmanager
async def served(application: Any, pair: KeyPair | None = None) -> AsyncIterator[tuple[HttpServer, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    http = HttpServer(application, "127.0.0.1", port, pair)
    serving = asyncio.create_task(http.serve())
    try:
        await connected(port)
        yield http, port
    finally:
        http.end()
        await asyncio.wait_for(serving, 10)


async def connected(port: int) -> None:
    for _ in range(500):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)  # the listener is a thread that says nothing when it listens
            continue
        writer.close()
        await writer.wait_closed()
        return
    pytest.fail("nobody listens")


async def ask(port: int, path: str, context: ssl.SSLContext | None) -> tuple[str, str]:
    """The common name of the certificate, and the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    name = ""
    if context is not None:
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        name = x509.load_der_x509_certificate(shown).subject.rfc4514_string()
    writer.write(f"GET {path} HTTP/1.1\r\nHost: polpo.test:80\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return name, answer.decode()


async def shown(port: int, context: ssl.SSLContext) -> str:
    """The name that a new connection is shown; none where it was waiting in the instant of a change, and is closed."""
    try:
        return (await ask(port, "/", context))[0]
    except ConnectionError:
        return ""


def trusting(**changes: Any) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for name, value in changes.items():
        setattr(context, name, value)
    return context


async def test_a_new_certificate_is_shown_while_a_long_request_goes_on(tmp_path: Path) -> None:
    pair = KeyPair(*write_pair(tmp_path, "first"))
    application, context = Application(), trusting()
    async with served(application, pair) as (http, port):
        renewals = Renewals(pair, SystemClock(), http.renew)
        long = asyncio.create_task(ask(port, "/long", context))
        await application.begun.wait()
        for name in ("second", "third"):
            write_pair(tmp_path, name)
            await renewals.round()
            async with asyncio.timeout(10):
                while await shown(port, context) != f"CN={name}":
                    pass
        application.end.set()
        name, answer = await long
        assert (name, "begun " in answer, "https" in answer) == ("CN=first", True, True)


async def test_files_that_do_not_belong_together_change_nothing(tmp_path: Path) -> None:
    taken: list[str] = []
    pair = KeyPair(*write_pair(tmp_path, "first"))
    renewals = Renewals(pair, SystemClock(), lambda: taken.append("new"))
    await renewals.round()
    other = tmp_path / "other"
    other.mkdir()
    certificate, key = write_pair(other, "second")
    pair.certificate.write_bytes(certificate.read_bytes())
    await renewals.round()
    assert taken == []
    pair.key.write_bytes(key.read_bytes())
    await renewals.round()
    await renewals.round()
    assert taken == ["new"]


async def test_what_is_older_than_tls_1_2_is_refused(tmp_path: Path) -> None:
    pair = KeyPair(*write_pair(tmp_path, "first"))
    async with served(Application(), pair) as (_, port):
        newest = trusting(minimum_version=ssl.TLSVersion.TLSv1_2, maximum_version=ssl.TLSVersion.TLSv1_2)
        assert (await ask(port, "/", newest))[0] == "CN=first"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(bytes.fromhex("16030100310100002d0301" + "00" * 32 + "000006002f003500ff0100"))
        assert (await reader.read())[:3] != b"\x16\x03\x01", "a hello of TLS 1.0 gets no hello back"
        writer.close()


def test_a_key_with_a_password_is_opened_by_it(tmp_path: Path) -> None:
    certificate, key = write_pair(tmp_path, "first", password="of the key")
    told = {"tls_certificate": str(certificate), "tls_key": str(key)}
    assert key_pair(Settings(**told, tls_key_password="of the key")) is not None
    for password in ("", "another"):
        with pytest.raises(Invalid, match="tls_key_password"):
            key_pair(Settings(**told, tls_key_password=password))


async def test_a_key_in_an_older_form_with_a_password_is_served(tmp_path: Path) -> None:
    """The listener ends the process at a key that it cannot read: it gets the key in the one form that it can."""
    files = write_pair(tmp_path, "first", password="of the key", form=PrivateFormat.TraditionalOpenSSL)
    files[1].write_text(
        f"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{files[1].read_text()}"
    )
    async with served(Application(), KeyPair(*files, "of the key")) as (_, port):
        assert (await ask(port, "/", trusting()))[0] == "CN=first"


async def test_a_renewed_key_that_the_listener_cannot_use_changes_nothing(tmp_path: Path) -> None:
    pair = KeyPair(*write_pair(tmp_path, "first"))
    async with served(Application(), pair) as (http, port):
        renewals = Renewals(pair, SystemClock(), http.renew)
        write_pair(tmp_path, "second", curve=ec.SECP521R1())
        await renewals.round()
        with pytest.raises(Invalid, match="must be RSA, Ed25519, or ECDSA on the curves P-256 or P-384"):
            pair.check()
        assert (await ask(port, "/", trusting()))[0] == "CN=first"
        write_pair(tmp_path, "third", curve=ec.SECP384R1())
        pair.check()
        pair.key.write_text("half of")  # between the check and the taking
        with pytest.raises(Invalid, match="cannot be used"):
            http.renew()
        assert (await ask(port, "/", trusting()))[0] == "CN=first"


def test_half_of_a_pair_or_none_is_told_at_start(tmp_path: Path) -> None:
    certificate, _ = write_pair(tmp_path, "first")
    assert key_pair(Settings()) is None
    with pytest.raises(Invalid, match="belong together"):
        key_pair(Settings(tls_certificate=str(certificate)))
    with pytest.raises(Invalid, match="No such file"):
        key_pair(Settings(tls_certificate=str(certificate), tls_key=str(tmp_path / "none")))
    with pytest.raises(Invalid, match=r"cannot be used with the key"):
        key_pair(Settings(tls_certificate=str(certificate), tls_key=str(certificate)))


@pytest.mark.parametrize(
    ("path", "port", "status", "found"),
    [
        ("/app/projects?x=1", 8443, "301", "location: https://polpo.test:8443/app/projects?x=1"),
        ("/", 443, "301", "location: https://polpo.test/\r\n"),
        ("//evil.test/x", 443, "301", "location: https://polpo.test//evil.test/x"),
        ("/api/octopusservernodes/ping", 443, "200", "http polpo.test:80"),
        ("/.well-known/acme-challenge/tok-en_1", 443, "200", "\r\nproof"),
        ("/.well-known/acme-challenge/none", 443, "404", "no such challenge"),
        ("/.well-known/acme-challenge/..%2f..%2fsecret", 443, "301", "location: https://polpo.test/"),
    ],
)
async def test_plain_http_is_sent_on(tmp_path: Path, path: str, port: int, status: str, found: str) -> None:
    challenges = tmp_path / ".well-known" / "acme-challenge"
    challenges.mkdir(parents=True)
    (challenges / "tok-en_1").write_text("proof")
    (tmp_path / "secret").write_text("secret")
    async with served(Redirects(Application(), port, (), tmp_path)) as (_, plain):
        _, answer = await ask(plain, path, None)
        assert answer.split(" ")[1] == status
        assert found in answer
        assert "secret" not in answer.partition("\r\n\r\n")[2]
