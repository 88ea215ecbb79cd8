"""The rules of the edge as they are set now, ready to be used: read when they were changed, on this node or another."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from polpo.features.configuration.resource import SECTIONS, WebPortalConfiguration
from polpo.features.configuration.sections import WEB_PORTAL
from polpo.features.configuration.service import read_section
from polpo.features.configuration.webportal import origins
from polpo.features.ratelimits.resource import BUILT_IN, RATE_LIMITING_POLICIES, RateLimitingPolicy, current
from polpo.kernel.addresses import Network, networks
from polpo.kernel.errors import Unavailable
from polpo.server.edge.headers import Headers, headers_for
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.edge")

_KINDS = (SECTIONS.name, RATE_LIMITING_POLICIES.name)
#: While other nodes cannot be heard, the rules are read anew so often.
_SECONDS = 2.0


@dataclass(frozen=True)
class Rules:
    """`policies` holds those that are enabled, by the kind of caller."""

    headers: Headers
    origins: frozenset[str] = frozenset()
    proxies: tuple[Network, ...] = ()
    hosts: tuple[str, ...] = ()
    policies: dict[str, RateLimitingPolicy] = field(default_factory=dict)


class RuleBook:
    """`proxies` and `hosts` are those of the server's settings; a section of the configuration adds to the proxies."""

    def __init__(self, database: Database, proxies: tuple[Network, ...], hosts: tuple[str, ...]) -> None:
        self._database = database
        self._proxies = proxies
        self._hosts = hosts
        self._read_at = 0.0
        self._begun, self._rules = self._read()

    def current(self) -> Rules:
        memos, clock = self._database.memos, self._database.clock
        newest = memos.newest(_KINDS)
        if newest > self._begun and (newest <= memos.count or clock.monotonic() - self._read_at > _SECONDS):
            self._read_at = clock.monotonic()
            try:
                self._begun, self._rules = self._read()
            except Unavailable as error:
                log.warning("the rules of the edge stay as they were", reason=error.message)
        return self._rules

    def _read(self) -> tuple[int, Rules]:
        begun = self._database.memos.count
        with self._database.read() as session:
            portal, policies = read_section(session, WEB_PORTAL), _policies(session)
        return begun, self._of(portal, policies)

    def _of(self, portal: WebPortalConfiguration, policies: dict[str, RateLimitingPolicy]) -> Rules:
        return Rules(
            headers=headers_for(portal.security),
            origins=origins(portal.security),
            proxies=self._proxies + networks(portal.logging.trusted_proxies),
            hosts=self._hosts,
            policies=policies,
        )


def _policies(session: Session) -> dict[str, RateLimitingPolicy]:
    known = (current(session, policy) for policy in BUILT_IN)
    return {policy.scope_type: policy for policy in known if policy.is_enabled}
