"""The composition root: one server, assembled from its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from litestar import Litestar
from litestar.types import ASGIApp

from polpo.engine import Engine
from polpo.features.actiontemplates.community import CommunityLibrary
from polpo.features.auditstream.streaming import Sender
from polpo.features.configuration.maintenance import MaintenanceGate
from polpo.features.events.chain import Chain
from polpo.features.events.trail import Recorder
from polpo.features.git.repositories import Repositories
from polpo.features.issuers.issuers import Issuers
from polpo.features.ldap.directories import Directories
from polpo.features.rights.authority import Entitled, explained
from polpo.features.rights.simulating import Simulations
from polpo.features.serverinfo.diagnostics import ShownSettings
from polpo.features.serverinfo.installation import Installation
from polpo.features.serverinfo.nodes import follow_limits
from polpo.features.spaces.service import find_space_id
from polpo.features.users.lastuse import LastUse
from polpo.features.users.passwords import Passwords
from polpo.features.users.passwordsignin import SignInTurns
from polpo.features.users.service import CookieNames, RequestAuthenticator
from polpo.kernel.clock import Clock, SystemClock
from polpo.rest.application import Addresses, Api, application_beside, build_application
from polpo.rest.call import Parts
from polpo.rest.kept import KeptAnswers
from polpo.rest.refusals import Refusals
from polpo.rest.uploads import Uploads
from polpo.server.bootstrap import FirstSignIn
from polpo.server.datalock import DataLock
from polpo.server.edge.edge import Edge
from polpo.server.edge.rates import Proving, Rates
from polpo.server.edge.rules import RuleBook
from polpo.server.features import COLLECTIONS, EQUIPMENT
from polpo.server.membership import Membership, node_name
from polpo.server.opening import open_blobs, open_data
from polpo.server.patterns import bound_expressions
from polpo.server.portal import Portal
from polpo.server.reference import reference_routes
from polpo.server.settings import Settings
from polpo.server.unserved import unserved_routes
from polpo.server.works import Works
from polpo.steps.kinds import CATALOGUE
from polpo.store.database import Database
from polpo.store.session import Session


@cache
def _addresses() -> Addresses:
    """Of all that is served, and of what is missing."""
    served = [*COLLECTIONS, reference_routes(COLLECTIONS)]
    return Addresses.of([*served, unserved_routes(served)])


@cache
def _portal() -> Litestar:
    return application_beside(Portal().handlers())


@dataclass(frozen=True)
class Server:
    """A server that is ready to be served. `start` sets its loops going; `close` ends them and closes the data."""

    settings: Settings
    lock: DataLock
    database: Database
    installation: Installation
    first_sign_in: FirstSignIn | None
    engine: Engine
    works: Works
    membership: Membership
    parts: Parts
    application: ASGIApp

    async def start(self) -> None:
        await self.works.start()
        await asyncio.to_thread(self.membership.join)
        await self.engine.start()

    async def close(self) -> None:
        await self.engine.stop()
        await self.works.close()
        await asyncio.to_thread(self.membership.leave)
        await self.parts.get(Repositories).close()
        self.parts.get(Directories).close()
        self.database.close()
        self.lock.release()


def assemble(settings: Settings, clock: Clock | None = None) -> Server:
    """Opens the data, brings it up to date, and builds the application around it. Invalid when the data is in use."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = DataLock(settings.data)
    try:
        return _assembled(settings, lock, clock)
    except BaseException:
        lock.release()
        raise


def _assembled(settings: Settings, lock: DataLock, clock: Clock | None) -> Server:
    clock = clock or SystemClock()
    bound_expressions()
    name = node_name(settings)
    database, installation, first_sign_in = open_data(settings, clock, name, _recording)
    cookies = CookieNames(installation.id)
    blobs = open_blobs(settings, database)
    node, is_alone = (database.identity, False) if database.is_shared else (name, True)
    engine = Engine(database, blobs, node=node, is_alone=is_alone, cap=settings.task_cap, clock=clock)
    follow_limits(database, engine)
    destinations = settings.destinations
    repositories = Repositories(settings.data / "git", destinations, local=settings.git_local)
    sender = Sender(destinations)
    works = Works(settings, database, blobs, installation, engine, repositories, sender)
    database.recorder = _in_order(_recording(installation), works.promoter.note)
    membership = Membership(settings, database, engine, works.end_scripts)
    uploads = Uploads(settings.data / "uploads", settings.max_upload_mb << 20)
    of_features = (
        repositories,
        CommunityLibrary(settings.community_folder),
        ShownSettings(settings.shown),
        Issuers(clock, destinations),
        destinations,
        Passwords(),
        SignInTurns(),
        Chain(installation.audit_key),
        Directories(),
        sender,
    )
    parts = Parts(installation, cookies, blobs, engine, uploads, *of_features, CATALOGUE, EQUIPMENT)
    rates = Rates(clock)
    entitled = Entitled(RequestAuthenticator(cookies, LastUse(database)), Simulations(database).stand_in)
    authenticate = Proving(MaintenanceGate(entitled), rates)
    api = Api(database, parts, authenticate, find_space_id, KeptAnswers(database.memos), explained, Refusals(database))
    inner = build_application(api, _addresses(), _portal())
    book = RuleBook(database, settings.proxies, settings.host_names)
    application = Edge(inner, book, rates)
    return Server(settings, lock, database, installation, first_sign_in, engine, works, membership, parts, application)


def _recording(installation: Installation) -> Recorder:
    return Recorder(Chain(installation.audit_key))


def _in_order(*recorders: Callable[[Session], None]) -> Callable[[Session], None]:
    """One recorder of several: each sees what the transaction has done, and adds to it."""

    def record_all(session: Session) -> None:
        for one in recorders:
            one(session)

    return record_all
