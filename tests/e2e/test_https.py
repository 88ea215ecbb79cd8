"""A server that speaks HTTPS as a process: sign-on of plain HTTP, and a certificate that is renewed by SIGHUP."""

from __future__ import annotations

import signal
import ssl
import time
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from processes import Program, free_port
from tests.certificates import write_pair


def shown(port: int) -> str:
    """The common name that the server presents."""
    pem = ssl.get_server_certificate(("127.0.0.1", port), timeout=10)
    return x509.load_pem_x509_certificate(pem.encode()).subject.rfc4514_string()


def test_server_speaks_https_sends_plain_http_on_and_takes_a_new_certificate(tmp_path: Path) -> None:
    certificate, key = write_pair(tmp_path, "first")
    port, plain = free_port(0), free_port(0)
    environment = {
        "POLPO_TLS_CERTIFICATE": str(certificate),
        "POLPO_TLS_KEY": str(key),
        "POLPO_LISTEN_HTTP_REDIRECT": f"127.0.0.1:{plain}",
        "POLPO_ADMIN_PASSWORD": "correct horse battery",
    }
    arguments = ["server", "--listen", f"127.0.0.1:{port}", "--agent-listen", "127.0.0.1:0"]
    log = tmp_path / "server.log"
    server = Program("server", [*arguments, "--data-dir", str(tmp_path / "data")], log, environment).start()
    try:
        with httpx.Client(verify=False, timeout=30, trust_env=False) as client:  # noqa: S501 - it is self-signed
            _wait(client, f"https://127.0.0.1:{port}/api", server)
            assert shown(port) == "CN=first"
            sent_on = client.get(f"http://127.0.0.1:{plain}/app?x=1")
            assert (sent_on.status_code, sent_on.headers["location"]) == (301, f"https://127.0.0.1:{port}/app?x=1")
            login = {"Username": "admin", "Password": "correct horse battery"}
            signed_in = client.post(f"https://127.0.0.1:{port}/api/users/login", json=login)
            assert all("secure" in cookie.lower() for cookie in signed_in.headers.get_list("set-cookie"))

            write_pair(tmp_path, "second")
            assert server.process is not None
            server.process.send_signal(signal.SIGHUP)
            ends = time.monotonic() + 30
            while shown(port) != "CN=second":
                assert time.monotonic() < ends, log.read_text()
            assert client.get(f"https://127.0.0.1:{port}/api").status_code == 200
    finally:
        server.stop()
    assert f"Polpo listens on https://127.0.0.1:{port}" in log.read_text()


def _wait(client: httpx.Client, url: str, server: Program) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            client.get(url)
        except httpx.TransportError:
            assert server.is_alive(), server.log.read_text()
            time.sleep(0.05)
            continue
        return
    pytest.fail(f"{url} does not answer")
