"""The public keys of outside issuers: found by OpenID Connect discovery, kept for a while.

Asked only for issuers that an identity names, where the server may go. What an issuer answers is bounded in time and
size, redirects are not followed, and an issuer that fails is left alone for some seconds, so that nobody can make this
server ask at will.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from polpo.features.serviceaccounts.addresses import is_safe
from polpo.kernel.clock import Clock
from polpo.kernel.destinations import Destinations, Refused
from polpo.kernel.outgoing import outgoing_client

_KEPT = 600.0
_KEPT_FAILURE = 10.0
_ASKED_AGAIN = 30.0  # how old keys must be before an unknown key id makes us ask again
_TIMEOUT = 10.0
_MOST_BYTES = 256 * 1024
_MOST_ISSUERS = 256


class IssuerFault(Exception):
    """The issuer's keys could not be had; the message is a sentence."""


@dataclass(frozen=True)
class _Known:
    at: float
    keys: tuple[Key, ...]
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
        async with self._locks.setdefault(issuer, asyncio.Lock()):
            known = self._known.get(issuer)
            if known is None or self._is_stale(known, key_id):
                known = await self._asked(issuer)
        if known.fault:
            raise IssuerFault(known.fault)
        return tuple(key for key in known.keys if key_id is None or key.kid == key_id)

    def _is_stale(self, known: _Known, key_id: str | None) -> bool:
        age = self._clock.monotonic() - known.at
        if known.fault:
            return age > _KEPT_FAILURE
        is_unknown = key_id is not None and all(key.kid != key_id for key in known.keys)
        return age > (_ASKED_AGAIN if is_unknown else _KEPT)

    async def _asked(self, issuer: str) -> _Known:
        if len(self._known) >= _MOST_ISSUERS:
            self._known.clear()
        try:
            keys, fault = await _fetch_keys(issuer, self._destinations), None
        except IssuerFault as error:
            keys, fault = (), str(error)
        known = self._known[issuer] = _Known(self._clock.monotonic(), keys, fault)
        return known


async def _fetch_keys(issuer: str, destinations: Destinations) -> tuple[Key, ...]:
    discovery = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        async with (
            asyncio.timeout(_TIMEOUT),
            outgoing_client(destinations, seconds=_TIMEOUT, most_bytes=_MOST_BYTES) as client,
        ):
            configuration = await _object_at(client, discovery)
            named = configuration.get("issuer")
            if not isinstance(named, str) or named.rstrip("/") != issuer.rstrip("/"):
                raise IssuerFault(f"{discovery} speaks for another issuer.")
            address = configuration.get("jwks_uri")
            if not isinstance(address, str) or not is_safe(address):
                raise IssuerFault(f"{discovery} names no jwks_uri with HTTPS.")
            found = await _object_at(client, address)
    except TimeoutError as error:
        raise IssuerFault(f"The issuer {issuer} did not answer within {_TIMEOUT:.0f} seconds.") from error
    return _imported(found, address)


async def _object_at(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    try:
        answer = await client.get(address, headers={"Accept": "application/json"})
    except Refused as error:
        raise IssuerFault(error.message) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise IssuerFault(f"{address} could not be read: {str(error) or type(error).__name__}.") from error
    if answer.status_code != 200:
        raise IssuerFault(f"{address} answered with the status {answer.status_code}.")
    try:
        return msgspec.json.decode(answer.content, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IssuerFault(f"{address} did not answer with a JSON object.") from error


def _imported(found: dict[str, Any], address: str) -> tuple[Key, ...]:
    try:
        keys = KeySet.import_key_set({"keys": found["keys"]}).keys
    except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise IssuerFault(f"{address} did not answer with a set of keys.") from error
    return tuple(keys)
