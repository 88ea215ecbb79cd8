"""What the server does besides answering: agents, its own worker, and the kinds of task that the engine runs."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial

from polpo.engine import Engine
from polpo.engine.rounds import Rounds
from polpo.features.accounts.trying import TASK_KIND as TRY_ACCOUNT
from polpo.features.accounts.trying import AccountTrial
from polpo.features.adhocscripts.running import ScriptTask
from polpo.features.adhocscripts.starting import TASK_KIND as SCRIPT
from polpo.features.agentupgrades.automatic import OldAgents
from polpo.features.agentupgrades.requesting import TASK_KIND as UPGRADE
from polpo.features.agentupgrades.upgrading import UpgradeTask
from polpo.features.artifacts.service import Shelf
from polpo.features.auditstream.streaming import AuditStream, Sender
from polpo.features.automaticdeployments.promoting import Promoter
from polpo.features.certificates.expiring import ExpiryWatch
from polpo.features.deployments.checkups import CheckingTargets
from polpo.features.deployments.children import DeployingReleases
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.packaging import older_package
from polpo.features.deployments.running import DeploymentTask
from polpo.features.deployments.service import TASK_KIND as DEPLOY
from polpo.features.dynamicinfrastructure.clerk import ServerClerk
from polpo.features.events.chain import Chain
from polpo.features.git.repositories import Repositories
from polpo.features.git.sources import GitSources
from polpo.features.machines.checking import HealthTask
from polpo.features.machines.examining import Means
from polpo.features.machines.newcomers import Newcomers
from polpo.features.machines.requesting import TASK_KIND as HEALTH
from polpo.features.machines.scheduling import HealthSchedule
from polpo.features.machines.updating import TASK_KIND as UPDATE_RUNNER
from polpo.features.machines.updating import RunnerTask
from polpo.features.mail.service import ConfiguredMailer
from polpo.features.mail.trying import TASK_KIND as TRY_MAIL
from polpo.features.mail.trying import email_trial
from polpo.features.masterkeys.resealing import Resealing
from polpo.features.retention.applying import TASK_KIND as RETENTION
from polpo.features.retention.applying import RetentionTask
from polpo.features.retention.housekeeping import Housekeeping
from polpo.features.runbookruns.running import RunbookTask
from polpo.features.runbookruns.subject import TASK_KIND as RUNBOOK
from polpo.features.serverinfo.installation import Installation
from polpo.features.subjecttokens.issuing import SubjectTokens
from polpo.features.subjecttokens.rotation import KeyRotation
from polpo.features.users.keyexpiry import KeyExpiryWatch
from polpo.features.workers.choosing import Workforce
from polpo.features.workers.hosting import WorkerHosts
from polpo.runner.archive import build
from polpo.scripthost.environment import server_environment
from polpo.scripthost.host import ScriptHost
from polpo.server.agents import Agents
from polpo.server.depot import BlobDepot
from polpo.server.places import ServerPlaces, Way
from polpo.server.settings import Settings
from polpo.server.spool import sweep
from polpo.server.ways.agents import way_to_agents
from polpo.server.ways.offline import OfflineDrops, way_to_offline_drops
from polpo.server.ways.ssh import way_to_ssh
from polpo.steps.kinds import CATALOGUE, equipped
from polpo.steps.services import Services
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.transports.local import LocalTransport
from polpo.transports.ssh.pool import SshConnections
from polpo.version import __version__


class Works:
    """Started before the engine and closed after it, because running tasks need it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        blobs: BlobStore,
        installation: Installation,
        engine: Engine,
        repositories: Repositories,
        sender: Sender,
    ) -> None:
        chain = Chain(installation.audit_key)
        self._spool = settings.data / "spool"
        self.agents = Agents(database, installation, settings.agent_listen, self._spool)
        self._worker = _worker(settings)
        self._is_alone = engine.is_alone
        self._ssh = SshConnections(self._spool)
        places = ServerPlaces(LocalTransport(self._worker), self._ways(database, engine))
        depot = BlobDepot(blobs, self._spool, partial(older_package, database))
        mailer = ConfiguredMailer(database)
        archive = build()
        workforce = Workforce(database, places)
        means = Means(database, places, WorkerHosts(database, places, workforce), archive, depot)
        services = Services(mailer, CheckingTargets(means), DeployingReleases(database, engine, CATALOGUE))
        equipment = Equipment(
            places=places,
            catalogue=equipped(services),
            archive=archive,
            depot=depot,
            shelf=Shelf(database, blobs),
            clerk=ServerClerk(database, engine),
            repositories=GitSources(database, repositories, self._spool),
            workforce=workforce,
            tokens=SubjectTokens(database),
            drops=OfflineDrops(database, self._spool / "bundles", settings.drop_roots),
        )
        engine.register(DEPLOY, DeploymentTask(database, equipment))
        engine.register(RUNBOOK, RunbookTask(database, equipment))
        engine.register(HEALTH, HealthTask(means, OldAgents(database, engine)))
        engine.register(UPGRADE, UpgradeTask(database, places))
        engine.register(SCRIPT, ScriptTask(database, equipment))
        engine.register(TRY_ACCOUNT, AccountTrial(database))
        engine.register(UPDATE_RUNNER, RunnerTask(means))
        engine.register(TRY_MAIL, email_trial(mailer))
        self.promoter = Promoter(database, engine, CATALOGUE)
        engine.register(RETENTION, RetentionTask(database, blobs, chain))
        self.health_schedule = HealthSchedule(database, engine)
        self.newcomers = Newcomers(database, engine, places, database.clock)
        self.audit_stream = AuditStream(database, blobs, chain, sender, installation.id)
        self._rounds: tuple[Rounds, ...] = (
            Housekeeping(database, blobs, engine),
            self.health_schedule,
            self.newcomers,
            KeyRotation(database),
            ExpiryWatch(database),
            KeyExpiryWatch(database),
            Resealing(database),
            self.audit_stream,
        )

    def _ways(self, database: Database, engine: Engine) -> dict[str, Way]:
        """How machines are reached, by their style of communication."""
        agents = way_to_agents(database, self.agents.runtime, "" if engine.is_alone else engine.name)
        return {
            "TentaclePassive": agents,
            "TentacleActive": agents,
            "KubernetesTentacle": agents,
            "Ssh": way_to_ssh(database, self._ssh),
            "OfflineDrop": way_to_offline_drops,
        }

    async def start(self) -> None:
        await asyncio.to_thread(sweep, self._spool)
        await self._worker.open()
        await self.agents.start()
        await self.promoter.start()
        for rounds in self._rounds:
            await rounds.start()

    async def close(self) -> None:
        for rounds in reversed(self._rounds):
            await rounds.close()
        await self.promoter.close()
        await self.agents.close()
        await self._ssh.close()
        if not self._is_alone:
            self.end_scripts()  # another node begins their steps again
        await self._worker.close()

    def end_scripts(self) -> int:
        """Tells what runs on the built-in worker to end; returns how many scripts that were."""
        return self._worker.end_all()


def _worker(settings: Settings) -> ScriptHost:
    """The built-in worker lives in a folder of its own and sees nothing of the server's environment."""
    home = settings.data / "worker"
    environment = {
        **server_environment(os.environ),
        "TentacleHome": str(home),
        "TentacleApplications": str(home / "Applications"),
        "TentacleJournal": str(home / "DeploymentJournal.xml"),
        "TentacleVersion": __version__,
        "PolpoPython": sys.executable,
    }
    return ScriptHost(home, environment=environment)
