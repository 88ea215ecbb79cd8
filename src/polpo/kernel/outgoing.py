"""HTTP to addresses that users named: only where the guard lets it, bounded in redirects, size and time.

The connections of such a client are made to addresses that the guard has just judged, redirects included. Proxies of
the environment are not used: behind one, nobody here would know where a request ends up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import httpcore
import httpx

from polpo.kernel.destinations import WEB, Destinations, Refused, Unresolved, split

_REDIRECTS = 5
_CONNECTIONS = httpx.Limits(max_connections=20, max_keepalive_connections=5, keepalive_expiry=10.0)


def outgoing_client(
    destinations: Destinations,
    *,
    seconds: float = 30.0,
    most_bytes: int = 10 << 20,
    redirects: int = 0,
    schemes: Sequence[str] = WEB,
    verify: Any = True,
) -> httpx.AsyncClient:
    """A client for addresses of users. Raises Refused where it may not go, httpx's errors for everything else.

    `seconds` bound one exchange, `most_bytes` the body of its answer. Redirects are followed as often as told. The
    certificates of authorities are the usual ones, or those that SSL_CERT_FILE or SSL_CERT_DIR of the server name.
    """
    return httpx.AsyncClient(
        transport=GuardedTransport(
            destinations, seconds=seconds, most_bytes=most_bytes, schemes=schemes, verify=verify
        ),
        timeout=httpx.Timeout(seconds, pool=seconds),
        follow_redirects=redirects > 0,
        max_redirects=redirects or _REDIRECTS,
        headers={"Accept-Encoding": "identity"},
        trust_env=False,
    )


class GuardedTransport(httpx.AsyncHTTPTransport):
    """The transport of `outgoing_client`."""

    def __init__(
        self, destinations: Destinations, *, seconds: float, most_bytes: int, schemes: Sequence[str], verify: Any = True
    ) -> None:
        context = httpx.create_ssl_context(verify=verify)
        super().__init__(verify=context)
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._schemes = schemes
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=_CONNECTIONS.max_connections,
            max_keepalive_connections=_CONNECTIONS.max_keepalive_connections,
            keepalive_expiry=_CONNECTIONS.keepalive_expiry,
            network_backend=_Guarded(destinations),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        split(str(request.url), self._schemes)
        ends = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(ends):
                answer = await super().handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout(f"no answer within {self._seconds:.0f} seconds", request=request) from error
        if answer.headers.get("content-encoding", "identity") != "identity":
            await answer.aclose()
            raise httpx.DecodingError("the answer is compressed, which was not asked for", request=request)
        answer.stream = _Bounded(answer.stream, request, self._most_bytes, ends)
        return answer


class _Bounded(httpx.AsyncByteStream):
    def __init__(self, stream: Any, request: httpx.Request, most_bytes: int, ends: float) -> None:
        self._stream = stream
        self._request = request
        self._most_bytes = most_bytes
        self._ends = ends

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        chunks = aiter(self._stream)
        while True:
            try:
                async with asyncio.timeout_at(self._ends):
                    chunk = await anext(chunks, None)
            except TimeoutError as error:
                raise httpx.ReadTimeout("the answer took too long", request=self._request) from error
            if chunk is None:
                return
            size += len(chunk)
            if size > self._most_bytes:
                raise httpx.ReadError(f"the answer has more than {self._most_bytes // 1024} KB", request=self._request)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to what the guard has judged, and to nothing that a name may mean a moment later."""

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port, timeout)
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def _addresses(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._destinations.addresses, host, port), seconds)
        except Unresolved as error:
            raise httpcore.ConnectError(error.message) from error
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"the name server did not answer about {host}") from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise Refused(f"The server does not connect to the socket {path}.")

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)
