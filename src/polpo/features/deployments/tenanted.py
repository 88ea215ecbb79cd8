"""Deployments for tenants: from names and tags to one wish for each tenant, and where tenants may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from polpo.features.channels.resource import CHANNELS
from polpo.features.deployments.commands import wishes_of
from polpo.features.deployments.promotion import tenants_progressions
from polpo.features.deployments.resource import CreateTenantedDeploymentsV1, PromotionTarget, TenantPromotion
from polpo.features.deployments.service import Wish
from polpo.features.deployments.tenancy import tenant_refusals
from polpo.features.environments.resource import Environment
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.resource import Release
from polpo.features.tagsets.service import known_tags, matches_tags
from polpo.features.tenants.connections import tenants_of_projects
from polpo.features.tenants.finding import find_tenant
from polpo.features.tenants.resource import Tenant
from polpo.kernel.errors import Invalid
from polpo.store.session import Session

#: In the place of a tenant's name: every tenant that could get the release now.
EVERY_TENANT = "*"


def tenanted_wishes_of(session: Session, space_id: str, command: CreateTenantedDeploymentsV1) -> list[Wish]:
    """The command of the executions API, its names resolved; one wish for each tenant.

    A tenant that is named must be able to get the release; tags choose among those that are.
    """
    if not command.environment_name.strip():
        raise Invalid("EnvironmentName is missing; name the environment to deploy to.")
    if not command.tenants and not command.tenant_tags:
        raise Invalid("Tenants and TenantTags are both empty; name the tenants to deploy for, or tags that they have.")
    command.environment_names = [command.environment_name]
    [wish] = wishes_of(session, space_id, command)
    named = [find_tenant(session, space_id, name) for name in command.tenants if name.strip() != EVERY_TENANT]
    tags = known_tags(session, space_id, command.tenant_tags)
    chosen = {tenant.id: tenant for tenant in named}
    if tags or len(named) < len(command.tenants):
        able = _able(session, wish.release, wish.environment)
        picked = [
            tenant for tenant in able if len(named) < len(command.tenants) or matches_tags(tenant.tenant_tags, tags)
        ]
        chosen |= {tenant.id: tenant for tenant in picked}
    if not chosen:
        wanted = f"with the tags {', '.join(tags)} " if tags else ""
        raise Invalid(f"No tenant {wanted}can get release {wish.release.version} in {wish.environment.name} now.")
    return [replace(wish, tenant=tenant) for tenant in chosen.values()]


def _able(session: Session, release: Release, environment: Environment) -> list[Tenant]:
    """The tenants for which nothing would refuse the release in the environment, by name."""
    project = session.get(PROJECTS, release.project_id)
    connected = tenants_of_projects(session, [project.id])
    channel = session.get(CHANNELS, release.channel_id)
    fitting = [one for one in connected if not any(tenant_refusals(project, channel, environment, one))]
    states = tenants_progressions(session, release, fitting)
    return [tenant for tenant in fitting if states[tenant.id].allows(environment.id)]


def tenant_promotions(session: Session, project: Project, release: Release) -> list[TenantPromotion]:
    """Each tenant that could get the release now, with the environments where."""
    if project.tenanted_deployment_mode == "Untenanted":
        return []
    channel = session.get(CHANNELS, release.channel_id)
    connected = [
        tenant
        for tenant in tenants_of_projects(session, [project.id])
        if not tenant.is_disabled and (not channel.tenant_tags or matches_tags(tenant.tenant_tags, channel.tenant_tags))
    ]
    states = tenants_progressions(session, release, connected)
    names = {one.id: one.name for one in environments_in_order(session, project.space_id)}
    found = [_promotion(release, tenant, states[tenant.id].open_environments, names) for tenant in connected]
    return [one for one in found if one.promote_to]


def _promotion(
    release: Release, tenant: Tenant, environment_ids: Sequence[str], names: dict[str, str]
) -> TenantPromotion:
    preview = f"/api/{release.space_id}/releases/{release.id}/deployments/preview"
    targets = [
        PromotionTarget(
            id=one, name=names[one], links={"Preview": f"{preview}/{one}/{tenant.id}{{?includeDisabledSteps}}"}
        )
        for one in environment_ids
    ]
    return TenantPromotion(id=tenant.id, name=tenant.name, promote_to=targets)
