"""The server as an agent's commands see it: its REST API, with failures told in words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from polpo.kernel.errors import AppError, Forbidden, Invalid, NotFound, NotSignedIn, Unavailable

_ALL = 2147483647
_STARTING_SECONDS = 60
_OPTIONAL = re.compile(r"\{[^}]*\}")
_CSRF_COOKIE, _CSRF_HEADER = "Octopus-Csrf-Token", "X-Octopus-Csrf-Token"
_NOT_THERE = {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED}
_decode = msgspec.json.decode


@dataclass(frozen=True)
class Credentials:
    """One way of signing in: an API key, a bearer token, or a user's name and password."""

    api_key: str = ""
    bearer_token: str = ""
    username: str = ""
    password: str = ""

    @property
    def headers(self) -> dict[str, str]:
        if self.api_key:
            return {"X-Octopus-ApiKey": self.api_key}
        return {"Authorization": f"Bearer {self.bearer_token}"} if self.bearer_token else {}

    def check(self) -> None:
        """Invalid unless there is exactly one way."""
        ways = [bool(self.api_key), bool(self.bearer_token), bool(self.username)]
        if sum(ways) != 1:
            raise Invalid(
                "Sign in one way: --api-key (or POLPO_API_KEY), --bearer-token, or --username with --password."
            )


class ServerApi:
    """Requests to one server. `client` has the server's address as its base and the key among its headers."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        credentials: Credentials | None = None,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._credentials = credentials or Credentials()
        self.where = str(client.base_url).rstrip("/")
        self.links: dict[str, str] = {}

    async def open(self) -> dict[str, Any]:
        """The root document, signed in; a server that is still starting is given a minute.

        Says it when this is no such server. `links` are those of the root document from then on.
        """
        for _ in range(_STARTING_SECONDS):
            response = await self._send("GET", "/api")
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await self._sleep(1)
        else:
            raise Unavailable(f"The server {self.where} is still starting after a minute; try again later.")
        root = self._content(response)
        if not isinstance(root, dict) or "ApiVersion" not in root:
            raise Invalid(f"{self.where} does not answer as a deployment server; check the address.")
        self.links = {str(name): str(link) for name, link in (root.get("Links") or {}).items()}
        if self._credentials.username:
            await self._sign_in()
        return root

    async def _sign_in(self) -> None:
        path = without_options(self.links.get("SignIn", "/api/users/login"))
        name, password = self._credentials.username, self._credentials.password
        await self.post(path, {"Username": name, "Password": password})
        for cookie in self._client.cookies.jar:
            if cookie.name.startswith(_CSRF_COOKIE) and cookie.value:
                self._client.headers[_CSRF_HEADER] = cookie.value

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
        return self.chosen(await self.get(path), word, kind)

    def chosen(self, choices: Sequence[dict[str, Any]], word: str, kind: str) -> dict[str, Any]:
        """As `pick`, among those that are known already."""
        for choice in choices:
            known = (choice.get("Name"), choice.get("Id"), choice.get("Slug"))
            if word.casefold() in (name.casefold() for name in known if name):
                return dict(choice)
        raise NotFound(f"There is no {kind} '{word}' on {self.where}. {_those(choices)}")

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return await self._client.request(method, path, **more)
        except httpx.TimeoutException as error:
            raise Unavailable(f"The server {self.where} did not answer in time; check the address.") from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise Unavailable(
                f"The server {self.where} cannot be reached: {str(error) or type(error).__name__}. "
                "Check the address and that the server runs."
            ) from error

    def _content(self, response: httpx.Response) -> Any:
        status = response.status_code
        if response.is_success:
            try:
                return _decode(response.content) if response.content else None
            except msgspec.DecodeError as error:
                raise Invalid(f"{self.where} does not answer as a deployment server; check the address.") from error
        said = _said(response)
        shown = self._shown()
        if status == httpx.codes.UNAUTHORIZED:
            raise NotSignedIn(f"The server {self.where} does not accept the {shown}: {said}")
        if status == httpx.codes.FORBIDDEN:
            raise Forbidden(f"The {shown} may not do this on {self.where}: {said}")
        refused: type[AppError] = NotFound if status in _NOT_THERE else Invalid
        raise refused(f"The server {self.where} refused ({status}): {said}")

    def _shown(self) -> str:
        if self._credentials.username:
            return f"user '{self._credentials.username}'"
        return "bearer token" if self._credentials.bearer_token else "API key"


@asynccontextmanager
async def connected(server: str, credentials: Credentials) -> AsyncIterator[ServerApi]:
    """The API of the server at a web address, not yet opened."""
    if not server.startswith(("http://", "https://")):
        raise Invalid(f"--server must be a web address, such as https://deploy.example.com; it is '{server}'.")
    async with httpx.AsyncClient(
        base_url=server,
        headers=credentials.headers,
        timeout=30,
        follow_redirects=True,
        event_hooks={"response": [_stay_with_the_server]},
    ) as client:
        yield ServerApi(client, credentials=credentials)


async def _stay_with_the_server(response: httpx.Response) -> None:
    """What signs us in goes along with a redirection, so it must not lead to somebody else, nor out of TLS."""
    if not response.has_redirect_location:
        return
    here, there = response.url, response.url.join(response.headers["location"])
    if there.host != here.host or (here.scheme == "https" and there.scheme != "https"):
        raise Invalid(
            f"The server {here.scheme}://{here.netloc.decode()} leads to {there.scheme}://{there.netloc.decode()}, "
            "which is not told who you are; if that is your server, give its address."
        )


def without_options(link: str) -> str:
    """A link's template without what a caller may add to it."""
    return _OPTIONAL.sub("", link)


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
