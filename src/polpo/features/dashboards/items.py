"""The items of dashboards: deployments with what became of them, found by indexes and read by columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from polpo.engine import TaskState, server_task
from polpo.engine.tasks import COMPLETED
from polpo.features.dashboards.resource import DashboardItem
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.projects.resource import Project
from polpo.features.releases.resource import RELEASES
from polpo.features.tasks.presenting import duration_text
from polpo.features.tasks.service import kinds_of_questions
from polpo.store.session import Session, Where

_d, _r, _t = DEPLOYMENTS.table, RELEASES.table, server_task
_item_columns = (
    _d.c.id, _d.c.project_id, _d.c.environment_id, _d.c.release_id, _d.c.channel_id, _d.c.tenant_id, _r.c.version,
    _t.c.id.label("task"), _t.c.space_id, _t.c.state, _t.c.not_before, _t.c.created, _t.c.started, _t.c.completed,
    _t.c.error_message, _t.c.has_warnings, _t.c.pending_interruptions,
)  # fmt: skip
#: As texts: an item's state is compared thousands of times.
_PAUSED, _FAILED = TaskState.PAUSED.value, TaskState.FAILED.value
_COMPLETED = frozenset(state.value for state in COMPLETED)


def newest_items(
    session: Session, space_id: str, projects: Sequence[Project], where: Sequence[Where]
) -> list[DashboardItem]:
    """The newest deployment of each project in each environment, for each tenant and without one.

    `where` speaks of the place only: of what project, environment and tenant are shown at all.
    Where channels are treated as discrete, of each channel: what they deploy lives side by side.
    """
    place = (_d.c.project_id, _d.c.environment_id, _d.c.tenant_id)
    plain = [project.id for project in projects if not project.discrete_channel_release]
    discrete = [project.id for project in projects if project.discrete_channel_release]
    newest = sa.select(sa.func.max(_d.c.seq)).where(*where)
    found = read_items(session, space_id, newest.where(_d.c.project_id.in_(plain)).group_by(*place))
    if discrete:
        each = newest.where(_d.c.project_id.in_(discrete)).group_by(*place, _d.c.channel_id)
        found += read_items(session, space_id, each)
    return found


def proven_items(
    session: Session, space_id: str, projects: Sequence[Project], failed: Sequence[DashboardItem]
) -> list[DashboardItem]:
    """The newest successful deployment before each of these, where there is one: a short look back for each."""
    discrete = {project.id for project in projects if project.discrete_channel_release}
    apart = [item.deployment_id for item in failed if item.project_id in discrete]
    together = [item.deployment_id for item in failed if item.project_id not in discrete]
    found = _read_proven(session, space_id, together, in_channel=False)
    return found + (_read_proven(session, space_id, apart, in_channel=True) if apart else [])


def _read_proven(
    session: Session, space_id: str, deployment_ids: Sequence[str], *, in_channel: bool
) -> list[DashboardItem]:
    last, other, task = _d.alias("last"), _d.alias("other"), server_task.alias("other_task")
    before = (
        sa.select(other.c.seq)
        .join(task, task.c.id == other.c.task_id)
        .where(other.c.project_id == last.c.project_id, other.c.environment_id == last.c.environment_id)
        .where(other.c.tenant_id.is_not_distinct_from(last.c.tenant_id))
        .where(other.c.channel_id == last.c.channel_id if in_channel else sa.true())
        .where(task.c.state == TaskState.SUCCESS)
        .order_by(other.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = sa.select(before).where(last.c.id.in_(deployment_ids))
    return read_items(session, space_id, found)


def read_items(session: Session, space_id: str, numbers: sa.Select[tuple[int]]) -> list[DashboardItem]:
    """Thousands of items a dashboard: only the columns that an item shows, each row taken apart once.

    The space leads to the index by which the numbers are found; without it every deployment would be looked at.
    """
    statement = (
        sa.select(*_item_columns)
        .join(_t, _t.c.id == _d.c.task_id)
        .join(_r, _r.c.id == _d.c.release_id)
        .where(_d.c.space_id == space_id, _d.c.seq.in_(numbers))
        .order_by(_d.c.seq.desc())
    )
    now = session.clock.now()
    rows = session.connection.execute(statement).all()
    questions = kinds_of_questions(session, [row.task for row in rows if row.pending_interruptions])
    return [_item(row, now, questions.get(row.task, ())) for row in rows]


def _item(row: Sequence[Any], now: datetime, questions: Sequence[str]) -> DashboardItem:
    (deployment_id, project_id, environment_id, release_id, channel_id, tenant_id, version, *told) = row
    task_id, space_id, state, not_before, created, started, completed, error, has_warnings, is_asking = told
    ended = completed or now
    return DashboardItem(
        id=deployment_id,
        project_id=project_id,
        environment_id=environment_id,
        deployment_environment_id=environment_id,
        release_id=release_id,
        deployment_id=deployment_id,
        task_id=task_id,
        tenant_id=tenant_id,
        channel_id=channel_id,
        release_version=version,
        created=created,
        queue_time=not_before or created,
        start_time=started,
        completed_time=completed,
        state=TaskState.EXECUTING.value if state == _PAUSED else state,
        has_pending_interruptions=is_asking,
        has_warnings_or_errors=has_warnings or state == _FAILED,
        error_message=error,
        duration=duration_text(ended - started) if started else "",
        is_current=True,
        is_previous=False,
        is_completed=state in _COMPLETED,
        pending_interruption_types=list(questions),
        links={
            "Self": f"/api/{space_id}/deployments/{deployment_id}",
            "Release": f"/api/{space_id}/releases/{release_id}",
            "Task": f"/api/tasks/{task_id}",
        },
    )
