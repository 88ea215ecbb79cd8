"""The edge itself: one layer around the application."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from polpo.kernel.errors import AppError, TooManyRequests
from polpo.rest.answers import JSON, encode, error_body
from polpo.server.edge.headers import Pairs, completed
from polpo.server.edge.heads import Told, check_host, read_head, settle_caller
from polpo.server.edge.rates import Rates
from polpo.server.edge.rules import RuleBook, Rules
from polpo.server.edge.sharing import of_preflight, shared_with, varied

log = structlog.get_logger("polpo.edge")


@dataclass(frozen=True)
class Edge:
    """`application` sees requests whose caller, scheme and host are settled, and that are let in."""

    application: ASGIApp
    book: RuleBook
    rates: Rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.application(scope, receive, send)
            return
        request = cast("dict[str, Any]", scope)
        rules = self.book.current()
        try:
            told = read_head(request)
            settle_caller(request, told, rules.proxies)
            check_host(told, rules.hosts)
        except AppError as error:
            await _refuse(send, error, rules.headers.of(request["path"], request["scheme"]))
            return
        await self._let_in(request, told, rules, receive, send)

    async def _let_in(self, scope: dict[str, Any], told: Told, rules: Rules, receive: Receive, send: Send) -> None:
        added = rules.headers.of(scope["path"], scope["scheme"])
        shared = shared_with(told.get(b"origin"), rules.origins)
        wait = self._wait(scope, told, rules)
        if wait:
            error = TooManyRequests(f"You have sent too many requests; go on after {wait} s.", wait)
            again: Pairs = [(b"retry-after", str(wait).encode())]
            await _refuse(send, error, [*added, *shared, *again])
            return
        if shared and scope["method"] == "OPTIONS" and b"access-control-request-method" in told:
            await _send(send, 204, [*of_preflight(shared), *added], b"")
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = completed(message.get("headers", ()), [*added, *shared] if shared else added)
                message["headers"] = varied(headers) if rules.origins else headers
            await send(message)

        await self.application(cast("Scope", scope), receive, protected)

    def _wait(self, scope: dict[str, Any], told: Told, rules: Rules) -> int:
        """Whole seconds until the caller may send a request again; 0 to go on. The portal's files cost nothing."""
        caller = self.rates.principal(scope, told)
        policy = rules.policies.get(caller.scope_type) if caller else None
        if caller is None or policy is None or scope["path"].startswith("/app"):
            return 0
        wait = self.rates.take(caller, policy)
        if not wait:
            return 0
        if self.rates.is_news(caller):
            log.warning("too many requests", policy=policy.name, caller=caller.name, refused=not policy.audit_mode)
        return 0 if policy.audit_mode else math.ceil(wait)


async def _refuse(send: Send, error: AppError, headers: Pairs) -> None:
    own = [(b"content-type", JSON.encode()), (b"cache-control", b"no-store")]
    await _send(send, error.status, [*own, *headers], encode(error_body(error)))


async def _send(send: Send, status: int, headers: Pairs, body: bytes) -> None:
    sized = [*headers, (b"content-length", str(len(body)).encode())] if status != 204 else headers
    await send({"type": "http.response.start", "status": status, "headers": sized})
    await send({"type": "http.response.body", "body": body, "more_body": False})
