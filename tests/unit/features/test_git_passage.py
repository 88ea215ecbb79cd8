"""The way to a Git repository: to the address that was judged, to no other host, and after no redirect."""

from __future__ import annotations

import http.client
import os
import resource
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.certificates import write_pair

from polpo.features.git import passage
from polpo.features.git.mirrors import Mirror
from polpo.features.git.passage import Passage
from polpo.features.git.remotes import Remote
from polpo.kernel.destinations import Destinations, Refused
from polpo.kernel.errors import Invalid


class Web(ThreadingHTTPServer):
    """Answers with `respond`; remembers the heads that it was sent."""

    def __init__(self, respond: Callable[[BaseHTTPRequestHandler], None]) -> None:
        asked: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked.append({"path": self.path, **self.headers})
                respond(self)

            def log_message(self, format: str, *arguments: object) -> None:
                """Says nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = asked
        self.port = self.server_address[1]


def say(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


@contextmanager
def running(web: Web) -> Iterator[Web]:
    thread = threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


def leading(*addresses: str) -> Destinations:
    """The name git.test means these addresses, one after the other; only this machine is allowed."""
    left = list(addresses)
    return Destinations(["127.0.0.1"], resolve=lambda _host, _port: [left.pop(0) if len(left) > 1 else left[0]])


def get(url: str) -> http.client.HTTPResponse:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", parts.path, headers={"Authorization": "Basic x"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_plain_http_reaches_the_host_by_its_name_and_one_request_ends_the_connection() -> None:
    with (
        running(Web(say(200, b"refs"))) as web,
        Passage(f"http://git.test:{web.port}/x.git", leading("127.0.0.1")) as way,
    ):
        answer = get(way.url)
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        assert web.asked[0]["path"] == "/x.git"
        assert web.asked[0]["Host"] == f"git.test:{web.port}"
        assert web.asked[0]["Authorization"] == "Basic x"


def test_a_name_that_means_an_address_inside_a_moment_later_leads_nowhere() -> None:
    with (
        running(Web(say(200))) as web,
        Passage(f"http://git.test:{web.port}/", leading("127.0.0.1", "10.0.0.1")) as way,
    ):
        assert get(way.url).status == 502
        assert "private network" in str(way.fault)
        assert web.asked == []


def test_an_address_inside_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Refused, match="outbound_allow"), Passage("https://git.test/x.git", leading("10.0.0.1")):
        pytest.fail("there is no way")


def test_https_goes_by_a_tunnel_to_the_host_itself_and_to_no_other_place(tmp_path: Path) -> None:
    web = Web(say(200, b"refs"))
    certificate, key = write_pair(tmp_path, "git.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    web.socket = context.wrap_socket(web.socket, server_side=True)
    client = ssl.create_default_context()
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    with running(web), Passage(f"https://git.test:{web.port}/x.git", leading("127.0.0.1")) as way:
        door = urlsplit(str(way.proxy))
        assert way.url == f"https://git.test:{web.port}/x.git"
        for host, port, fits in (("git.test", web.port, True), ("127.0.0.1", web.port, False), ("git.test", 22, False)):
            connection = http.client.HTTPSConnection(door.hostname or "", door.port, timeout=10, context=client)
            connection.set_tunnel(host, port)
            if not fits:
                with pytest.raises(OSError, match="502"):
                    connection.request("GET", "/x")
                assert f"{host}:{port}" in str(way.fault)
                continue
            connection.request("GET", "/x")
            assert connection.getresponse().read() == b"refs"
            connection.close()
    assert [one["path"] for one in web.asked] == ["/x"]


def test_a_redirect_is_not_followed_and_gets_no_password(tmp_path: Path) -> None:
    with running(Web(say(200))) as other, running(Web(say(302, Location=f"http://127.0.0.1:{other.port}/y"))) as web:
        remote = Remote(f"http://git.test:{web.port}/x.git", "robot", "s3cret")
        with pytest.raises(Invalid, match="it has moved"):
            Mirror(tmp_path / "mirror", remote, leading("127.0.0.1")).fetch()
        assert other.asked == []
        assert len(web.asked) == 1
        assert "Authorization" not in web.asked[0]


@pytest.mark.parametrize(
    "begin",
    [
        b"\r\nHTTP/1.1 302 Found\r\n",  # what libgit2 skips before the first line
        b"HTTP/1.1  302 Found\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 302 Found\r\n",
        b"HTTP/1.1 100 Continue\n\nHTTP/1.1 302 Found\r\n",
        b"HTTP/1.1 200 OK\r\nX: y\nHTTP/1.1 302 Found\r\n",
    ],
)
def test_no_redirect_is_hidden_by_the_form_of_an_answer(tmp_path: Path, begin: bytes) -> None:
    with running(Web(say(200))) as other:
        location = f"Location: http://127.0.0.1:{other.port}/y/info/refs\r\nContent-Length: 0\r\n\r\n".encode()

        def respond(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(begin + location)

        with running(Web(respond)) as web:
            remote = Remote(f"http://git.test:{web.port}/x.git", "robot", "s3cret")
            with pytest.raises(Invalid, match="its answer is no HTTP"):
                Mirror(tmp_path / "mirror", remote, leading("127.0.0.1")).fetch()
            assert other.asked == []


def test_a_server_with_thousands_of_connections_still_reaches_repositories() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    descriptors = []
    try:
        while not descriptors or descriptors[-1] < 1100:
            descriptors.append(os.open(os.devnull, os.O_RDONLY))
        with (
            running(Web(say(200, b"refs"))) as web,
            Passage(f"http://git.test:{web.port}/x.git", leading("127.0.0.1")) as way,
        ):
            assert get(way.url).status == 200
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_answer_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage, "_MOST_BYTES", 200_000)

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(bytes(10_000))

    with running(Web(respond)) as web, Passage(f"http://git.test:{web.port}/x.git", leading("127.0.0.1")) as way:
        with suppress(OSError):
            get(way.url)
        assert "sends more than" in str(way.fault)
