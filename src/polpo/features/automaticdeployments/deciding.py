"""Which automatic environments get a release by themselves, and which do not and why: one judgement for both.

Only a phase that has just opened starts deployments: one that was open before has had its turn, whatever came of it, so
that rolling back to an old release, or changing a lifecycle, sends nothing anywhere by itself. Each environment (of
each tenant) gets a release by itself once: a failed deployment is not repeated. Optional phases start nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from polpo.engine import TaskState, server_task
from polpo.features.automaticdeployments.openings import Opening
from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.deployments.promotion import (
    blocked,
    history_of,
    lifecycle_of,
    successes,
    tenants_successes,
)
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.deployments.tenancy import tenant_refusals
from polpo.features.environments.resource import Environment
from polpo.features.lifecycles.progression import PhaseState, Progression, newly_open, progression
from polpo.features.lifecycles.resource import Lifecycle
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.tenants.connections import environments_of, tenants_of_projects
from polpo.features.tenants.resource import Tenant
from polpo.store.session import Session

_d = DEPLOYMENTS.table


@dataclass(frozen=True)
class Place:
    """Where a release may go by itself."""

    environment: Environment
    tenant: Tenant | None
    phase: PhaseState

    @property
    def key(self) -> tuple[str, str | None]:
        return self.environment.id, self.tenant.id if self.tenant else None

    @property
    def name(self) -> str:
        return self.environment.name + (f" for {self.tenant.name}" if self.tenant else "")


class Travel:
    """One release on its way, for everybody who may get it: without a tenant, and each tenant that is connected."""

    def __init__(self, session: Session, release: Release) -> None:
        self.session = session
        self.release = release
        self.project: Project = session.get(PROJECTS, release.project_id)
        self.channel: Channel = session.get(CHANNELS, release.channel_id)
        self.environments = environments_in_order(session, self.project.space_id)
        self.is_blocked = bool(blocked(session, [release.id]))
        self._lifecycle: Lifecycle = lifecycle_of(session, self.project, self.channel)

    def receivers(self, only: Deployment | None = None) -> Iterator[tuple[Tenant | None, set[str]]]:
        """Each with the environments in which it has the release; `only` that of one deployment."""
        mode = self.project.tenanted_deployment_mode
        if mode != "Tenanted" and (only is None or only.tenant_id is None):
            untenanted = history_of(None, self.project.id).condition
            yield None, successes(self.session, [self.release.id], untenanted).get(self.release.id, set())
        if mode == "Untenanted" or (only is not None and only.tenant_id is None):
            return
        done = tenants_successes(self.session, self.release.id)
        for tenant in tenants_of_projects(self.session, [self.project.id]):
            if only is None or only.tenant_id == tenant.id:
                yield tenant, done.get(tenant.id, set())

    def state(self, tenant: Tenant | None, done: set[str], *, is_blocked: bool) -> Progression:
        eligible = None if tenant is None else environments_of(tenant, self.project.id)
        return progression(self._lifecycle, self.environments, done, eligible=eligible, is_blocked=is_blocked)

    def places(self, phases: Sequence[PhaseState], tenant: Tenant | None) -> Iterator[Place]:
        """The automatic environments of phases, as far as the receiver may be in them at all."""
        known = {one.id: one for one in self.environments}
        for phase in phases:
            for identity in phase.automatic_environments:
                environment = known[identity]
                if not any(tenant_refusals(self.project, self.channel, environment, tenant)):
                    yield Place(environment, tenant, phase)

    def deployments(self) -> dict[tuple[str, str | None], str]:
        """The newest deployment of the release in each place, however it ended."""
        columns = (_d.c.environment_id, _d.c.tenant_id, _d.c.id)
        statement = sa.select(*columns).where(_d.c.release_id == self.release.id).order_by(_d.c.seq)
        return {(environment, tenant): one for environment, tenant, one in self.session.connection.execute(statement)}


def due_at_once(session: Session, release: Release) -> list[Place]:
    """Where a release goes that has just been made."""
    return due(session, Opening(0, release.id, "created"))


def due(session: Session, opening: Opening) -> list[Place]:
    """Where the release is to be deployed now."""
    release = session.find(RELEASES, opening.release_id)
    cause = session.find(DEPLOYMENTS, opening.deployment_id)
    if release is None or (opening.cause == "succeeded" and (cause is None or not _is_first_success(session, cause))):
        return []
    travel = Travel(session, release)
    known = travel.deployments()
    return [
        place
        for tenant, done in travel.receivers(cause)
        for place in travel.places(_opened(travel, opening, cause, tenant, done), tenant)
        if place.key not in known
    ]


def _opened(
    travel: Travel, opening: Opening, cause: Deployment | None, tenant: Tenant | None, done: set[str]
) -> Sequence[PhaseState]:
    now = travel.state(tenant, done, is_blocked=travel.is_blocked)
    if opening.cause == "created":
        return newly_open(Progression(()), now)
    if opening.cause == "unblocked":
        return newly_open(travel.state(tenant, done, is_blocked=True), now)
    before = done - {cause.environment_id} if cause else done
    return newly_open(travel.state(tenant, before, is_blocked=travel.is_blocked), now)


def _is_first_success(session: Session, deployment: Deployment) -> bool:
    """Whether the release was in the place for the first time: only that can open a phase."""
    own = sa.select(server_task.c.state_since).where(server_task.c.id == deployment.task_id).scalar_subquery()
    earlier = (
        sa.select(_d.c.id)
        .join(server_task, server_task.c.id == _d.c.task_id)
        .where(_d.c.release_id == deployment.release_id, _d.c.environment_id == deployment.environment_id)
        .where(_d.c.tenant_id.is_not_distinct_from(deployment.tenant_id), _d.c.id != deployment.id)
        .where(server_task.c.state == TaskState.SUCCESS, server_task.c.state_since < own)
    )
    return session.connection.execute(earlier.limit(1)).first() is None
