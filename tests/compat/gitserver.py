"""Git repositories over HTTP on loopback, by Git's own server program."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

_QUIET = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
_AUTHOR = ["-c", "user.name=Compat", "-c", "user.email=compat@example.com"]


@dataclass(frozen=True)
class GitServer:
    address: str
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_repository(self) -> str:
        """The address of a new repository with one commit on `main`, which anybody may read and push to."""
        name = f"repository-{next(self.numbers)}.git"
        bare = self.folder / name
        _git("init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        _git("-C", str(bare), "config", "http.receivepack", "true")
        tree = _git("-C", str(bare), "hash-object", "-t", "tree", "-w", "/dev/null")
        commit = _git("-C", str(bare), *_AUTHOR, "commit-tree", tree, "-m", "Begin")
        _git("-C", str(bare), "update-ref", "refs/heads/main", commit)
        return f"{self.address}/{name}"


@contextmanager
def git_server(folder: Path) -> Iterator[GitServer]:
    folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="git server")
    thread.start()
    try:
        yield GitServer(f"http://127.0.0.1:{server.server_port}", folder)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], env={**os.environ, **_QUIET}, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            place, _, query = self.path.partition("?")
            content = self._content()
            told = {"GIT_PROJECT_ROOT": str(folder), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": place}
            told |= {"REQUEST_METHOD": self.command, "QUERY_STRING": query, "REMOTE_USER": "compat"}
            told |= {"CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(content))}
            told |= {"GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
            told |= {"HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", "")}
            environment = {**os.environ, **_QUIET, **told}
            done = subprocess.run(
                ["git", "http-backend"], input=content, env=environment, capture_output=True, check=True
            )
            self._answer(*done.stdout.split(b"\r\n\r\n", 1))

        def _content(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _answer(self, head: bytes, body: bytes) -> None:
            headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if line)
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler
