"""A Git server over HTTP with a password, for tests: `git http-backend` behind a web server of the standard library."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

USERNAME, PASSWORD = "robot", "s3cret-of-git"

_IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.test", "-c", "commit.gpgsign=false")


class Repository:
    """A bare repository that is served, and a working copy to change it with, as a person would."""

    def __init__(self, folder: Path, url: str) -> None:
        self.bare = folder
        self.url = url
        self._copy = folder.parent.parent / f"{folder.stem}-copy"

    def git(self, *arguments: str) -> str:
        """Runs Git in the bare repository."""
        return _git("-C", str(self.bare), *arguments)

    def read(self, path: str, ref: str = "main") -> str:
        return self.git("show", f"{ref}:{path}")

    def files(self, ref: str = "main") -> list[str]:
        return self.git("ls-tree", "-r", "--name-only", ref).split()

    def messages(self, ref: str = "main") -> list[str]:
        """Of the commits, newest first."""
        return self.git("log", "--format=%s", ref).splitlines()

    def head(self, ref: str = "main") -> str:
        return self.git("rev-parse", ref).strip()

    def write(self, files: dict[str, str], ref: str = "main", message: str = "Change by hand") -> str:
        """Commits files to a branch from outside of Polpo; the hash."""
        if not self._copy.exists():
            _git("clone", "-q", str(self.bare), str(self._copy))
        inside = ("-C", str(self._copy))
        _git(*inside, "fetch", "-q", "origin")
        known = self.git("branch", "--list", ref).strip()
        _git(*inside, "checkout", "-q", "-B", ref, *([f"origin/{ref}"] if known else []))
        for path, text in files.items():
            target = self._copy / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        _git(*inside, "add", "-A")
        _git(*inside, *_IDENTITY, "commit", "-q", "--allow-empty", "-m", message)
        _git(*inside, "push", "-q", "origin", ref)
        return self.head(ref)


def _git(*arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class GitServer:
    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._url = f"http://127.0.0.1:{port}"

    def create(self, name: str, *, empty: bool = False) -> Repository:
        """A new repository; unless it is to be empty, with a read-me on the branch main."""
        bare = self._folder / f"{name}.git"
        _git("init", "-q", "--bare", "-b", "main", str(bare))
        _git("-C", str(bare), "config", "http.receivepack", "true")
        repository = Repository(bare, f"{self._url}/{name}.git")
        if not empty:
            repository.write({"README.md": "# Shop\n"}, message="Begin")
        return repository


@contextmanager
def git_server(folder: Path) -> Iterator[GitServer]:
    served = folder / "served"
    served.mkdir()

    class Handler(_Backend):
        root = served

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield GitServer(served, web.server_address[1])
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


class _Backend(BaseHTTPRequestHandler):
    root: ClassVar[Path]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _answer(self, body: bytes) -> None:
        expected = "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        if "/public" not in self.path and self.headers.get("Authorization") != expected:
            self._send(401, {"WWW-Authenticate": 'Basic realm="git"'}, b"")
            return
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": "/nonexistent",
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_USER": USERNAME,
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=environment, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self._send(int(headers.pop("Status", "200").split()[0]), headers, content)

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""
