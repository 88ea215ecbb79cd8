"""Environment state over HTTP: the addresses that runs have left, and deleting what is not needed any more."""

from __future__ import annotations

from polpo.features.environmentstates.resource import EnvironmentUrl
from polpo.features.environmentstates.service import delete_state, states_of
from polpo.features.projects.service import find_project
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("environments")

_PLACE = "/projects/{project_id}/environments/{environment_id}"


@routes.get(f"{_PLACE}/urls", Permission.ENVIRONMENT_VIEW, query=("tenantId",))
def urls(call: Call, project_id: str, environment_id: str) -> list[EnvironmentUrl]:
    """The addresses that a project's runs have set for an environment"""
    project = find_project(call.session, call.space, project_id)
    call.require(Permission.ENVIRONMENT_VIEW, environment_id=environment_id)
    found = states_of(call.session, project.id, environment_id, call.text("tenantId"))
    return [EnvironmentUrl(name=one.name, url=one.value) for one in found if one.type == "Url" and not one.secret]


@routes.delete(f"{_PLACE}/untenanted/states/{{key}}", Permission.ENVIRONMENT_EDIT)
def forget(call: Call, project_id: str, environment_id: str, key: str) -> None:
    """Delete an entry of a project's state in an environment"""
    project = find_project(call.session, call.space, project_id)
    call.require(Permission.ENVIRONMENT_EDIT, environment_id=environment_id)
    delete_state(call.session, project.id, environment_id, None, key)


@routes.delete(f"{_PLACE}/tenants/{{tenant_id}}/states/{{key}}", Permission.ENVIRONMENT_EDIT)
def forget_of_tenant(call: Call, project_id: str, environment_id: str, tenant_id: str, key: str) -> None:
    """Delete an entry of a project's state in an environment, for a tenant"""
    project = find_project(call.session, call.space, project_id)
    call.require(Permission.ENVIRONMENT_EDIT, environment_id=environment_id)
    delete_state(call.session, project.id, environment_id, tenant_id, key)
