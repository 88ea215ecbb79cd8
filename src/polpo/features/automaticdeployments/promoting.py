"""The loop that starts automatic deployments, each in a transaction of its own, as the system."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial

import structlog

from polpo.engine import Engine
from polpo.features.automaticdeployments.deciding import Place, due
from polpo.features.automaticdeployments.openings import (
    Opening,
    close_opening,
    hold,
    next_opening,
    note_openings,
)
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.deployments.service import Wish, create_deployment
from polpo.features.releases.resource import RELEASES, Release
from polpo.kernel.errors import AppError, StoreUnavailable
from polpo.rest.call import THE_SERVER
from polpo.steps.work import Catalogue
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.automaticdeployments")

STARTED, REFUSED = "AutomaticDeploymentStarted", "AutomaticDeploymentRefused"
_d = DEPLOYMENTS.table
_POLL = 10.0  # seconds; below the wake-ups, for what another node noted and did not live to do


class Promoter:
    """`note` is called at the end of every write; `start` begins the loop that does what was noted."""

    def __init__(self, database: Database, engine: Engine, catalogue: Catalogue) -> None:
        self._database = database
        self._engine = engine
        self._catalogue = catalogue
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def note(self, session: Session) -> None:
        if note_openings(session):
            session.after_commit(self._noted)

    def _noted(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has closed: the next start looks anyway
                self._loop.call_soon_threadsafe(self._wake.set)

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._wake.set()
        self._task = asyncio.create_task(self._forever(), name="automatic-deployments")

    async def close(self) -> None:
        self._loop = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._promote_all()
            except Exception:
                log.exception("automatic deployments are looked at again in a moment")

    async def _promote_all(self) -> None:
        last = 0
        while (opening := await asyncio.to_thread(self._next, last)) is not None:
            last = opening.number
            try:
                for place in await asyncio.to_thread(self._due, opening):
                    await self._promote(opening, place)
                await self._database.write(partial(close_opening, opening=opening))
            except Exception:  # the others are not kept waiting; this one is taken up with the next look
                log.exception("a phase that opened is looked at again in a moment", release=opening.release_id)

    def _next(self, last: int) -> Opening | None:
        with self._database.read() as session:
            return next_opening(session, last)

    def _due(self, opening: Opening) -> list[Place]:
        with self._database.read() as session:
            return due(session, opening)

    async def _promote(self, opening: Opening, place: Place) -> None:
        """What cannot be started is told in the audit trail and not tried again: a person has to look at it."""
        try:
            await self._database.write(partial(self._start, opening=opening, place=place))
        except StoreUnavailable:
            raise  # no refusal: the opening stays, and is taken up with the next look
        except AppError as error:
            await self._tell(opening, place, " ".join(error.errors or [error.message]))
        except Exception:
            log.exception("an automatic deployment failed to start", release=opening.release_id, place=place.name)
            await self._tell(opening, place, "The server met an unexpected error; its own log has it.")

    def _start(self, session: Session, opening: Opening, place: Place) -> None:
        release = session.find(RELEASES, opening.release_id)
        if release is None or not hold(session, opening) or _has_been(session, release, place):
            return
        phase = place.phase.phase.name
        wish = Wish(
            release=release,
            environment=place.environment,
            tenant=place.tenant,
            automatic_because=f"The phase '{phase}' opened for release {release.version}.",
        )
        made = create_deployment(session, self._engine, self._catalogue, THE_SERVER, wish)
        message = f"Release {release.version} is deployed to {place.name} automatically: the phase '{phase}' opened."
        session.happened(_happening(STARTED, message, release, place, made.id))

    async def _tell(self, opening: Opening, place: Place, reason: str) -> None:
        def told(session: Session) -> None:
            if (release := session.find(RELEASES, opening.release_id)) is not None:
                message = f"Release {release.version} was not deployed to {place.name} automatically: {reason}"
                session.happened(_happening(REFUSED, message, release, place))

        await self._database.write(told)


def _happening(category: str, message: str, release: Release, place: Place, deployment_id: str = "") -> Happening:
    tenant_id = place.tenant.id if place.tenant else ""
    about = (deployment_id, release.id, release.project_id, place.environment.id, tenant_id)
    return Happening(category, message, release.space_id, RELEASES.name, tuple(filter(None, about)))


def _has_been(session: Session, release: Release, place: Place) -> bool:
    """Whether the release was sent to the place before, by hand or by another node."""
    environment_id, tenant_id = place.key
    here = (_d.c.environment_id == environment_id, _d.c.tenant_id.is_not_distinct_from(tenant_id))
    return session.first(DEPLOYMENTS, _d.c.release_id == release.id, *here) is not None
