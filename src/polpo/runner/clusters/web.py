"""Asking the services of clouds: one call, an answer or a sentence that says who said no."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, Dict, Mapping, Optional
from urllib.parse import urlsplit

from polpo.runner.errors import RunnerError

_SECONDS = 20
_LARGEST = 4 << 20
_SHOWN = 300


def ask(
    what: str,
    address: str,
    *,
    method: str = "GET",
    headers: Optional[Mapping[str, str]] = None,
    body: Optional[bytes] = None,
    direct: bool = False,
) -> str:
    """The text of the answer. `what` begins the sentence about a failure; `direct` leaves out any proxy."""
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise RunnerError(f"{what} failed: '{address}' is no address of a service.")
    request = urllib.request.Request(address, data=body, headers=dict(headers or {}), method=method)  # noqa: S310
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({})) if direct else urllib.request.build_opener()
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return str(answer.read(_LARGEST).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        told = " ".join(error.read(_LARGEST).decode("utf-8", "replace").split())
        raise RunnerError(f"{what} failed: {parts.hostname} answered {error.code}: {told[:_SHOWN]}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise RunnerError(f"{what} failed: {parts.hostname} cannot be asked: {reason}.") from None


def ask_json(what: str, address: str, **more: Any) -> Dict[str, Any]:
    """The same for an answer that is an object in JSON."""
    text = ask(what, address, **more)
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RunnerError(
            f"{what} failed: {urlsplit(address).hostname} answered with something that is no JSON object."
        )
    return found


def needed(what: str, facts: Mapping[str, Any], name: str) -> str:
    """A text of an answer or of the facts; RunnerError when it is not there."""
    value = facts.get(name)
    if not value:
        raise RunnerError(f"{what} failed: {name} is missing.")
    return str(value)
