"""Where releases have been, and where each may go next: the lifecycle's rules applied to the deployments there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from polpo.engine import TaskState, server_task
from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.environments.ephemeral import ephemeral_environments
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.lifecycles.progression import Progression, progression
from polpo.features.lifecycles.resource import LIFECYCLES, Lifecycle, Phase
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.resource import DEFECTS, Release
from polpo.features.tenants.connections import environments_of
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.store.session import Session

_d = DEPLOYMENTS.table
#: Not by the index of states: a deployment is looked up first, and then its task; successes are without number.
_succeeded = sa.func.coalesce(server_task.c.state, "") == TaskState.SUCCESS


@dataclass(frozen=True)
class History:
    """Whose deployments count, and in which environments: everybody's, those without a tenant, or one tenant's."""

    condition: sa.ColumnElement[bool] = field(default_factory=sa.true)
    eligible: Collection[str] | None = None


def history_of(tenant: Tenant | None, project_id: str) -> History:
    """A tenant promotes by itself: only its own successes count, and only where it is connected."""
    if tenant is None:
        return History(_d.c.tenant_id.is_(None))
    return History(_d.c.tenant_id == tenant.id, environments_of(tenant, project_id))


def successes(
    session: Session, release_ids: Iterable[str], condition: sa.ColumnElement[bool] | None = None
) -> Mapping[str, set[str]]:
    """The environments in which each release has ever been deployed successfully."""
    wanted = list(release_ids)
    statement = (
        sa.select(_d.c.release_id, _d.c.environment_id)
        .distinct()
        .join(server_task, server_task.c.id == _d.c.task_id)
        .where(_d.c.release_id.in_(wanted), _succeeded)
        .where(sa.true() if condition is None else condition)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for release_id, environment_id in session.connection.execute(statement):
        found[release_id].add(environment_id)
    return found


def blocked(session: Session, release_ids: Iterable[str]) -> set[str]:
    """The releases whose progression is prevented by a defect."""
    table = DEFECTS.table
    statement = sa.select(table.c.release_id).where(
        table.c.release_id.in_(list(release_ids)), table.c.status == "Unresolved"
    )
    return set(session.connection.execute(statement).scalars())


def lifecycles_of(session: Session, projects: Iterable[Project]) -> dict[str, Lifecycle]:
    """The projects' own, by the id of the project."""
    projects = list(projects)
    found = session.by_ids(LIFECYCLES, {project.lifecycle_id for project in projects})
    return {project.id: found[project.lifecycle_id] for project in projects}


def lifecycle_of(session: Session, project: Project, channel: Channel | None) -> Lifecycle:
    """The channel's own, else the project's. One for ephemeral environments has those of the project as its phase."""
    if channel is not None and channel.type == "EphemeralEnvironment":
        return _ephemeral_lifecycle(session, project, channel)
    own = channel.lifecycle_id if channel else None
    return session.get(LIFECYCLES, own or project.lifecycle_id)


def _ephemeral_lifecycle(session: Session, project: Project, channel: Channel) -> Lifecycle:
    """The parent, which never counts, keeps the phase from being one without environments: that would mean all."""
    usable = [
        one.id
        for one in ephemeral_environments(session, [channel.parent_environment_id])
        if project.id in one.connected_project_ids
    ]
    phase = Phase(
        id=channel.id,
        name=channel.name,
        optional_deployment_targets=[channel.parent_environment_id or channel.id, *usable],
        minimum_environments_before_promotion=1,
    )
    return Lifecycle(id=channel.id, space_id=channel.space_id, name=channel.name, phases=[phase])


@dataclass(frozen=True)
class Promotions:
    """The progression of several releases of one project, from a few queries."""

    environments: Sequence[Environment]
    channels: Mapping[str, Channel]
    lifecycles: Mapping[str, Lifecycle]
    progressions: Mapping[str, Progression]
    blocked: set[str]

    @property
    def environment_names(self) -> dict[str, str]:
        return {environment.id: environment.name for environment in self.environments}


def promotions(
    session: Session, project: Project, releases: Sequence[Release], history: History | None = None
) -> Promotions:
    history = history or History()
    environments = environments_in_order(session, project.space_id)
    ids = [release.id for release in releases]
    done, stopped = successes(session, ids, history.condition), blocked(session, ids)
    channels = session.by_ids(CHANNELS, {release.channel_id for release in releases})
    environments += ephemeral_environments(session, {channel.parent_environment_id for channel in channels.values()})
    lifecycles = {channel.id: lifecycle_of(session, project, channel) for channel in channels.values()}
    default = lifecycle_of(session, project, None)
    states = {
        release.id: progression(
            lifecycles.get(release.channel_id, default),
            environments,
            done.get(release.id, set()),
            eligible=history.eligible,
            is_blocked=release.id in stopped,
        )
        for release in releases
    }
    return Promotions(environments, channels, lifecycles, states, stopped)


def progression_of(
    session: Session, release: Release, history: History | None = None
) -> tuple[Progression, Promotions]:
    project = session.get(PROJECTS, release.project_id)
    found = promotions(session, project, [release], history)
    return found.progressions[release.id], found


def lost_way(session: Session, release: Release, deployment: Deployment) -> str | None:
    """Why a deployment that was made for later may not begin any more: its way was open then and is shut now.

    One that only waited for its turn is not asked again.
    """
    environment = session.find(ENVIRONMENTS, deployment.environment_id)
    if environment is None or deployment.queue_time == deployment.created:
        return None
    tenant = session.find(TENANTS, deployment.tenant_id)
    state, _ = progression_of(session, release, history_of(tenant, release.project_id))
    return state.refusal(environment, release.version)


def tenants_progressions(session: Session, release: Release, tenants: Sequence[Tenant]) -> dict[str, Progression]:
    """How far one release has come for each of the tenants, from as few queries as for one of them."""
    project = session.get(PROJECTS, release.project_id)
    environments = environments_in_order(session, project.space_id)
    lifecycle = lifecycle_of(session, project, session.find(CHANNELS, release.channel_id))
    is_blocked = bool(blocked(session, [release.id]))
    done = tenants_successes(session, release.id)
    return {
        tenant.id: progression(
            lifecycle,
            environments,
            done.get(tenant.id, set()),
            eligible=environments_of(tenant, project.id),
            is_blocked=is_blocked,
        )
        for tenant in tenants
    }


def tenants_successes(session: Session, release_id: str) -> Mapping[str, set[str]]:
    """The environments in which each tenant has ever got the release, by the id of the tenant."""
    statement = (
        sa.select(_d.c.tenant_id, _d.c.environment_id)
        .distinct()
        .join(server_task, server_task.c.id == _d.c.task_id)
        .where(_d.c.release_id == release_id, _d.c.tenant_id.is_not(None))
        .where(_succeeded)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for tenant_id, environment_id in session.connection.execute(statement):
        found[tenant_id].add(environment_id)
    return found
