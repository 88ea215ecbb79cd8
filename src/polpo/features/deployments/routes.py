"""Routes of deployments: create, list, read, preview."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from polpo.engine import Engine, TaskRecord, server_task
from polpo.features.deploymentfreezes.service import Override
from polpo.features.deployments import commands, previewing, service
from polpo.features.deployments.repeating import wish_to_repeat
from polpo.features.deployments.rescheduling import RescheduleDeploymentCommand, reschedule
from polpo.features.deployments.resource import (
    DEPLOYMENTS,
    CreatedDeploymentsV1,
    CreateDeploymentFreezeOverrideCommand,
    CreateDeploymentFreezeOverrideResponse,
    CreateDeploymentsV1,
    CreateTenantedDeploymentsV1,
    Deployment,
    DeploymentPreview,
    DeploymentPreviewRequest,
    DeploymentPreviewRequests,
    DeploymentServerTask,
    ReleaseDeploymentTemplate,
)
from polpo.features.deployments.tenanted import tenanted_wishes_of
from polpo.features.releases.resource import Release
from polpo.features.releases.service import find_release
from polpo.features.tasks.prioritizing import require_prioritizing
from polpo.features.tasks.rerunning import repeatable
from polpo.features.tasks.resuming import resumable
from polpo.features.tasks.service import states_named
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import column_filter, stamp
from polpo.rest.links import present
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.steps.work import Catalogue
from polpo.store.session import Session, Where

routes = Routes("deployments")

_VIEW, _CREATE = Permission.DEPLOYMENT_VIEW, Permission.DEPLOYMENT_CREATE
_t = DEPLOYMENTS.table
_FILTERS = {
    "ids": _t.c.id,
    "projects": _t.c.project_id,
    "environments": _t.c.environment_id,
    "releases": _t.c.release_id,
    "channels": _t.c.channel_id,
    "tenants": _t.c.tenant_id,
}


@routes.get(
    "/deployments",
    _VIEW,
    query=(*_FILTERS, "taskState", "partialName"),
    response=Deployment,
    paged=True,
    depends=(DEPLOYMENTS.name, "ServerTasks"),
)
def list_deployments(call: Call) -> Page[Deployment]:
    """List deployments, newest first"""
    where: list[Where] = [_t.c.space_id == call.space]
    for parameter, column in _FILTERS.items():
        if values := call.texts(parameter):
            where.append(column_filter(column)(call.session, values))
    if states := call.texts("taskState"):
        ended = sa.select(server_task.c.id).where(server_task.c.state.in_(states_named(states)))
        where.append(_t.c.task_id.in_(ended))
    if partial := call.text("partialName"):
        where.append(_t.c.name_key.contains(partial.casefold(), autoescape=True))
    return _newest(call, where)


@routes.put("/deployments/{id}", _CREATE)
def replace_deployment(call: Call, id: str, body: Deployment) -> Deployment:
    """Change the comments of a deployment; all else of it is history"""
    deployment = _deployment(call, id)
    deployment.comments = body.comments
    stamp(call, deployment)
    return call.session.update(DEPLOYMENTS, deployment)


@routes.get("/deployments/{id}", _VIEW, depends=(DEPLOYMENTS.name,))
def read_deployment(call: Call, id: str) -> Deployment:
    """Get a deployment"""
    return _deployment(call, id)


@routes.post("/deployments", _CREATE, status=201)
def create(call: Call, body: Deployment) -> Deployment:
    """Deploy a release to an environment"""
    wish = commands.wish_of(call.session, call.space, body)
    return _create(call, wish)


@routes.post("/deployments/override", _CREATE, status=201)
def create_in_freeze(call: Call, body: CreateDeploymentFreezeOverrideCommand) -> CreateDeploymentFreezeOverrideResponse:
    """Deploy a release to an environment in spite of freezes"""
    wish = commands.wish_of(call.session, call.space, body.create_deployment_command)
    wish = replace(wish, override=Override(body.freeze_ids, body.reason))
    return CreateDeploymentFreezeOverrideResponse(deployment=present(_create(call, wish)))


@routes.delete("/deployments/{id}", Permission.DEPLOYMENT_DELETE)
def delete(call: Call, id: str) -> None:
    """Delete a deployment that has ended"""
    call.session.delete(DEPLOYMENTS, _deployment(call, id).id)


@routes.post("/deployments/{id}/schedule", _CREATE)
def change_schedule(call: Call, id: str, body: RescheduleDeploymentCommand) -> Deployment:
    """Give a deployment that has not begun another time"""
    deployment = _deployment(call, id)
    stamp(call, deployment)
    return reschedule(call.session, call.parts.get(Engine), deployment, body)


@routes.post("/deployments/create/untenanted/v1", _CREATE, asks_scope=True)
async def create_by_names(call: Call, body: CreateDeploymentsV1) -> CreatedDeploymentsV1:
    """Deploy a release to one or several environments; everything is named by id, slug or name"""
    return await _create_all(call, body, lambda session: commands.wishes_of(session, call.space, body))


@routes.post("/deployments/create/tenanted/v1", _CREATE, asks_scope=True)
async def create_for_tenants(call: Call, body: CreateTenantedDeploymentsV1) -> CreatedDeploymentsV1:
    """Deploy a release to an environment for one or several tenants; everything is named by id, slug or name"""
    return await _create_all(call, body, lambda session: tenanted_wishes_of(session, call.space, body))


# -- of a release


@routes.get("/releases/{id}/deployments", _VIEW, response=Deployment, paged=True)
def deployments_of_release(call: Call, id: str) -> Page[Deployment]:
    """List the deployments of a release, newest first"""
    return _newest(call, [_t.c.release_id == find_release(call.session, call.space, id).id])


@routes.get("/releases/{id}/deployments/template", _VIEW, alternatives=(_CREATE,))
def template(call: Call, id: str) -> ReleaseDeploymentTemplate:
    """Say where a release may be deployed to, of the places that you may look at or deploy to"""
    release = find_release(call.session, call.space, id)
    call.require_one((_VIEW, _CREATE), call.about(project_id=release.project_id), ["Projects"])
    found = previewing.template(call.session, release)
    found.promote_to = [one for one in found.promote_to if _may_look(call, release, one.id, None)]
    for tenant in found.tenant_promotions:
        tenant.promote_to = [one for one in tenant.promote_to if _may_look(call, release, one.id, tenant.id)]
    found.tenant_promotions = [one for one in found.tenant_promotions if one.promote_to]
    return found


def _may_look(call: Call, release: Release, environment_id: str, tenant_id: str | None) -> bool:
    place = {"project_id": release.project_id, "environment_id": environment_id, "tenant_id": tenant_id}
    return call.may(_VIEW, **place) or call.may(_CREATE, **place)


_PREVIEW: dict[str, Any] = {"query": ("includeDisabledSteps",), "alternatives": (_CREATE,)}


@routes.get("/releases/{id}/deployments/preview/{environment}", _VIEW, **_PREVIEW)
def preview(call: Call, id: str, environment: str) -> DeploymentPreview:
    """Show what a deployment would do"""
    wanted = DeploymentPreviewRequest(environment, None, call.flag("includeDisabledSteps"))
    return _preview(call, find_release(call.session, call.space, id), wanted)


@routes.get("/releases/{id}/deployments/preview/{environment}/{tenant}", _VIEW, **_PREVIEW)
def preview_for_tenant(call: Call, id: str, environment: str, tenant: str) -> DeploymentPreview:
    """Show what a deployment for a tenant would do"""
    wanted = DeploymentPreviewRequest(environment, tenant, call.flag("includeDisabledSteps"))
    return _preview(call, find_release(call.session, call.space, id), wanted)


@routes.post("/releases/{id}/deployments/previews", _VIEW, alternatives=(_CREATE,))
def previews(call: Call, id: str, body: DeploymentPreviewRequests) -> Sequence[DeploymentPreview]:
    """Show what deployments to several environments would do"""
    release = find_release(call.session, call.space, id)
    for wanted in body.deployment_previews:
        wanted.include_disabled_steps |= body.include_disabled_steps
    return [_preview(call, release, wanted) for wanted in body.deployment_previews]


def _preview(call: Call, release: Release, wanted: DeploymentPreviewRequest) -> DeploymentPreview:
    place = {"environment_id": wanted.environment_id, "tenant_id": wanted.tenant_id}
    call.require_one((_VIEW, _CREATE), call.about(project_id=release.project_id, **place))
    return previewing.preview(call.session, call.parts.get(Catalogue), call.caller, release, wanted)


async def _create_all(
    call: Call, command: CreateDeploymentsV1, wishes: Callable[[Session], list[service.Wish]]
) -> CreatedDeploymentsV1:
    """All of them are made, or none. Hundreds take seconds to be asked about, which holds nobody up: only then is
    written, and that is short. New variables for the release are written first, so then all is one transaction.
    """

    def draft(here: Call) -> list[service.Draft]:
        wanted = wishes(here.session)
        if command.update_variable_snapshot:
            here.require(Permission.RELEASE_EDIT, project_id=wanted[0].release.project_id)
        return [_draft(here, wish) for wish in wanted]

    def look() -> list[service.Draft]:
        with call.reading() as reading:
            return draft(reading)

    def store(here: Call, drafts: list[service.Draft]) -> CreatedDeploymentsV1:
        engine = here.parts.get(Engine)
        made = [service.store_deployment(here.session, engine, one) for one in drafts]
        tasks = [DeploymentServerTask(deployment_id=one.id, server_task_id=one.task_id) for one in made]
        return CreatedDeploymentsV1(deployment_server_tasks=tasks)

    if command.update_variable_snapshot:
        return await call.write(lambda here: store(here, draft(here)))
    drafts = await asyncio.to_thread(look)
    return await call.write(lambda here: store(here, drafts))


def _create(call: Call, wish: service.Wish) -> Deployment:
    return service.store_deployment(call.session, call.parts.get(Engine), _draft(call, wish))


def _draft(call: Call, wish: service.Wish) -> service.Draft:
    tenant_id = wish.tenant.id if wish.tenant else None
    release = wish.release
    place = {"environment_id": wish.environment.id, "tenant_id": tenant_id}
    call.require(_CREATE, space_id=release.space_id, project_id=release.project_id, **place)
    require_prioritizing(call, wish.priority, release.space_id)
    return service.draft_deployment(call.session, call.parts.get(Catalogue), call.caller, wish)


def _run_again(call: Call, task: TaskRecord) -> str:
    deployment = call.session.get(DEPLOYMENTS, str(task.arguments["DeploymentId"]))
    return _create(call, wish_to_repeat(call.session, deployment)).task_id


def _resume(call: Call, task: TaskRecord, include_excluded: bool) -> str:
    deployment = call.session.get(DEPLOYMENTS, str(task.arguments["DeploymentId"]))
    wish = wish_to_repeat(call.session, deployment)
    return _create(call, replace(wish, resumed_from=task.id, include_excluded=include_excluded)).task_id


repeatable(service.TASK_KIND, _run_again)
resumable(service.TASK_KIND, _resume)


def _deployment(call: Call, identity: str) -> Deployment:
    found = call.session.first(DEPLOYMENTS, _t.c.id == identity, _t.c.space_id == call.space)
    if found is None:
        raise NotFound(f"There is no deployment with the id '{identity}' in this space.")
    call.guard(DEPLOYMENTS, found)
    return found


def _newest(call: Call, where: list[Where]) -> Page[Deployment]:
    paging = call.paging
    where = [*where, *call.narrowed(_VIEW, protection_of(DEPLOYMENTS))]
    found = call.session.page(DEPLOYMENTS, *where, order=[_t.c.seq.desc()], skip=paging.skip, take=paging.take)
    return stored_page(DEPLOYMENTS, found, paging)
