"""Connecting several tenants to projects in one go."""

from __future__ import annotations

from polpo.features.tagsets.service import known_tags, tag_condition
from polpo.features.tenants.resource import TENANTS, ConnectedTenants, ConnectTenants, Tenant
from polpo.features.tenants.routes import tenants
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.store.session import Session

routes = Routes("tenants")


@routes.post("/tenants/connections", Permission.TENANT_EDIT)
def connect_tenants(call: Call, body: ConnectTenants) -> ConnectedTenants:
    """Connect several tenants to environments of projects, all or none; the connections that they have stay"""
    if faults := _faults(call.session, call.space, body):
        raise Invalid(faults[0], faults)
    changed = []
    for identity in dict.fromkeys([*body.tenant_ids, *_tagged(call, body.tenant_tags)]):
        tenant = tenants.find(call, identity)
        if _connect(tenant, body.project_environments):
            tenants.replace(call, tenant.id, tenant)
            changed.append(tenant.id)
    return ConnectedTenants(tenant_ids=changed)


def _tagged(call: Call, tags: list[str]) -> list[str]:
    """Those with the tags that the caller may change."""
    reached = call.narrowed(Permission.TENANT_EDIT, protection_of(TENANTS))
    if not tags:
        return []
    table = TENANTS.table.c
    wanted = known_tags(call.session, call.space, tags)
    found = call.session.all(TENANTS, table.space_id == call.space, tag_condition(table.tag_lines, wanted), *reached)
    return [one.id for one in found]


def _faults(session: Session, space_id: str, body: ConnectTenants) -> list[str]:
    faults = []
    if not body.tenant_ids and not body.tenant_tags:
        faults.append("TenantIds: choose the tenants that are to be connected.")
    if not body.project_environments:
        faults.append("ProjectEnvironments: choose a project that they are to be connected to.")
    table = TENANTS.table.c
    known = {one.id for one in session.all(TENANTS, table.space_id == space_id, table.id.in_(body.tenant_ids))}
    faults += [f"TenantIds: there is no tenant '{one}' in this space." for one in body.tenant_ids if one not in known]
    return faults


def _connect(tenant: Tenant, wanted: dict[str, list[str]]) -> bool:
    """Whether the tenant is other than it was."""
    is_changed = False
    for project_id, environment_ids in wanted.items():
        known = tenant.project_environments.get(project_id)
        after = list(dict.fromkeys([*(known or []), *environment_ids]))
        is_changed = is_changed or after != known
        tenant.project_environments[project_id] = after
    return is_changed
