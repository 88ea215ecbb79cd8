"""Running the server: one process, one event loop, HTTP inside it."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
from pathlib import Path

import structlog

from polpo.kernel.addresses import is_loopback
from polpo.kernel.clock import SystemClock
from polpo.kernel.errors import Invalid
from polpo.kernel.logs import configure_logs
from polpo.server.application import Server, assemble
from polpo.server.listening import HttpServer
from polpo.server.redirecting import Redirects
from polpo.server.settings import Settings, split_address
from polpo.server.tls import KeyPair, Renewals, key_pair, warn_of_end

log = structlog.get_logger("polpo.server")

_LAST_REQUESTS = 30.0  # seconds that requests have to end once the server is told to stop


async def serve(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT; then stops taking requests, lets running ones end, and closes the data."""
    configure_logs(settings.log_level)
    host, port = split_address(settings.listen, "--listen")
    _refuse_taken(host, port)
    pair = key_pair(settings)
    server = assemble(settings)
    try:
        await server.start()
        _settle_memory()
        _announce(server, host, port, "http" if pair is None else "https")
        _warn(settings, host, pair)
        await _serve_http(server, _listeners(server, host, port, pair), pair)
    finally:
        await server.close()


def _listeners(server: Server, host: str, port: int, pair: KeyPair | None) -> list[HttpServer]:
    """The one that serves, and the one that sends on to it where there is one."""
    settings = server.settings
    serving = HttpServer(server.application, host, port, pair)
    if not settings.listen_http_redirect:
        return [serving]
    if pair is None:
        raise Invalid("The setting listen_http_redirect needs HTTPS: set tls_certificate and tls_key, too.")
    plain_host, plain_port = split_address(settings.listen_http_redirect, "listen_http_redirect")
    _refuse_taken(plain_host, plain_port)
    folder = Path(settings.acme_folder).expanduser() if settings.acme_folder else None
    redirects = Redirects(server.application, port, settings.host_names, folder)
    return [serving, HttpServer(redirects, plain_host, plain_port)]


def _warn(settings: Settings, host: str, pair: KeyPair | None) -> None:
    if pair is not None:
        warn_of_end(pair.check(), SystemClock())
    elif not is_loopback(host) and not settings.trusted_proxies:
        log.warning(
            "passwords and API keys travel in clear text: the server speaks plain HTTP to the network."
            " Set tls_certificate and tls_key, or trusted_proxies when a proxy in front of it speaks HTTPS"
        )


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


async def _serve_http(server: Server, listeners: list[HttpServer], pair: KeyPair | None) -> None:
    renewals = Renewals(pair, SystemClock(), listeners[0].renew) if pair is not None else None
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    loop.add_signal_handler(signal.SIGHUP, renewals.hurry if renewals else _nothing_to_reload)
    serving = [asyncio.create_task(one.serve(), name=f"http-{one.bind_port}") for one in listeners]
    waiting = asyncio.create_task(stopped.wait(), name="stop-signal")
    try:
        if renewals is not None:
            await renewals.start()
        done, _ = await asyncio.wait({*serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        for one in done - {waiting}:
            one.result()
            raise Invalid("The server could not go on listening; is another program using the port?")
        server.engine.end_watching()
        for listener in listeners:
            listener.end()
        _, late = await asyncio.wait(serving, timeout=_LAST_REQUESTS)
        if late:
            log.warning("requests that did not end were cut off", seconds=_LAST_REQUESTS)
    finally:
        if renewals is not None:
            await renewals.close()
        for task in (*serving, waiting):
            task.cancel()
        await asyncio.gather(*serving, waiting, return_exceptions=True)


def _nothing_to_reload() -> None:
    log.info("SIGHUP changes nothing: the server has no certificate to read again")


def _announce(server: Server, host: str, port: int, scheme: str) -> None:
    sys.stderr.write(f"Polpo listens on {scheme}://{host}:{port}; its data is in {server.settings.data}.\n")
    if server.first_sign_in is not None:
        shown = server.first_sign_in
        sys.stderr.write(f"First start: sign in as '{shown.username}' with the password '{shown.password}'.\n")
    sys.stderr.flush()
