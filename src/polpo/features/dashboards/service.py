"""Assembling dashboards and progressions from few queries, whatever their size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from polpo.engine import TaskRecord, TaskState, server_task
from polpo.engine.tasks import record_columns
from polpo.features.channels.resource import CHANNELS
from polpo.features.dashboards.items import newest_items, proven_items, read_items
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
from polpo.features.dashboards.sight import Sight
from polpo.features.dashboards.tenants import shown_tenants
from polpo.features.deployments.promotion import (
    History,
    Promotions,
    history_of,
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
from polpo.features.projects.resource import Project
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.tasks.presenting import task_of
from polpo.features.tenants.resource import Tenant
from polpo.features.variables.resource import ReferenceDataItem
from polpo.store.session import Session, Where

_d = DEPLOYMENTS.table


def dashboard(
    session: Session, space_id: str, projects: Sequence[Project], sight: Sight, *, is_filtered: bool
) -> Dashboard:
    environments = sight.environments(environments_in_order(session, space_id))
    order = [environment.id for environment in environments]
    reach = _reach(session, projects, environments)
    newest = [
        one for one in newest_items(session, space_id, projects, sight.deployments) if one.environment_id in order
    ]
    for item in newest:
        if item.environment_id not in reach[item.project_id]:
            reach[item.project_id] = [one for one in order if one in {*reach[item.project_id], item.environment_id}]
    failed = [item for item in newest if item.state != TaskState.SUCCESS]
    previous = proven_items(session, space_id, projects, failed)
    for item in previous:
        item.is_current, item.is_previous = False, True
    return Dashboard(
        id="dashboard",
        projects=[_project(project, reach[project.id]) for project in projects],
        project_groups=_groups(session, space_id, projects, reach, order),
        environments=[DashboardEnvironment(id=one.id, name=one.name) for one in environments],
        tenants=shown_tenants(session, space_id, [project.id for project in projects], sight),
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


# -- a project


def project_progression(session: Session, project: Project, sight: Sight, take: int) -> Progression:
    """The newest releases of every channel against the environments."""
    table = RELEASES.table
    releases = session.all(RELEASES, table.c.project_id == project.id, order=[table.c.seq.desc()], take=take)
    found = promotions(session, project, releases)
    items = _by_release(session, project, releases, sight)
    channels = session.all(CHANNELS, CHANNELS.table.c.project_id == project.id)
    lifecycles = {channel.id: lifecycle_of(session, project, channel) for channel in channels}
    per_channel = {
        identity: _references(sight.ids(_environments_of(lifecycle, found.environments)), found)
        for identity, lifecycle in lifecycles.items()
    }
    per_lifecycle = {
        lifecycle.id: _references(sight.ids(_environments_of(lifecycle, found.environments)), found)
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
        releases=[_release(release, found, items.get(release.id, {}), sight) for release in releases],
    )


def _release(
    release: Release, found: Promotions, items: dict[str, list[DashboardItem]], sight: Sight
) -> ReleaseProgression:
    state = found.progressions[release.id]
    return ReleaseProgression(
        release=release,
        channel=found.channels.get(release.channel_id),
        deployments=items,
        next_deployments=sight.ids(state.next_deployments),
        open_environments=sight.ids(state.open_environments),
        has_unresolved_defect=release.id in found.blocked,
    )


def _by_release(
    session: Session, project: Project, releases: Sequence[Release], sight: Sight
) -> dict[str, dict[str, list[DashboardItem]]]:
    """The newest deployment of each release in each environment, for each tenant and without one; `is_current` where no
    later release replaced it."""
    ids = [release.id for release in releases]
    latest = (
        sa.select(sa.func.max(_d.c.seq))
        .where(_d.c.release_id.in_(ids), *sight.deployments)
        .group_by(_d.c.release_id, _d.c.environment_id, _d.c.tenant_id)
    )
    grouped: dict[str, dict[str, list[DashboardItem]]] = defaultdict(dict)
    replaced: set[tuple[str, str | None, str]] = set()
    for item in read_items(session, project.space_id, latest):
        line = item.channel_id if project.discrete_channel_release else ""
        place = (item.environment_id, item.tenant_id, line)
        item.is_current = place not in replaced
        if item.state == TaskState.SUCCESS:
            replaced.add(place)
        if sight.sees(item.environment_id):
            grouped[item.release_id].setdefault(item.environment_id, []).append(item)
    return grouped


def _references(ids: Iterable[str], found: Promotions) -> list[ReferenceDataItem]:
    names = found.environment_names
    return [ReferenceDataItem(id=identity, name=names[identity]) for identity in ids if identity in names]


# -- a release


def release_progression(
    session: Session, release: Release, tenant: Tenant | None, sight: Sight, tasks: Sequence[Where]
) -> LifecycleProgression:
    """Of everybody's deployments together; for a tenant of its own alone, where it is connected.

    What is shown of deployments is narrowed by `sight`, of their tasks by `tasks`.
    """
    history = history_of(tenant, release.project_id) if tenant else History()
    state, found = progression_of(session, release, history)
    where = (_d.c.release_id == release.id, history.condition, *sight.deployments)
    deployments = session.all(DEPLOYMENTS, *where, order=[_d.c.seq.desc()])
    statement = sa.select(*record_columns).where(server_task.c.id.in_([one.task_id for one in deployments]), *tasks)
    records = {row.id: TaskRecord.of(row) for row in session.connection.execute(statement)}
    now = session.clock.now()
    by_environment: dict[str, list[PhaseDeployment]] = defaultdict(list)
    for deployment in deployments:
        record = records.get(deployment.task_id)
        task = task_of(record, now) if record else None
        by_environment[deployment.environment_id].append(PhaseDeployment(deployment=deployment, task=task))
    return LifecycleProgression(
        id=release.id,
        phases=[_phase(phase, found, by_environment, sight) for phase in state.phases],
        next_deployments=sight.ids(state.next_deployments),
        next_deployments_minimum_required=state.next_deployments_minimum_required,
    )


def _phase(
    state: PhaseState, found: Promotions, deployed: Mapping[str, list[PhaseDeployment]], sight: Sight
) -> PhaseProgression:
    phase = state.phase
    return PhaseProgression(
        id=phase.id,
        name=phase.name,
        automatic_deployment_targets=sight.ids(phase.automatic_deployment_targets),
        optional_deployment_targets=sight.ids(phase.optional_deployment_targets),
        minimum_environments_before_promotion=phase.minimum_environments_before_promotion,
        is_optional_phase=phase.is_optional_phase,
        is_priority_phase=phase.is_priority_phase,
        blocked=state.is_blocked,
        progress=state.progress,
        is_open=state.is_open,
        missing=state.missing,
        environments=_references(sight.ids(state.environments), found),
        deployments=[one for identity in sight.ids(state.environments) for one in deployed.get(identity, [])],
    )
