"""Tenant variables over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.tenants.connections import connected_to_projects
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.features.tenants.routes import tenants
from polpo.features.tenants.templates import Owners, templates_for
from polpo.features.tenants.variableforms import (
    CommonVariablePayload,
    ModifyTenantCommonVariables,
    ModifyTenantProjectVariables,
    ProjectVariablePayload,
    TenantCommonVariables,
    TenantProjectVariables,
    TenantsMissingVariables,
    TenantVariables,
    common_form,
    missing_form,
    older_form,
    project_form,
    wanted_libraries,
    wanted_of,
    wanted_projects,
)
from polpo.features.tenants.variableguards import require_changes, visible_owners
from polpo.features.tenants.variables import (
    TenantValueSet,
    connected_values,
    missing_values,
    replace_values,
    values_of,
    values_of_tenants,
)
from polpo.kernel.errors import Conflict
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.store.session import Where

routes = Routes("tenants")

_VIEW, _EDIT = Permission.TENANT_VIEW, Permission.VARIABLE_EDIT


def _known(call: Call, identity: str) -> tuple[Tenant, Owners, TenantValueSet]:
    tenant = tenants.find(call, identity)
    owners = visible_owners(call, templates_for(call.session, [tenant]).owners(tenant))
    return tenant, owners, values_of(call.session, tenant)


@routes.get("/tenants/{id}/variables", _VIEW)
def variables(call: Call, id: str) -> TenantVariables:
    """Get what a tenant gives to the templates of its projects and library sets, by project and environment"""
    return older_form(*_known(call, id))


@routes.put("/tenants/{id}/variables", _EDIT)
@routes.post("/tenants/{id}/variables", _EDIT)
def replace_variables(call: Call, id: str, body: TenantVariables) -> TenantVariables:
    """Replace what a tenant gives to the templates of its projects and library sets"""
    tenant, owners, stored = _known(call, id)
    if body.concurrency_token and body.concurrency_token != str(stored.version):
        raise Conflict(
            f"The variables of {tenant.name} were changed in the meantime; read them again and repeat your change."
        )
    projects, libraries = wanted_projects(body, owners, stored), wanted_libraries(body, owners, stored)
    replace_values(call.session, tenant, owners.projects, projects, "project")
    made = replace_values(call.session, tenant, owners.libraries, libraries, "library variable set")
    require_changes(call, owners, stored, made)
    return older_form(*_known(call, id))


@routes.get("/tenants/{id}/projectvariables", _VIEW, query=("includeMissingVariables",))
def project_variables(call: Call, id: str) -> TenantProjectVariables:
    """Get what a tenant gives to the templates of its projects"""
    return project_form(*_known(call, id), with_missing=call.flag("includeMissingVariables"))


@routes.put("/tenants/{id}/projectvariables", _EDIT, query=("includeMissingVariables",))
def replace_project_variables(call: Call, id: str, body: ModifyTenantProjectVariables) -> TenantProjectVariables:
    """Replace what a tenant gives to the templates of its projects"""
    tenant, owners, stored = _known(call, id)
    wanted = wanted_of(body.variables, _owner_of)
    made = replace_values(call.session, tenant, owners.projects, wanted, "project")
    require_changes(call, owners, stored, made)
    return project_form(*_known(call, id), with_missing=call.flag("includeMissingVariables"))


@routes.get("/tenants/{id}/commonvariables", _VIEW, query=("includeMissingVariables",))
def common_variables(call: Call, id: str) -> TenantCommonVariables:
    """Get what a tenant gives to the templates of library sets"""
    return common_form(*_known(call, id), with_missing=call.flag("includeMissingVariables"))


@routes.put("/tenants/{id}/commonvariables", _EDIT, query=("includeMissingVariables",))
def replace_common_variables(call: Call, id: str, body: ModifyTenantCommonVariables) -> TenantCommonVariables:
    """Replace what a tenant gives to the templates of library sets"""
    tenant, owners, stored = _known(call, id)
    wanted = wanted_of(body.variables, _owner_of)
    made = replace_values(call.session, tenant, owners.libraries, wanted, "library variable set")
    require_changes(call, owners, stored, made)
    return common_form(*_known(call, id), with_missing=call.flag("includeMissingVariables"))


def _owner_of(payload: ProjectVariablePayload | CommonVariablePayload) -> str:
    return payload.project_id if isinstance(payload, ProjectVariablePayload) else payload.library_variable_set_id


@routes.get("/tenantvariables/all", _VIEW, query=("projectId",))
def every_tenants_variables(call: Call) -> Sequence[TenantVariables]:
    """The variables of all tenants, or of those that are connected to a project"""
    found, owners, values = _several(call, [])
    return [older_form(tenant, owners[tenant.id], values[tenant.id]) for tenant in found]


@routes.get("/tenants/variables-missing", _VIEW, query=("tenantId", "projectId", "environmentId", "includeDetails"))
def missing(call: Call) -> Sequence[TenantsMissingVariables]:
    """The tenants that lack a value which a deployment would need"""
    ids, places = call.texts("tenantId"), call.texts("environmentId")
    projects = call.texts("projectId")
    found, owners, values = _several(call, [TENANTS.table.c.id.in_(ids)] if ids else [])
    hides_details = (call.text("includeDetails") or "").lower() == "false"
    answers = []
    for tenant in found:
        own = owners[tenant.id]
        lacking = [
            missing_form(one)
            for one in missing_values(list(connected_values(values[tenant.id].values, own)), own)
            if (not projects or one.owner.is_library or one.owner.id in projects)
            and (not places or one.environment_id is None or one.environment_id in places)
        ]
        if lacking:
            links = {"Self": f"/api/{tenant.space_id}/tenants/{tenant.id}/variables"}
            answers.append(TenantsMissingVariables(tenant.id, [] if hides_details else lacking, links))
    return answers


def _several(call: Call, where: list[Where]) -> tuple[list[Tenant], dict[str, Owners], dict[str, TenantValueSet]]:
    session = call.session
    if projects := call.texts("projectId"):
        where.append(connected_to_projects(session, projects))
    where += call.narrowed(_VIEW, protection_of(TENANTS))
    found = session.all(TENANTS, TENANTS.table.c.space_id == call.space, *where)
    templates = templates_for(session, found)
    owners = {tenant.id: visible_owners(call, templates.owners(tenant)) for tenant in found}
    return found, owners, values_of_tenants(session, found)
