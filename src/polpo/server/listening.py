"""Serving HTTP: the listening socket, TLS, and a change of the certificate while requests go on."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings, HTTP2Settings
from granian.server.embed import Server as GranianServer
from litestar.types import ASGIApp

from polpo.server.edge.heads import MOST_HEADER_BYTES
from polpo.server.tls import KeyPair, Material

#: How long the successor of a listener may take until it listens, in seconds.
_OVERLAP = 0.5
#: For the head of a request, in milliseconds: who sends it byte by byte is hung up on.
_HEAD_TIMEOUT = 15_000
_BUFFER = 4 * MOST_HEADER_BYTES
#: Of certificates that are held: a listener that has just begun may still read the one before the last.
_GENERATIONS = 2


class HttpServer(GranianServer):
    """Listens until it is stopped. `renew` makes new connections use the files of the certificate as they are now."""

    def __init__(self, application: ASGIApp, host: str, port: int, pair: KeyPair | None = None) -> None:
        super().__init__(
            application,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            log_enabled=False,
            websockets=False,
            http=HTTPModes.auto,
            http1_settings=HTTP1Settings(header_read_timeout=_HEAD_TIMEOUT, max_buffer_size=_BUFFER),
            http2_settings=HTTP2Settings(max_headers_size=MOST_HEADER_BYTES, max_concurrent_streams=100),
        )
        self._pair = pair
        self._retired: list[Any] = []
        self._held: list[_Held] = []
        self._read_pair()

    def renew(self) -> None:
        self._read_pair()
        self.reload()  # type: ignore[no-untyped-call]

    def end(self) -> None:
        """Takes no more requests; `serve` returns when those that run have ended."""
        self.stop()  # type: ignore[no-untyped-call] # granian leaves it untyped

    def _read_pair(self) -> None:
        if self._pair is None:
            return
        held = _Held(self._pair.read())
        told: Any = (True, held.certificate, held.key, None, str(SSLProtocols.tls12), None, [], False)
        self.ssl_ctx = told  # granian declares the one without a certificate
        self._held.append(held)
        while len(self._held) > _GENERATIONS:
            self._held.pop(0).close()

    async def _respawn_workers(self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        """A listener with the new certificate takes over; the old one ends when its last request has ended.

        Granian itself waits for that, so a follower of a log would keep the next certificate out.
        """
        successor = self._spawn_worker(0, spawn_target, target_loader)
        successor.start()  # type: ignore[no-untyped-call] # as all of granian's workers
        await asyncio.sleep(_OVERLAP)
        (former,), self.wrks = self.wrks, [successor]
        former.terminate()  # type: ignore[no-untyped-call]
        self._retired = [one for one in self._retired if one.is_alive()] + [former]

    async def _stop_workers(self) -> None:
        for worker in self.wrks:
            worker.terminate()  # type: ignore[no-untyped-call]
        for worker in (*self.wrks, *self._retired):
            await worker.join(None)
        self.wrks.clear()
        while self._held:
            self._held.pop().close()


class _Held:
    """Files that the listener takes a certificate and its key from, which are on no disk where the system can do that.

    What was checked is what is used, whatever becomes of the administrator's files a moment later.
    """

    def __init__(self, material: Material) -> None:
        self._folder = None if sys.platform == "linux" else tempfile.TemporaryDirectory(prefix="polpo-")
        self._descriptors: list[int] = []
        self.certificate = self._keep("certificate", material.certificate)
        self.key = self._keep("key", material.key)

    def _keep(self, name: str, content: bytes) -> str:
        if sys.platform == "linux":
            descriptor = os.memfd_create(f"polpo-{name}")
            self._descriptors.append(descriptor)
            with open(descriptor, "wb", closefd=False) as file:
                file.write(content)
            return f"/proc/self/fd/{descriptor}"
        assert self._folder is not None  # noqa: S101 - made where there are no files in memory
        path = Path(self._folder.name) / name
        path.touch(0o600)
        path.write_bytes(content)
        return str(path)

    def close(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.pop())
        if self._folder is not None:
            self._folder.cleanup()
