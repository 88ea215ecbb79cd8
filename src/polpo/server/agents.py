"""The server's end of all agent connections: whom it trusts, and the port where polling agents come in."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import sqlalchemy as sa
import structlog

from polpo.features.machines.service import machine_kinds
from polpo.features.serverinfo.installation import Installation
from polpo.halibut.runtime import HalibutRuntime
from polpo.server.settings import split_address
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.agents")

_WANTED_FILES = 65_536
_LOOK_EVERY = 0.5  # seconds; a look is one small query unless something changed


class Agents:
    """Keeps the runtime's trust in step with the registered machines."""

    def __init__(self, database: Database, installation: Installation, listen: str, spool: Path) -> None:
        spool.mkdir(parents=True, exist_ok=True)
        self.runtime = HalibutRuntime(installation.identity, spool_dir=spool)
        self.port = 0
        self._database = database
        self._listen = listen
        self._seen: object = None
        self._known: set[tuple[str, str]] = set()
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        host, port = split_address(self._listen, "--agent-listen")
        allow_many_files()
        self._follow()
        self.port = await self.runtime.listen(host, port)
        self._loop = asyncio.create_task(self._forever(), name="agent-trust")

    async def close(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        await self.runtime.close()

    async def _forever(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                self._follow()
            except Exception:
                log.exception("the list of trusted agents could not be read; trying again")

    def _follow(self) -> None:
        """Takes up what was registered, changed or removed since the last look."""
        with self._database.read() as session:
            state = _state(session)
            if state == self._seen:
                return
            wanted = _polling_agents(session)
        for uri, thumbprint in self._known - wanted:
            self.runtime.forget_subscription(uri, thumbprint)
        for thumbprint in {one for _, one in self._known} - {one for _, one in wanted}:
            self.runtime.distrust(thumbprint)
        for uri, thumbprint in wanted - self._known:
            self.runtime.trust(thumbprint)
            self.runtime.allow_subscription(uri, thumbprint)
        self._known, self._seen = wanted, state


def allow_many_files() -> None:
    """Every polling agent keeps connections, and a service is usually allowed 1,024 files until it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, _WANTED_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _state(session: Session) -> object:
    columns = [kind.table.c for kind in machine_kinds]
    looks = [sa.select(sa.func.count(), sa.func.max(c.seq), sa.func.sum(c.row_version)) for c in columns]
    return [tuple(session.connection.execute(look).one()) for look in looks]


def _polling_agents(session: Session) -> set[tuple[str, str]]:
    """Subscriptions with thumbprints. Targets and workers may share one, and who claims another's only adds to them."""
    polling = [
        sa.select(kind.table.c.uri, kind.table.c.thumbprint).where(kind.table.c.uri.startswith("poll:"))
        for kind in machine_kinds
    ]
    found = session.connection.execute(sa.union_all(*polling))
    return {(row.uri.lower(), row.thumbprint.upper()) for row in found if row.uri and row.thumbprint}
