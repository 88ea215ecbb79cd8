"""The task of a deployment: makes and freezes the plan, walks it, and keeps what people are to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import msgspec

from polpo.engine import TaskRun
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.executing import PlanRun
from polpo.features.deployments.gathering import plan_for
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.deployments.subject import subject_of
from polpo.features.interruptions.service import intervention_form, put_question
from polpo.features.releases.resource import RELEASES
from polpo.kernel.errors import TaskError
from polpo.store.database import Database


class DeploymentTask:
    """The run function of deployments."""

    def __init__(self, database: Database, equipment: Equipment) -> None:
        self._database = database
        self._equipment = equipment

    async def __call__(self, run: TaskRun) -> None:
        deployment = self._deployment(run)
        frozen = run.plan() or await run.freeze(await asyncio.to_thread(self._make_plan, deployment))
        plan = msgspec.convert(frozen, Plan)
        if plan.problems:
            raise TaskError(" ".join(plan.problems), plan.problems)
        people = _Interventions(self._database, run, deployment)
        await PlanRun(run, plan, self._equipment, people).go()

    def _deployment(self, run: TaskRun) -> Deployment:
        with self._database.read() as session:
            found = session.find(DEPLOYMENTS, str(run.task.arguments["DeploymentId"]))
        if found is None:
            raise TaskError("The deployment was deleted before it ran.")
        return found

    def _make_plan(self, deployment: Deployment) -> Plan:
        with self._database.read() as session:
            release = session.find(RELEASES, deployment.release_id)
            if release is None:
                raise TaskError("The release was deleted before it was deployed.")
            subject = subject_of(session, release, deployment.environment_id)
            return plan_for(session, subject, deployment, self._equipment.catalogue)


class _Interventions:
    """How steps of a deployment put questions to people."""

    def __init__(self, database: Database, run: TaskRun, deployment: Deployment) -> None:
        self._database = database
        self._run = run
        self._deployment = deployment

    async def put_intervention(self, key: str, title: str, instructions: str, teams: Sequence[str]) -> str:
        deployment = self._deployment
        related = [
            deployment.id,
            deployment.project_id,
            deployment.environment_id,
            deployment.release_id,
            deployment.tenant_id or "",
        ]
        work = partial(
            put_question,
            task_id=self._run.task.id,
            space_id=deployment.space_id,
            key=key,
            title=title,
            form=intervention_form(instructions),
            related=related,
            teams=teams,
        )
        return await self._database.write(work)
