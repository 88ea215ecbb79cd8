"""A cloud on this machine: it answers what a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

#: The key of every service account.
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def service_account_key(token_address: str) -> str:
    """The JSON file of a service account, in base64 as accounts keep it."""
    pem = RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    key = {"client_email": "polpo@shop", "private_key": pem, "token_uri": token_address}
    return base64.b64encode(json.dumps(key).encode()).decode()


class Cloud:
    """Answers by method and path; keeps what it was asked: headers in lower case, and forms or bodies."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str]] = {}
        self.asked: list[tuple[str, dict[str, str], str]] = []
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                what = f"{self.command} {self.path}"
                cloud.asked.append((what, {name.lower(): value for name, value in self.headers.items()}, body))
                status, text = cloud.answers.get(what.partition("?")[0], (404, "nothing here"))
                self.send_response(status)
                if status in range(300, 400):
                    self.send_header("Location", text)
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_PUT = _any  # noqa: N815 - the names that the base class calls

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def says(self, what: str, told: dict[str, Any] | str, status: int = 200) -> None:
        self.answers[what] = (status, told if isinstance(told, str) else json.dumps(told))

    def forms(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(body)) for _, _, body in self.asked]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    made = Cloud()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()
