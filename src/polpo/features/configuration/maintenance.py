"""Maintenance mode at the door: whoever is found to call is asked whether changes are open to them now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request

from polpo.features.configuration.service import refuse_in_maintenance
from polpo.rest.call import Authenticator, Caller
from polpo.store.session import Session

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_OUT = "/api/users/logout"


@dataclass(frozen=True)
class MaintenanceGate:
    """An authenticator around another one, so that no way of changing anything leads past it."""

    authenticate: Authenticator

    def __call__(self, session: Session, request: Request[Any, Any, Any]) -> Caller | None:
        caller = self.authenticate(session, request)
        if request.method not in _READING and request.url.path.rstrip("/") != _SIGN_OUT:
            refuse_in_maintenance(session, caller)
        return caller
