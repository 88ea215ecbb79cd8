"""Live status over HTTP: the honest answer of a server that no monitor reports to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.projects.service import find_project
from polpo.features.tenants.resource import TENANTS
from polpo.kernel.errors import NotFound
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource
from polpo.store.kinds import Kind

routes = Routes("observability")

_VIEW = Permission.DEPLOYMENT_VIEW
_PATH = "/projects/{project}/environments/{environment}"


class LiveStatusSummary(Resource):
    status: str
    sync_status: str
    last_updated: datetime


class KubernetesMachineLiveStatus(Resource):
    machine_id: str
    status: str
    resources: list[dict[str, Any]]


class GetLiveStatusResponse(Resource):
    machine_statuses: list[KubernetesMachineLiveStatus]
    summary: LiveStatusSummary


@routes.get(_PATH + "/untenanted/livestatus", _VIEW, query=("summaryOnly",))
def live_status(call: Call, project: str, environment: str) -> GetLiveStatusResponse:
    """Say what is known of a project's resources in an environment's clusters"""
    _require_place(call, project, environment)
    return _unknown(call)


@routes.get(_PATH + "/tenants/{tenant}/livestatus", _VIEW, query=("summaryOnly",))
def live_status_of_tenant(call: Call, project: str, environment: str, tenant: str) -> GetLiveStatusResponse:
    """Say what is known of a tenant's resources in an environment's clusters"""
    _require_place(call, project, environment, tenant)
    return _unknown(call)


def _unknown(call: Call) -> GetLiveStatusResponse:
    summary = LiveStatusSummary(status="Unknown", sync_status="Unknown", last_updated=call.clock.now())
    return GetLiveStatusResponse(machine_statuses=[], summary=summary)


def _require_place(call: Call, project: str, environment: str, tenant: str | None = None) -> None:
    """All of them are there, and the caller may look at deployments of the project there."""
    project_id = find_project(call.session, call.space, project).id
    environment_id = _found(call, ENVIRONMENTS, environment).id
    tenant_id = _found(call, TENANTS, tenant).id if tenant is not None else None
    call.require(_VIEW, project_id=project_id, environment_id=environment_id, tenant_id=tenant_id)


def _found(call: Call, kind: Kind[Any], named: str) -> Any:
    table = kind.table
    for column in ("id", "slug"):
        found = call.session.first(kind, table.c[column] == named, table.c.space_id == call.space)
        if found is not None:
            return found
    raise NotFound(f"There is no {kind.singular} with the id or slug '{named}' in this space.")
