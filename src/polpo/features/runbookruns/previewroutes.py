"""Previews of runs over HTTP: of a snapshot, and of a runbook as it is now; and where a runbook may run."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.deployments.resource import DeploymentPreviewRequests
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.projects.service import project_for
from polpo.features.runbookruns.commands import RunbookRunPreview, RunbookRunTemplate
from polpo.features.runbookruns.previewing import preview_draft, preview_snapshot, require_place, run_template
from polpo.features.runbookruns.tenancy import tenants_for
from polpo.features.runbooks.resource import RUNBOOKS, Runbook
from polpo.features.runbooks.service import find_runbook, find_runbook_of
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot
from polpo.features.runbooksnapshots.service import find_snapshot, newest_snapshot, runbook_of_snapshot
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.steps.work import Catalogue

routes = Routes("runbooks")

_VIEW = Permission.RUNBOOK_RUN_VIEW
_QUERY = ("includeDisabledSteps",)


# -- of a snapshot


@routes.get("/runbookSnapshots/{id}/runbookRuns/template", _VIEW)
def template_of_snapshot(call: Call, id: str) -> RunbookRunTemplate:
    """Say where a snapshot may be run"""
    snapshot = _snapshot(call, id)
    return run_template(call, _runbook_of(call, snapshot), snapshot)


@routes.get("/runbookSnapshots/{id}/runbookRuns/preview/{environment}", _VIEW, query=_QUERY)
def preview_of_snapshot(call: Call, id: str, environment: str) -> RunbookRunPreview:
    """Show what a run of a snapshot would do"""
    return _of_snapshot(call, _snapshot(call, id), environment, None, _disabled(call))


@routes.get("/runbookSnapshots/{id}/runbookRuns/preview/{environment}/{tenant}", _VIEW, query=_QUERY)
def tenant_preview_of_snapshot(call: Call, id: str, environment: str, tenant: str) -> RunbookRunPreview:
    """Show what a run of a snapshot for a tenant would do"""
    return _of_snapshot(call, _snapshot(call, id), environment, tenant, _disabled(call))


@routes.post("/runbookSnapshots/{id}/runbookRuns/previews", _VIEW)
def previews_of_snapshot(call: Call, id: str, body: DeploymentPreviewRequests) -> Sequence[RunbookRunPreview]:
    """Show what runs of a snapshot in several places would do"""
    snapshot = _snapshot(call, id)
    return [
        _of_snapshot(
            call,
            snapshot,
            wanted.environment_id,
            wanted.tenant_id,
            body.include_disabled_steps or wanted.include_disabled_steps,
        )
        for wanted in body.deployment_previews
    ]


# -- of a runbook as it is now


@routes.get("/runbooks/{id}/runbookRunTemplate", _VIEW)
def template_of_runbook(call: Call, id: str) -> RunbookRunTemplate:
    """Say where a runbook may run; compares with what is published"""
    runbook = _runbook_by_id(call, id)
    published = call.session.find(RUNBOOK_SNAPSHOTS, runbook.published_runbook_snapshot_id)
    return run_template(call, runbook, published or newest_snapshot(call.session, runbook.id))


@routes.get("/runbooks/{id}/runbookRuns/preview/{environment}", _VIEW, query=_QUERY)
def preview_of_runbook(call: Call, id: str, environment: str) -> RunbookRunPreview:
    """Show what a run of a runbook as it is now would do"""
    return _of_runbook(call, _runbook_by_id(call, id), environment, None, _disabled(call))


@routes.get("/runbooks/{id}/runbookRuns/preview/{environment}/{tenant}", _VIEW, query=_QUERY)
def tenant_preview_of_runbook(call: Call, id: str, environment: str, tenant: str) -> RunbookRunPreview:
    """Show what a run of a runbook for a tenant would do"""
    return _of_runbook(call, _runbook_by_id(call, id), environment, tenant, _disabled(call))


@routes.post("/runbooks/{id}/runbookRuns/previews", _VIEW)
def previews_of_runbook(call: Call, id: str, body: DeploymentPreviewRequests) -> Sequence[RunbookRunPreview]:
    """Show what runs of a runbook in several places would do"""
    return _several(call, _runbook_by_id(call, id), body)


@routes.get("/projects/{project_id}/runbooks/{id}/runbookRuns/preview/{environment}", _VIEW, query=_QUERY)
def preview_in_project(call: Call, project_id: str, id: str, environment: str) -> RunbookRunPreview:
    """Show what a run of a project's runbook as it is now would do"""
    return _of_runbook(call, _in_project(call, project_id, id), environment, None, _disabled(call))


@routes.get("/projects/{project_id}/runbooks/{id}/runbookRuns/preview/{environment}/{tenant}", _VIEW, query=_QUERY)
def tenant_preview_in_project(call: Call, project_id: str, id: str, environment: str, tenant: str) -> RunbookRunPreview:
    """Show what a run of a project's runbook for a tenant would do"""
    return _of_runbook(call, _in_project(call, project_id, id), environment, tenant, _disabled(call))


@routes.post("/projects/{project_id}/runbooks/{id}/runbookRuns/previews", _VIEW)
def previews_in_project(
    call: Call, project_id: str, id: str, body: DeploymentPreviewRequests
) -> Sequence[RunbookRunPreview]:
    """Show what runs of a project's runbook in several places would do"""
    return _several(call, _in_project(call, project_id, id), body)


def _several(call: Call, runbook: Runbook, body: DeploymentPreviewRequests) -> list[RunbookRunPreview]:
    return [
        _of_runbook(
            call,
            runbook,
            wanted.environment_id,
            wanted.tenant_id,
            body.include_disabled_steps or wanted.include_disabled_steps,
        )
        for wanted in body.deployment_previews
    ]


def _of_snapshot(
    call: Call, snapshot: RunbookSnapshot, environment_id: str, tenant: str | None, disabled: bool
) -> RunbookRunPreview:
    runbook = _runbook_of(call, snapshot)
    tenant_id = _checked_tenant(call, runbook, environment_id, tenant)
    catalogue, caller = call.parts.get(Catalogue), call.caller
    return preview_snapshot(
        call.session, catalogue, caller, runbook, snapshot, environment_id, tenant_id, disabled=disabled
    )


def _of_runbook(
    call: Call, runbook: Runbook, environment_id: str, tenant: str | None, disabled: bool
) -> RunbookRunPreview:
    tenant_id = _checked_tenant(call, runbook, environment_id, tenant)
    catalogue = call.parts.get(Catalogue)
    return preview_draft(call.session, catalogue, call.caller, runbook, environment_id, tenant_id, disabled=disabled)


def _checked_tenant(call: Call, runbook: Runbook, environment_id: str, tenant: str | None) -> str | None:
    """Also asks whether the caller may see runs in that place at all."""
    environment = call.session.find(ENVIRONMENTS, environment_id)
    if not tenant or environment is None:
        require_place(call, runbook, environment_id, None)
        return None
    [tenant_id] = tenants_for(call.session, runbook, environment, [tenant], [])
    require_place(call, runbook, environment_id, tenant_id)
    return tenant_id


def _disabled(call: Call) -> bool:
    return call.flag("includeDisabledSteps")


def _runbook_of(call: Call, snapshot: RunbookSnapshot) -> Runbook:
    return runbook_of_snapshot(call.session, snapshot) or find_runbook(call.session, call.space, snapshot.runbook_id)


def _snapshot(call: Call, snapshot_id: str) -> RunbookSnapshot:
    """A snapshot that the route's permission reaches, as far as it says what it concerns."""
    found = find_snapshot(call.session, call.space, snapshot_id)
    call.guard(RUNBOOK_SNAPSHOTS, found)
    return found


def _runbook_by_id(call: Call, runbook_id: str) -> Runbook:
    found = find_runbook(call.session, call.space, runbook_id)
    call.guard(RUNBOOKS, found)
    return found


def _in_project(call: Call, project_id: str, named: str) -> Runbook:
    return find_runbook_of(call.session, project_for(call, project_id), named)
