"""Running the server: one process, one event loop, HTTP by granian inside it."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys

import structlog
from granian.constants import Interfaces
from granian.server.embed import Server as HttpServer

from polpo.kernel.errors import Invalid
from polpo.kernel.logs import configure_logs
from polpo.server.application import Server, assemble
from polpo.server.settings import Settings, split_address

log = structlog.get_logger("polpo.server")

_LAST_REQUESTS = 30.0  # seconds that requests have to end once the server is told to stop


async def serve(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT; then stops taking requests, lets running ones end, and closes the data."""
    configure_logs(settings.log_level)
    host, port = split_address(settings.listen, "--listen")
    _refuse_taken(host, port)
    server = assemble(settings)
    try:
        await server.start()
        _settle_memory()
        _announce(server, host, port)
        await _serve_http(server, host, port)
    finally:
        await server.close()


def _settle_memory() -> None:
    """What a server is made of stays until it ends, so the collector need not look through it again and again.

    A dashboard of a large installation makes thousands of objects: collections took a third of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _refuse_taken(host: str, port: int) -> None:
    """Two HTTP servers of this kind can share a port, and then each answers about half of the requests."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Invalid(f"The server cannot listen on {host}:{port}: {error.strerror}. Name another --listen.") from error


async def _serve_http(server: Server, host: str, port: int) -> None:
    http = HttpServer(
        server.application, address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False, websockets=False
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    serving = asyncio.create_task(http.serve(), name="http")
    waiting = asyncio.create_task(stopped.wait(), name="stop-signal")
    try:
        done, _ = await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if serving in done:
            serving.result()
            raise Invalid(f"The server could not listen on {host}:{port}; is another program using the port?")
        server.engine.end_watching()
        http.stop()  # type: ignore[no-untyped-call] # granian leaves it untyped
        _, late = await asyncio.wait({serving}, timeout=_LAST_REQUESTS)
        if late:
            log.warning("requests that did not end were cut off", seconds=_LAST_REQUESTS)
    finally:
        for task in (serving, waiting):
            task.cancel()
        await asyncio.gather(serving, waiting, return_exceptions=True)


def _announce(server: Server, host: str, port: int) -> None:
    sys.stderr.write(f"Polpo listens on http://{host}:{port}; its data is in {server.settings.data}.\n")
    if server.first_sign_in is not None:
        shown = server.first_sign_in
        sys.stderr.write(f"First start: sign in as '{shown.username}' with the password '{shown.password}'.\n")
    sys.stderr.flush()
