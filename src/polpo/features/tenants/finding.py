"""Finding tenants by what clients call them."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.kernel.errors import Invalid, NotFound
from polpo.store.session import Session

_t = TENANTS.table


def find_tenant(session: Session, space_id: str, named: str) -> Tenant:
    """By id, slug or name without case."""
    wanted = named.strip()
    is_meant = sa.or_(_t.c.id == wanted, _t.c.slug == wanted, _t.c.name_key == wanted.casefold())
    found = session.first(TENANTS, _t.c.space_id == space_id, is_meant)
    if found is None:
        raise NotFound(f"There is no tenant '{named}' in this space.")
    return found


def tenant_of(session: Session, space_id: str, tenant_id: str, field: str = "TenantId") -> Tenant:
    """The tenant that a document refers to by id."""
    found = session.find(TENANTS, tenant_id)
    if found is None or found.space_id != space_id:
        sentence = f"{field} names the tenant '{tenant_id}', which does not exist in this space."
        raise Invalid(sentence, [sentence])
    return found
