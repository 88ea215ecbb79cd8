"""Asking the services of clouds: one call, an answer or a sentence that says who said no."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Any, Dict, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from polpo.runner.errors import RunnerError

_SECONDS = 20
_LARGEST, _PIECE = 4 << 20, 1 << 16
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
    handlers = [_StaysThere(), *([urllib.request.ProxyHandler({})] if direct else [])]
    try:
        refusal, text = _answer(urllib.request.build_opener(*handlers), request)
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise RunnerError(f"{what} failed: {parts.hostname} cannot be asked: {reason}.") from None
    if refusal:
        told = " ".join(text.split())[:_SHOWN]
        raise RunnerError(f"{what} failed: {parts.hostname} answered {refusal}: {told}")
    return text


def _answer(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> Tuple[int, str]:
    """The status where that is no success, else 0; and the text."""
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return 0, _text(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _text(error)


class _StaysThere(urllib.request.HTTPRedirectHandler):
    """Elsewhere, a request would arrive with what it signs in with here."""

    def redirect_request(self, *_redirection: Any) -> None:
        return None


def _text(answer: Any) -> str:
    """OSError when the answer dribbles in for ever; of a long one, the beginning."""
    content, ends = b"", time.monotonic() + _SECONDS
    while len(content) < _LARGEST and (piece := answer.read1(_PIECE)):
        content += piece
        if time.monotonic() > ends:
            raise OSError(f"its answer was not complete after {_SECONDS} seconds")
    return content.decode("utf-8", "replace")


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
