"""A loopback proxy that writes down what a client asks, so that two clients can be compared."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

_PASSED_ON = ("x-octopus-apikey", "content-type", "accept", "user-agent")


@contextmanager
def recording(address: str) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """The proxy's address, and the list that grows by one (method, path with query, body) for each request."""
    asked: list[tuple[str, str, Any]] = []
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as onward:
        proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(onward, asked))
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,), name="recorder")
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_port}", asked
        finally:
            proxy.shutdown()
            thread.join()
            proxy.server_close()


def _handler(onward: httpx.Client, asked: list[tuple[str, str, Any]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            chunked = self.headers.get("Transfer-Encoding") == "chunked"
            content = self._chunks() if chunked else self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append((self.command, _sorted(self.path), ("chunked", _body(content)) if chunked else _body(content)))
            headers = {name: value for name, value in self.headers.items() if name.lower() in _PASSED_ON}
            answer = onward.request(self.command, self.path, content=content, headers=headers)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def _chunks(self) -> bytes:
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the list is the record."""

    return Handler


def _sorted(path: str) -> str:
    """The order of a query's parameters means nothing."""
    place, _, query = path.partition("?")
    return f"{place}?{'&'.join(sorted(query.split('&')))}" if query else place


def _body(content: bytes) -> Any:
    if not content:
        return None
    if (part := re.search(rb'name="([^"]*)"; ?filename="([^"]*)"', content)) is not None:
        return {"part": part[1].decode(), "file": part[2].decode()}
    return json.loads(content)
