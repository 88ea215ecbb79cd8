"""The task of a deployment: makes and freezes the plan, walks it, and keeps what people are to be asked."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from polpo.engine import TaskRecord, TaskRun
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.executing import PlanRun
from polpo.features.deployments.gathering import plan_for
from polpo.features.deployments.holding import holding_freezes
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.promotion import lost_way
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.deployments.secretuse import tell_secrets
from polpo.features.deployments.subject import subject_of
from polpo.features.interruptions.resource import GUIDED_FAILURE, MANUAL_INTERVENTION, Form
from polpo.features.interruptions.service import guidance_form, intervention_form, put_question
from polpo.features.releases.resource import RELEASES
from polpo.kernel.errors import TaskError
from polpo.steps.work import Catalogue
from polpo.store.database import Database
from polpo.store.session import Session


@dataclass(frozen=True)
class Regarding:
    """What a run is about, for whoever is asked something on its behalf."""

    space_id: str
    documents: Sequence[str]


class PlanTask(ABC):
    """A run function that makes a plan, freezes it and walks it, over as many starts of the server as it takes."""

    def __init__(self, database: Database, equipment: Equipment) -> None:
        self._database = database
        self._equipment = equipment

    async def __call__(self, run: TaskRun) -> None:
        with self._database.read() as session:
            regarding = self.regarding(session, run.task)
        plan = await self._plan(run, regarding)
        if plan.problems:
            raise TaskError(" ".join(plan.problems), plan.problems)
        await PlanRun(run, plan, self._equipment, _Interventions(self._database, run, regarding)).go()

    async def _plan(self, run: TaskRun, regarding: Regarding) -> Plan:
        """The frozen one; else a new one, whose secrets are told of before anything of it runs."""
        frozen = run.plan()
        if frozen is None:
            made = await asyncio.to_thread(self._make_plan, run.task)
            about = (made, run.task.description, regarding.space_id, regarding.documents)
            await self._database.write(lambda session: tell_secrets(session, *about))
            frozen = await run.freeze(made)
        return msgspec.convert(frozen, Plan)

    def _make_plan(self, task: TaskRecord) -> Plan:
        with self._database.read() as session:
            return self.plan(session, task, self._equipment.catalogue)

    @abstractmethod
    def regarding(self, session: Session, task: TaskRecord) -> Regarding:
        """Raises TaskError when what was to be run is there no more."""

    @abstractmethod
    def plan(self, session: Session, task: TaskRecord, catalogue: Catalogue) -> Plan:
        """Makes the plan as things are now; raises TaskError when something that it needs is there no more."""


class DeploymentTask(PlanTask):
    """The run function of deployments."""

    def regarding(self, session: Session, task: TaskRecord) -> Regarding:
        found = session.find(DEPLOYMENTS, str(task.arguments["DeploymentId"]))
        if found is None:
            raise TaskError("The deployment was deleted before it ran.")
        documents = (found.id, found.project_id, found.environment_id, found.release_id, found.tenant_id or "")
        return Regarding(found.space_id, documents)

    def plan(self, session: Session, task: TaskRecord, catalogue: Catalogue) -> Plan:
        deployment = session.get(DEPLOYMENTS, str(task.arguments["DeploymentId"]))
        release = session.find(RELEASES, deployment.release_id)
        if release is None:
            raise TaskError("The release was deleted before it was deployed.")
        _refuse_frozen(session, deployment)
        if (shut := lost_way(session, release, deployment)) is not None:
            raise TaskError(shut, [shut])
        subject = subject_of(session, release, deployment.environment_id)
        return plan_for(session, subject, deployment, catalogue)


def _refuse_frozen(session: Session, deployment: Deployment) -> None:
    """What was queued before a freeze does not begin in it; what has begun goes on."""
    left = [one.sentence() for one in holding_freezes(session, deployment, session.clock.now())]
    if left:
        raise TaskError(" ".join(left), left)


class _Interventions:
    """How steps put questions to people."""

    def __init__(self, database: Database, run: TaskRun, regarding: Regarding) -> None:
        self._database = database
        self._run = run
        self._regarding = regarding

    async def put_guidance(self, key: str, title: str, instructions: str, choices: Sequence[str]) -> str:
        form = guidance_form(instructions, choices)
        return await self._put(key, title, form, GUIDED_FAILURE)

    async def put_intervention(self, key: str, title: str, instructions: str, teams: Sequence[str]) -> str:
        return await self._put(key, title, intervention_form(instructions), MANUAL_INTERVENTION, teams)

    async def _put(self, key: str, title: str, form: Form, kind: str, teams: Sequence[str] = ()) -> str:
        work = partial(
            put_question,
            task_id=self._run.task.id,
            space_id=self._regarding.space_id,
            key=key,
            title=title,
            form=form,
            related=self._regarding.documents,
            teams=teams,
            kind=kind,
        )
        return await self._database.write(work)
