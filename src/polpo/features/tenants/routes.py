"""Tenants over HTTP."""

from __future__ import annotations

from polpo.features.logos.routes import logo_routes
from polpo.features.tenants.finding import find_tenant
from polpo.features.tenants.resource import TENANTS, MultiTenancyStatus, TagTest, Tenant
from polpo.features.tenants.service import TENANT_FILTERS, settle_tenant, start_from, test_tags
from polpo.features.tenants.variables import copy_values
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("tenants")

_VIEW = Permission.TENANT_VIEW


class _Tenants(Collection[Tenant]):
    def insert(self, call: Call, document: Tenant) -> Tenant:
        """With `?clone={id}` the new tenant starts as a copy of that one."""
        named = call.text("clone")
        source = find_tenant(call.session, call.space, named) if named else None
        if source is not None:
            call.guard(TENANTS, source, _VIEW)
            start_from(source, document)
        tenant = super().insert(call, document)
        if source is not None:
            copy_values(call.session, source, tenant)
        return tenant


tenants = _Tenants(
    TENANTS,
    "/tenants",
    **permissions_of("Tenant"),
    prepare=settle_tenant,
    filters=TENANT_FILTERS,
    depends=("Projects", "TagSets"),
)


@routes.get("/tenants/status", "signed in")
def status(_call: Call) -> MultiTenancyStatus:
    """Say that this server knows tenants"""
    return MultiTenancyStatus()


@routes.get("/tenants/tag-test", _VIEW, query=("tenantIds", "tags"))
def tag_test(call: Call) -> dict[str, TagTest]:
    """Say which tenants pass a filter of tags, and what the others lack"""
    visible = call.narrowed(_VIEW, protection_of(TENANTS))
    return test_tags(call.session, call.space, call.texts("tenantIds"), call.texts("tags"), visible)


tenants.register(routes)
logo_routes(routes, "/tenants", TENANTS, find_tenant, view=_VIEW, edit=Permission.TENANT_EDIT)


@routes.get("/tenant/{id}", _VIEW)
def tenant(call: Call, id: str) -> Tenant:
    """Get a tenant, as some clients ask for one"""
    return tenants.find(call, id)
