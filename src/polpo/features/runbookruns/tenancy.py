"""For whom a runbook runs: nobody, or tenants of the project, as its mode allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from polpo.features.environments.resource import Environment
from polpo.features.runbooks.resource import Runbook
from polpo.kernel.errors import Invalid, NotFound
from polpo.store.kinds import Kind, kinds
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
    kind = kinds.get("Tenants")
    if kind is None:
        raise Invalid("This server has no tenants yet, so a runbook cannot run for them.")
    found = [_named(session, kind, runbook, environment, name) for name in names]
    found += _tagged(session, kind, runbook, environment, tags) if tags else []
    return list(dict.fromkeys(found))


def _named(session: Session, kind: Kind[Any], runbook: Runbook, environment: Environment, name: str) -> str:
    table, wanted = kind.table, name.strip()
    is_meant = sa.or_(table.c.name_key == wanted.casefold(), table.c.id == wanted, table.c.slug == wanted)
    tenant = session.first(kind, table.c.space_id == runbook.space_id, is_meant)
    if tenant is None:
        raise NotFound(f"There is no tenant '{name}' in this space.")
    if not _is_connected(tenant, runbook, environment):
        raise Invalid(f"The tenant '{tenant.name}' is not connected to this project in {environment.name}.")
    return str(tenant.id)


def _tagged(
    session: Session, kind: Kind[Any], runbook: Runbook, environment: Environment, tags: Sequence[str]
) -> list[str]:
    """Of the tags of one set a tenant needs any, and that for each of the sets."""
    sets: dict[str, set[str]] = {}
    for tag in (tag.strip().casefold() for tag in tags):
        sets.setdefault(tag.partition("/")[0], set()).add(tag)
    found = []
    for tenant in session.all(kind, kind.table.c.space_id == runbook.space_id):
        own = {tag.casefold() for tag in tenant.tenant_tags}
        if all(own & wanted for wanted in sets.values()) and _is_connected(tenant, runbook, environment):
            found.append(str(tenant.id))
    if not found:
        raise Invalid(f"No tenant with the tags {', '.join(tags)} is connected to this project in {environment.name}.")
    return found


def _is_connected(tenant: Any, runbook: Runbook, environment: Environment) -> bool:
    return environment.id in tenant.project_environments.get(runbook.project_id, ())
