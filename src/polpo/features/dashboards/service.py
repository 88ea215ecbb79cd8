"""Assembling dashboards and progressions from few queries, whatever their size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from polpo.engine import TaskRecord, TaskState, server_task
from polpo.engine.tasks import COMPLETED, record_columns
from polpo.features.channels.resource import CHANNELS
from polpo.features.dashboards.resource import (
    Dashboard,
    DashboardEnvironment,
    DashboardItem,
    DashboardProject,
    DashboardProjectGroup,
    LifecycleProgression,
    PhaseDeployment,
    PhaseProgression,
    Progression,
    ReleaseProgression,
)
from polpo.features.dashboards.tenants import shown_tenants
from polpo.features.deployments.promotion import (
    Promotions,
    lifecycle_of,
    lifecycles_of,
    progression_of,
    promotions,
)
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.environments.resource import Environment
from polpo.features.lifecycles.progression import PhaseState, phases_of
from polpo.features.lifecycles.resource import Lifecycle
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projectgroups.resource import PROJECT_GROUPS
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.tasks.presenting import duration_text, task_of
from polpo.features.variables.resource import ReferenceDataItem
from polpo.store.session import Session

_d, _r, _t = DEPLOYMENTS.table, RELEASES.table, server_task
_item_columns = (
    _d.c.id, _d.c.project_id, _d.c.environment_id, _d.c.release_id, _d.c.channel_id, _d.c.tenant_id, _r.c.version,
    _t.c.id.label("task"), _t.c.space_id, _t.c.state, _t.c.not_before, _t.c.created, _t.c.started, _t.c.completed,
    _t.c.error_message, _t.c.has_warnings, _t.c.pending_interruptions,
)  # fmt: skip
#: As texts: an item's state is compared thousands of times.
_PAUSED, _FAILED = TaskState.PAUSED.value, TaskState.FAILED.value
_COMPLETED = frozenset(state.value for state in COMPLETED)


def dashboard(session: Session, space_id: str, projects: Sequence[Project], *, is_filtered: bool) -> Dashboard:
    environments = environments_in_order(session, space_id)
    order = [environment.id for environment in environments]
    reach = _reach(session, projects, environments)
    newest = [
        one for one in _newest(session, space_id, [project.id for project in projects]) if one.environment_id in order
    ]
    for item in newest:
        if item.environment_id not in reach[item.project_id]:
            reach[item.project_id] = [one for one in order if one in {*reach[item.project_id], item.environment_id}]
    previous = _proven(session, space_id, [item for item in newest if item.state != TaskState.SUCCESS])
    for item in previous:
        item.is_current, item.is_previous = False, True
    return Dashboard(
        id="dashboard",
        projects=[_project(project, reach[project.id]) for project in projects],
        project_groups=_groups(session, space_id, projects, reach, order),
        environments=[DashboardEnvironment(id=one.id, name=one.name) for one in environments],
        tenants=shown_tenants(session, space_id, [project.id for project in projects]),
        items=newest,
        previous_items=previous,
        is_filtered=is_filtered,
    )


def _reach(session: Session, projects: Sequence[Project], environments: Sequence[Environment]) -> dict[str, list[str]]:
    """The environments of each project's lifecycle; projects share few of them."""
    lifecycles = lifecycles_of(session, projects)
    known = {one.id: _environments_of(one, environments) for one in lifecycles.values()}
    return {project_id: list(known[one.id]) for project_id, one in lifecycles.items()}


def _environments_of(lifecycle: Lifecycle, environments: Sequence[Environment]) -> list[str]:
    used = {
        identity
        for phase in phases_of(lifecycle, environments)
        for identity in [*phase.automatic_deployment_targets, *phase.optional_deployment_targets]
    }
    return [environment.id for environment in environments if environment.id in used]


def _project(project: Project, environment_ids: list[str]) -> DashboardProject:
    return DashboardProject(
        id=project.id,
        name=project.name,
        slug=project.slug,
        project_group_id=project.project_group_id,
        environment_ids=environment_ids,
        is_disabled=project.is_disabled,
        tenanted_deployment_mode=project.tenanted_deployment_mode,
        can_perform_untenanted_deployment=project.tenanted_deployment_mode != "Tenanted",
        links={"Self": f"/api/{project.space_id}/projects/{project.id}"},
    )


def _groups(
    session: Session,
    space_id: str,
    projects: Sequence[Project],
    reach: Mapping[str, list[str]],
    order: Sequence[str],
) -> list[DashboardProjectGroup]:
    used: dict[str, set[str]] = defaultdict(set)
    for project in projects:
        used[project.project_group_id].update(reach[project.id])
    groups = session.all(PROJECT_GROUPS, PROJECT_GROUPS.table.c.space_id == space_id)
    return [
        DashboardProjectGroup(
            id=group.id, name=group.name, environment_ids=[one for one in order if one in used[group.id]]
        )
        for group in groups
        if group.id in used
    ]


def _newest(session: Session, space_id: str, project_ids: Sequence[str]) -> list[DashboardItem]:
    """The newest deployment of each project in each environment, for each tenant and without one."""
    latest = sa.select(sa.func.max(_d.c.seq)).where(_d.c.project_id.in_(project_ids))
    latest = latest.group_by(_d.c.project_id, _d.c.environment_id, _d.c.tenant_id)
    return _read_items(session, space_id, latest)


def _proven(session: Session, space_id: str, failed: Sequence[DashboardItem]) -> list[DashboardItem]:
    """The newest successful deployment before each of these, where there is one: a short look back for each."""
    last, other, task = _d.alias("last"), _d.alias("other"), server_task.alias("other_task")
    before = (
        sa.select(other.c.seq)
        .join(task, task.c.id == other.c.task_id)
        .where(other.c.project_id == last.c.project_id, other.c.environment_id == last.c.environment_id)
        .where(other.c.tenant_id.is_not_distinct_from(last.c.tenant_id))
        .where(task.c.state == TaskState.SUCCESS)
        .order_by(other.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = sa.select(before).where(last.c.id.in_([item.deployment_id for item in failed]))
    return _read_items(session, space_id, found)


def _read_items(session: Session, space_id: str, numbers: sa.Select[tuple[int]]) -> list[DashboardItem]:
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
    return [_item(row, now) for row in session.connection.execute(statement).all()]


def _item(row: Sequence[Any], now: datetime) -> DashboardItem:
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
        pending_interruption_types=["ManualIntervention"] if is_asking else [],
        links={
            "Self": f"/api/{space_id}/deployments/{deployment_id}",
            "Release": f"/api/{space_id}/releases/{release_id}",
            "Task": f"/api/tasks/{task_id}",
        },
    )


# -- a project


def project_progression(session: Session, project: Project, take: int) -> Progression:
    """The newest releases of every channel against the environments."""
    table = RELEASES.table
    releases = session.all(RELEASES, table.c.project_id == project.id, order=[table.c.seq.desc()], take=take)
    found = promotions(session, project, releases)
    items = _by_release(session, project.space_id, releases)
    channels = session.all(CHANNELS, CHANNELS.table.c.project_id == project.id)
    lifecycles = {channel.id: lifecycle_of(session, project, channel) for channel in channels}
    per_channel = {
        identity: _references(_environments_of(lifecycle, found.environments), found)
        for identity, lifecycle in lifecycles.items()
    }
    per_lifecycle = {
        lifecycle.id: _references(_environments_of(lifecycle, found.environments), found)
        for lifecycle in lifecycles.values()
    }
    used = {one.id for environments in per_channel.values() for one in environments}
    used |= {environment for deployed in items.values() for environment in deployed}
    every = [environment.id for environment in found.environments if environment.id in used]
    return Progression(
        id=project.id,
        environments=_references(every, found),
        channel_environments=per_channel,
        lifecycle_environments=per_lifecycle,
        releases=[_release(release, found, items.get(release.id, {})) for release in releases],
    )


def _release(release: Release, found: Promotions, items: dict[str, list[DashboardItem]]) -> ReleaseProgression:
    state = found.progressions[release.id]
    return ReleaseProgression(
        release=release,
        channel=found.channels.get(release.channel_id),
        deployments=items,
        next_deployments=list(state.next_deployments),
        open_environments=list(state.open_environments),
        has_unresolved_defect=release.id in found.blocked,
    )


def _by_release(
    session: Session, space_id: str, releases: Sequence[Release]
) -> dict[str, dict[str, list[DashboardItem]]]:
    """The newest deployment of each release in each environment, for each tenant and without one; `is_current` where no
    later release replaced it."""
    ids = [release.id for release in releases]
    latest = (
        sa.select(sa.func.max(_d.c.seq))
        .where(_d.c.release_id.in_(ids))
        .group_by(_d.c.release_id, _d.c.environment_id, _d.c.tenant_id)
    )
    grouped: dict[str, dict[str, list[DashboardItem]]] = defaultdict(dict)
    replaced: set[tuple[str, str | None]] = set()
    for item in _read_items(session, space_id, latest):
        place = (item.environment_id, item.tenant_id)
        item.is_current = place not in replaced
        if item.state == TaskState.SUCCESS:
            replaced.add(place)
        grouped[item.release_id].setdefault(item.environment_id, []).append(item)
    return grouped


def _references(ids: Iterable[str], found: Promotions) -> list[ReferenceDataItem]:
    names = found.environment_names
    return [ReferenceDataItem(id=identity, name=names[identity]) for identity in ids if identity in names]


# -- a release


def release_progression(session: Session, release: Release) -> LifecycleProgression:
    state, found = progression_of(session, release)
    deployments = session.all(DEPLOYMENTS, _d.c.release_id == release.id, order=[_d.c.seq.desc()])
    statement = sa.select(*record_columns).where(server_task.c.id.in_([one.task_id for one in deployments]))
    records = {row.id: TaskRecord.of(row) for row in session.connection.execute(statement)}
    now = session.clock.now()
    by_environment: dict[str, list[PhaseDeployment]] = defaultdict(list)
    for deployment in deployments:
        record = records.get(deployment.task_id)
        task = task_of(record, now) if record else None
        by_environment[deployment.environment_id].append(PhaseDeployment(deployment=deployment, task=task))
    return LifecycleProgression(
        id=release.id,
        phases=[_phase(phase, found, by_environment) for phase in state.phases],
        next_deployments=list(state.next_deployments),
        next_deployments_minimum_required=state.next_deployments_minimum_required,
    )


def _phase(state: PhaseState, found: Promotions, deployed: Mapping[str, list[PhaseDeployment]]) -> PhaseProgression:
    phase = state.phase
    return PhaseProgression(
        id=phase.id,
        name=phase.name,
        automatic_deployment_targets=phase.automatic_deployment_targets,
        optional_deployment_targets=phase.optional_deployment_targets,
        minimum_environments_before_promotion=phase.minimum_environments_before_promotion,
        is_optional_phase=phase.is_optional_phase,
        is_priority_phase=phase.is_priority_phase,
        blocked=state.is_blocked,
        progress=state.progress,
        is_open=state.is_open,
        missing=state.missing,
        environments=_references(state.environments, found),
        deployments=[one for identity in state.environments for one in deployed.get(identity, [])],
    )


def visible_projects(session: Session, space_id: str, ids: Sequence[str]) -> list[Project]:
    table = PROJECTS.table
    where = [table.c.space_id == space_id, *([table.c.id.in_(ids)] if ids else [])]
    return session.all(PROJECTS, *where)
