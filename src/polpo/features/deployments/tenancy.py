"""A tenant's part in deployments: whether one may be made for it, which targets it uses, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from polpo.features.channels.resource import Channel
from polpo.features.deployments.plan import PlannedValue
from polpo.features.environments.resource import Environment
from polpo.features.projects.resource import Project
from polpo.features.tagsets.service import matches_tags
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.features.tenants.variables import GivenValue, given_values
from polpo.features.variables.resource import REFERRING
from polpo.kernel.errors import TaskError
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session


class ForTenants(Protocol):
    """What says for which tenants it may be used: a target, an account, a certificate."""

    @property
    def tenanted_deployment_participation(self) -> str: ...
    @property
    def tenant_ids(self) -> Sequence[str]: ...
    @property
    def tenant_tags(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Tenancy:
    """What the tenant brings into a plan; all empty for a deployment without one. `problems` would refuse it."""

    tenant: Tenant | None = None
    values: list[PlannedValue] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def tenant_id(self) -> str | None:
        return self.tenant.id if self.tenant else None

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(self.tenant.tenant_tags if self.tenant else ())

    @property
    def facts(self) -> dict[str, str]:
        """Empty texts when there is no tenant, so that scripts can ask."""
        tenant = self.tenant
        return {
            "Octopus.Deployment.Tenant.Id": tenant.id if tenant else "",
            "Octopus.Deployment.Tenant.Name": tenant.name if tenant else "",
            "Octopus.Deployment.Tenant.Tags": ",".join(tenant.tenant_tags) if tenant else "",
        }

    def uses(self, thing: ForTenants) -> bool:
        """What is without tenants is never used for one, and what is for tenants only for those that it names."""
        participation = thing.tenanted_deployment_participation
        if self.tenant is None:
            return participation != "Tenanted"
        is_named = self.tenant.id in thing.tenant_ids or matches_tags(self.tags, thing.tenant_tags)
        return participation != "Untenanted" and is_named


def tenancy_of(session: Session, tenant_id: str | None, project: Project, environment: Environment) -> Tenancy:
    """What the tenant gives is read as it is now: it is not frozen with the release."""
    if not tenant_id:
        return Tenancy()
    tenant = session.find(TENANTS, tenant_id)
    if tenant is None:
        raise TaskError("The tenant was deleted before the deployment ran.")
    given = given_values(session, tenant, project.id, environment.id)
    problems = [
        f"{tenant.name} has no value for {label} in {environment.name}; give it one among the tenant's variables."
        for label in given.missing
    ]
    return Tenancy(tenant, [_planned(session, tenant, one) for one in given.values], problems)


def _planned(session: Session, tenant: Tenant, given: GivenValue) -> PlannedValue:
    value = given.value
    return PlannedValue(
        name=given.name,
        value=session.reveal(value) or "" if isinstance(value, SensitiveValue) else value,
        is_sensitive=given.is_sensitive,
        scope={"tenant": [tenant.id]} | ({} if given.is_library else {"environment": given.environment_ids}),
        is_library=given.is_library,
        type=REFERRING.get(given.control, "String"),
    )


def tenant_refusals(
    project: Project, channel: Channel, environment: Environment, tenant: Tenant | None
) -> Iterator[str]:
    """Why the project cannot be deployed for the tenant (or without one), apart from the lifecycle."""
    mode = project.tenanted_deployment_mode
    if tenant is None:
        if mode == "Tenanted":
            yield f"{project.name} is deployed for tenants only; name a tenant."
        return
    if mode == "Untenanted":
        yield f"{project.name} is not deployed for tenants; let it, in the settings of the project."
    if tenant.is_disabled:
        yield f"The tenant {tenant.name} is disabled; enable it before you deploy for it."
    places = tenant.project_environments.get(project.id)
    if places is None:
        yield f"The tenant {tenant.name} is not connected to {project.name}; connect it first."
    elif environment.id not in places:
        yield f"The tenant {tenant.name} is not connected to {project.name} in {environment.name}; connect it first."
    if channel.tenant_tags and not matches_tags(tenant.tenant_tags, channel.tenant_tags):
        yield (
            f"Releases of the channel {channel.name} are not for {tenant.name}: it has none of the tags"
            f" {', '.join(channel.tenant_tags)}."
        )
