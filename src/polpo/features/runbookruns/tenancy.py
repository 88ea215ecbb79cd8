"""For whom a runbook runs: nobody, or tenants of the project, as its mode allows."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.environments.resource import Environment
from polpo.features.runbooks.resource import Runbook
from polpo.features.tagsets.service import known_tags, matches_tags
from polpo.features.tenants.connections import environments_of, tenants_of_projects
from polpo.features.tenants.finding import find_tenant
from polpo.features.tenants.resource import Tenant
from polpo.kernel.errors import Invalid
from polpo.store.session import Session


def tenants_for(
    session: Session, runbook: Runbook, environment: Environment, names: Sequence[str], tags: Sequence[str]
) -> list[str | None]:
    """The ids of the named tenants and of those that the tags mean and are connected here; [None] for nobody."""
    if not names and not tags:
        if runbook.multi_tenancy_mode == "Tenanted":
            raise Invalid(f"The runbook '{runbook.name}' runs for tenants only; name the tenants.")
        return [None]
    if runbook.multi_tenancy_mode == "Untenanted":
        raise Invalid(f"The runbook '{runbook.name}' does not run for tenants; leave them out, or change its mode.")
    found = [_named(session, runbook, environment, name) for name in names]
    found += _tagged(session, runbook, environment, tags) if tags else []
    return list(dict.fromkeys(found))


def _named(session: Session, runbook: Runbook, environment: Environment, name: str) -> str:
    tenant = find_tenant(session, runbook.space_id, name)
    if tenant.is_disabled:
        raise Invalid(f"The tenant '{tenant.name}' is disabled; enable it before you run runbooks for it.")
    if not _is_connected(tenant, runbook, environment):
        raise Invalid(f"The tenant '{tenant.name}' is not connected to this project in {environment.name}.")
    return tenant.id


def _tagged(session: Session, runbook: Runbook, environment: Environment, tags: Sequence[str]) -> list[str]:
    """Disabled tenants are passed over, as everywhere where tags choose."""
    wanted = known_tags(session, runbook.space_id, tags)
    found = [
        tenant.id
        for tenant in tenants_of_projects(session, [runbook.project_id])
        if not tenant.is_disabled
        and matches_tags(tenant.tenant_tags, wanted)
        and _is_connected(tenant, runbook, environment)
    ]
    if not found:
        raise Invalid(f"No tenant with the tags {', '.join(tags)} is connected to this project in {environment.name}.")
    return found


def _is_connected(tenant: Tenant, runbook: Runbook, environment: Environment) -> bool:
    return environment.id in environments_of(tenant, runbook.project_id)
