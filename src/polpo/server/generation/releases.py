"""Releases, each promoted some way, with the tasks that deployed them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.engine import TaskState, server_task
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.releases.resource import RELEASES, Release
from polpo.server.generation.making import Making, stamped
from polpo.server.generation.projects import Made
from polpo.store.session import Session

_LASTS = timedelta(seconds=95)


def make_releases(making: Making, projects: list[Made], environments: list[str]) -> None:
    count = making.amounts.releases

    def store(session: Session, number: int) -> None:
        project = projects[number % len(projects)]
        moment = making.moment(number / max(count, 1))
        release = Release(
            space_id=making.space_id,
            project_id=project.project_id,
            channel_id=project.channel_id,
            version=f"1.{number // len(projects)}.{making.random.randrange(20)}",
            assembled=moment,
            project_variable_set_snapshot_id=project.variables_snapshot_id,
            project_deployment_process_snapshot_id=project.process_snapshot_id,
        )
        session.insert(RELEASES, stamped(release, moment))
        reached = making.random.randint(0, len(environments))
        for place, environment in enumerate(environments[:reached], 1):
            _deploy(session, making, project, release, environment, moment + place * timedelta(hours=3))

    making.in_batches(range(count), store)


def _deploy(
    session: Session, making: Making, project: Made, release: Release, environment: str, moment: datetime
) -> None:
    task_id, seq = session.new_id("ServerTasks")
    identity, _ = session.new_id(DEPLOYMENTS.name)
    deployment = Deployment(
        id=identity,
        space_id=making.space_id,
        name=f"Deploy {project.name} {release.version}",
        project_id=project.project_id,
        release_id=release.id,
        environment_id=environment,
        channel_id=release.channel_id,
        task_id=task_id,
        deployment_process_id=release.project_deployment_process_snapshot_id,
        manifest_variable_set_id=release.project_variable_set_snapshot_id,
        created=moment,
        queue_time=moment,
        deployed_by="admin",
        deployed_by_id="Users-1",
    )
    failed = making.random.random() < 0.05
    row = _task(making, deployment, seq, moment, TaskState.FAILED if failed else TaskState.SUCCESS)
    session.connection.execute(sa.insert(server_task).values(**row))
    session.insert(DEPLOYMENTS, stamped(deployment, moment))


def _task(making: Making, deployment: Deployment, seq: int, moment: datetime, state: TaskState) -> dict[str, Any]:
    ended = moment + _LASTS
    return {
        "id": deployment.task_id,
        "seq": seq,
        "space_id": making.space_id,
        "kind": "Deploy",
        "description": deployment.name,
        "state": state,
        "state_since": ended,
        "priority": 100,
        "created": moment,
        "started": moment,
        "completed": ended,
        "last_updated": ended,
        "error_message": "The script ended with exit code 1." if state is TaskState.FAILED else None,
        "has_been_picked_up": True,
        "project_id": deployment.project_id,
        "environment_id": deployment.environment_id,
        "subject_id": deployment.id,
        "arguments": msgspec.json.encode({"DeploymentId": deployment.id}).decode(),
    }
