"""The server as an agent's commands see it: its REST API, with failures told in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
import msgspec

from polpo.kernel.errors import AppError, Forbidden, Invalid, NotFound, NotSignedIn, Unavailable

_ALL = 2147483647
_STARTING_SECONDS = 60
_decode = msgspec.json.decode


class ServerApi:
    """Requests to one server. `client` has the server's address as its base and the key among its headers."""

    def __init__(self, client: httpx.AsyncClient, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._client = client
        self._sleep = sleep
        self._where = str(client.base_url).rstrip("/")

    async def wait_until_ready(self) -> dict[str, Any]:
        """The root document; a server that is still starting is given a minute. Says it when this is no such server."""
        for _ in range(_STARTING_SECONDS):
            response = await self._send("GET", "/api")
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await self._sleep(1)
        else:
            raise Unavailable(f"The server {self._where} is still starting after a minute; try again later.")
        root = self._content(response)
        if not isinstance(root, dict) or "ApiVersion" not in root:
            raise Invalid(f"{self._where} does not answer as a deployment server; check the address.")
        return root

    async def get(self, path: str, **query: str | int) -> Any:
        return self._content(await self._send("GET", path, params=query))

    async def items(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """All items of a list that comes in pages."""
        found = await self.get(path, skip=0, take=_ALL, **query)
        return list(found["Items"])

    async def post(self, path: str, body: object) -> Any:
        return self._content(await self._send("POST", path, json=body))

    async def put(self, path: str, body: object) -> Any:
        return self._content(await self._send("PUT", path, json=body))

    async def delete(self, path: str) -> None:
        self._content(await self._send("DELETE", path))

    async def pick(self, path: str, word: str, kind: str) -> dict[str, Any]:
        """The one of a list that has this name, id or slug, whatever its case; NotFound names those that are there."""
        choices = await self.get(path)
        for choice in choices:
            known = (choice.get("Name"), choice.get("Id"), choice.get("Slug"))
            if word.casefold() in (name.casefold() for name in known if name):
                return dict(choice)
        raise NotFound(f"There is no {kind} '{word}' on {self._where}. {_those(choices)}")

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return await self._client.request(method, path, **more)
        except httpx.TimeoutException as error:
            raise Unavailable(f"The server {self._where} did not answer in time; check the address.") from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise Unavailable(
                f"The server {self._where} cannot be reached: {str(error) or type(error).__name__}. "
                "Check the address and that the server runs."
            ) from error

    def _content(self, response: httpx.Response) -> Any:
        status = response.status_code
        if response.is_success:
            try:
                return _decode(response.content) if response.content else None
            except msgspec.DecodeError as error:
                raise Invalid(f"{self._where} does not answer as a deployment server; check the address.") from error
        said = _said(response)
        if status == httpx.codes.UNAUTHORIZED:
            raise NotSignedIn(f"The server {self._where} does not accept the API key: {said}")
        if status == httpx.codes.FORBIDDEN:
            raise Forbidden(f"The API key may not do this on {self._where}: {said}")
        refused: type[AppError] = NotFound if status == httpx.codes.NOT_FOUND else Invalid
        raise refused(f"The server {self._where} refused ({status}): {said}")


def _those(choices: Sequence[dict[str, Any]]) -> str:
    names = sorted(str(choice.get("Name")) for choice in choices)
    return f"There are: {', '.join(names)}." if names else "There are none yet."


def _said(response: httpx.Response) -> str:
    """The server's own sentences, if it told any."""
    try:
        told = _decode(response.content)
    except msgspec.DecodeError:
        return response.reason_phrase
    if not isinstance(told, dict):
        return response.reason_phrase
    message = str(told.get("ErrorMessage") or response.reason_phrase)
    faults = [str(fault) for fault in told.get("Errors") or () if fault != message]
    return " ".join([message, *faults])
