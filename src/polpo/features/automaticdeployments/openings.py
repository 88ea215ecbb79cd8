"""What may have opened a phase: noted in the transaction in which it happens, done with later.

A row stays until its deployments are started, so a server that dies in between starts them when it is back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

import sqlalchemy as sa

from polpo.engine import TASKS, TaskState, find_task
from polpo.features.channels.resource import CHANNELS
from polpo.features.deployments.promotion import lifecycle_of
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.deployments.service import TASK_KIND
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.resource import DEFECTS, RELEASES, Defect, Release
from polpo.store.changes import Change
from polpo.store.kinds import metadata
from polpo.store.session import Session

Cause = Literal["created", "succeeded", "unblocked"]

release_opening = sa.Table(
    "release_opening",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("release_id", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("deployment_id", sa.Text),
)
_o = release_opening
#: Category and kind of what a task tells when it ends well, and when its state is changed by hand.
_TURNS = {("TaskSucceeded", TASK_KIND), ("Modified", TASKS)}


@dataclass(frozen=True)
class Opening:
    """`deployment_id` is the deployment that succeeded, where that is the cause."""

    number: int
    release_id: str
    cause: Cause
    deployment_id: str | None = None


def note_openings(session: Session) -> bool:
    """Looks at what the transaction has done, at no cost where that is nothing of the kind. True when it noted any."""
    found = [*_of_changes(session), *_of_happenings(session)]
    for release_id, cause, deployment_id in found:
        number = session.new_numbers("Openings", 1)
        values = {"number": number, "release_id": release_id, "cause": cause, "deployment_id": deployment_id}
        session.connection.execute(sa.insert(_o).values(**values))
    return bool(found)


def _of_changes(session: Session) -> Iterator[tuple[str, Cause, str | None]]:
    for change in session.changes:
        if change.kind is RELEASES and change.before is None and _deploys_by_itself(session, change.identity):
            yield change.identity, "created", None
        elif change.kind is DEFECTS and (release_id := _unblocked(change)) and _deploys_by_itself(session, release_id):
            yield release_id, "unblocked", None


def _unblocked(change: Change) -> str | None:
    if change.after is None:
        return None
    defect: Defect = DEFECTS.decoder.decode(change.after)
    return defect.release_id if defect.status == "Resolved" else None


def _of_happenings(session: Session) -> Iterator[tuple[str, Cause, str | None]]:
    """Of deployments that ended well, and of those that somebody said to count so."""
    for happening in session.happenings:
        if (happening.category, happening.document_type) not in _TURNS or not happening.about:
            continue
        deployment = session.find(DEPLOYMENTS, happening.about[0])
        task = find_task(session, deployment.task_id) if deployment else None
        if deployment is None or task is None or task.state is not TaskState.SUCCESS:
            continue
        if _deploys_by_itself(session, deployment.release_id):
            yield deployment.release_id, "succeeded", deployment.id


def _deploys_by_itself(session: Session, release_id: str) -> bool:
    """Whether the lifecycle of the release has an automatic environment at all."""
    release: Release | None = session.find(RELEASES, release_id)
    project = session.find(PROJECTS, release.project_id) if release else None
    if release is None or project is None:
        return False
    lifecycle = lifecycle_of(session, project, session.find(CHANNELS, release.channel_id))
    return any(phase.automatic_deployment_targets and not phase.is_optional_phase for phase in lifecycle.phases)


def next_opening(session: Session, after: int) -> Opening | None:
    statement = sa.select(_o).where(_o.c.number > after).order_by(_o.c.number).limit(1)
    row = session.connection.execute(statement).first()
    return Opening(row.number, row.release_id, cast("Cause", row.cause), row.deployment_id) if row else None


def hold(session: Session, opening: Opening) -> bool:
    """Keeps other nodes off the opening for the rest of the transaction; False when one of them is done with it."""
    statement = sa.update(_o).where(_o.c.number == opening.number).values(number=_o.c.number)
    return bool(session.connection.execute(statement).rowcount == 1)


def close_opening(session: Session, opening: Opening) -> None:
    session.connection.execute(sa.delete(_o).where(_o.c.number == opening.number))


def is_awaited(session: Session, release_id: str) -> bool:
    """Whether something that may have opened a phase of the release is still to be looked at."""
    found = sa.select(_o.c.number).where(_o.c.release_id == release_id).limit(1)
    return session.connection.execute(found).first() is not None
