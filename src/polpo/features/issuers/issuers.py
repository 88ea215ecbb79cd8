"""What outside issuers publish, found by OpenID Connect discovery: their keys, and where people sign in.

It is kept for a while. Asked only for issuers that an identity or a sign-in provider names, where the server may go.
What an issuer answers is bounded in time and size, redirects are not followed, and an issuer that fails is left alone
for some seconds, so that nobody can make this server ask at will.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from polpo.features.issuers.addresses import is_safe
from polpo.kernel.clock import Clock
from polpo.kernel.destinations import Destinations, Refused
from polpo.kernel.outgoing import outgoing_client

_KEPT = 600.0
_KEPT_FAILURE = 10.0
_ASKED_AGAIN = 30.0  # how old keys must be before an unknown key id makes us ask again
_TIMEOUT = 10.0
_MOST_BYTES = 256 * 1024
_MOST_ISSUERS = 256
_LONGEST_REASON = 200


class IssuerFault(Exception):
    """The issuer's keys could not be had; the message is a sentence."""


@dataclass(frozen=True)
class Endpoints:
    """Where people sign in, and where what they come back with is exchanged."""

    authorization: str
    token: str
    takes_secret_in_header: bool


@dataclass(frozen=True)
class _Published:
    keys: tuple[Key, ...] = ()
    endpoints: Endpoints | None = None


@dataclass(frozen=True)
class _Known:
    at: float
    published: _Published
    fault: str | None = None


class Issuers:
    """Knows the keys of issuers. One a server; calls for the same issuer wait for each other."""

    def __init__(self, clock: Clock, destinations: Destinations) -> None:
        self._clock = clock
        self._destinations = destinations
        self._known: dict[str, _Known] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def keys(self, issuer: str, key_id: str | None) -> tuple[Key, ...]:
        """The keys that may have signed: the one with the id, or all where the token names none."""
        published = await self._published(issuer, key_id)
        return tuple(key for key in published.keys if key_id is None or key.kid == key_id)

    async def endpoints(self, issuer: str) -> Endpoints:
        """A fault when people cannot sign in at the issuer."""
        found = (await self._published(issuer, None)).endpoints
        if found is None:
            raise IssuerFault(f"The issuer {issuer} names no authorization_endpoint and token_endpoint with HTTPS.")
        return found

    async def _published(self, issuer: str, key_id: str | None) -> _Published:
        async with self._locks.setdefault(issuer, asyncio.Lock()):
            known = self._known.get(issuer)
            if known is None or self._is_stale(known, key_id):
                known = await self._asked(issuer)
        if known.fault:
            raise IssuerFault(known.fault)
        return known.published

    def _is_stale(self, known: _Known, key_id: str | None) -> bool:
        age = self._clock.monotonic() - known.at
        if known.fault:
            return age > _KEPT_FAILURE
        is_unknown = key_id is not None and all(key.kid != key_id for key in known.published.keys)
        return age > (_ASKED_AGAIN if is_unknown else _KEPT)

    async def _asked(self, issuer: str) -> _Known:
        if len(self._known) >= _MOST_ISSUERS:
            self._known.clear()
        try:
            published, fault = await self._fetch(issuer), None
        except IssuerFault as error:
            published, fault = _Published(), str(error)
        known = self._known[issuer] = _Known(self._clock.monotonic(), published, fault)
        return known

    async def _fetch(self, issuer: str) -> _Published:
        discovery = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        async with self._asking(issuer) as client:
            configuration = await _object_at(client, discovery)
            named = configuration.get("issuer")
            if not isinstance(named, str) or named.rstrip("/") != issuer.rstrip("/"):
                raise IssuerFault(f"{discovery} speaks for another issuer.")
            address = configuration.get("jwks_uri")
            if not isinstance(address, str) or not is_safe(address):
                raise IssuerFault(f"{discovery} names no jwks_uri with HTTPS.")
            found = await _object_at(client, address)
        return _Published(_imported(found, address), _endpoints(configuration))

    async def redeem(
        self, issuer: str, code: Mapping[str, str], client_id: str, client_secret: str | None
    ) -> dict[str, Any]:
        """What the issuer gives for the code that somebody came back with."""
        endpoints = await self.endpoints(issuer)
        form, headers = {"grant_type": "authorization_code", **code}, {"Accept": "application/json"}
        if client_secret and endpoints.takes_secret_in_header:
            headers["Authorization"] = _basic(client_id, client_secret)
        else:
            form["client_id"] = client_id
            if client_secret:
                form["client_secret"] = client_secret
        async with self._asking(issuer) as client:
            return await _object_at(client, endpoints.token, content=urlencode(form), headers=headers)

    @asynccontextmanager
    async def _asking(self, issuer: str) -> AsyncIterator[httpx.AsyncClient]:
        try:
            async with (
                asyncio.timeout(_TIMEOUT),
                outgoing_client(self._destinations, seconds=_TIMEOUT, most_bytes=_MOST_BYTES) as client,
            ):
                yield client
        except TimeoutError as error:
            raise IssuerFault(f"The issuer {issuer} did not answer within {_TIMEOUT:.0f} seconds.") from error


def _endpoints(configuration: Mapping[str, Any]) -> Endpoints | None:
    authorization, token = configuration.get("authorization_endpoint"), configuration.get("token_endpoint")
    if not isinstance(authorization, str) or not isinstance(token, str):
        return None
    if not is_safe(authorization) or not is_safe(token):
        return None
    ways = configuration.get("token_endpoint_auth_methods_supported")
    return Endpoints(authorization, token, not isinstance(ways, list) or "client_secret_basic" in ways)


def _basic(client_id: str, client_secret: str) -> str:
    """By RFC 6749, both are written as in a form first."""
    both = f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}"
    return f"Basic {b64encode(both.encode()).decode()}"


async def _object_at(
    client: httpx.AsyncClient, address: str, *, content: str | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the address answers to a GET, or to a form that is posted there."""
    sent = {"Accept": "application/json", **(headers or {})}
    if content is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        answer = await client.request("GET" if content is None else "POST", address, headers=sent, content=content)
    except Refused as error:
        raise IssuerFault(error.message) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise IssuerFault(f"{address} could not be read: {str(error) or type(error).__name__}.") from error
    if answer.status_code != 200:
        raise IssuerFault(f"{address} answered with the status {answer.status_code}{_reason(answer.content)}.")
    try:
        return msgspec.json.decode(answer.content, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IssuerFault(f"{address} did not answer with a JSON object.") from error


def _reason(body: bytes) -> str:
    """What an OAuth error says of itself; its descriptions are meant for people."""
    try:
        told = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    reason = told.get("error_description") or told.get("error")
    return f": {printable(reason)}" if isinstance(reason, str) else ""


def printable(text: str) -> str:
    """What somebody outside says, fit for a line that people read."""
    return "".join(one for one in text[:_LONGEST_REASON] if one.isprintable()).strip().rstrip(".")


def _imported(found: dict[str, Any], address: str) -> tuple[Key, ...]:
    try:
        keys = KeySet.import_key_set({"keys": found["keys"]}).keys
    except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise IssuerFault(f"{address} did not answer with a set of keys.") from error
    return tuple(keys)
