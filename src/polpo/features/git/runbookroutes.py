"""Runbooks of a project in Git over HTTP, on a branch, at a tag or at a commit."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.git.documents import Snapshot
from polpo.features.git.editing import Files, change
from polpo.features.git.resource import CommitCommand, ModifyRunbookCommand, ModifyRunbookProcessCommand
from polpo.features.git.runbooks import (
    created_file,
    deleted_file,
    find_runbook,
    page_of_runbooks,
    process_file,
    replaced_file,
)
from polpo.features.git.service import open_project
from polpo.features.runbooks.resource import Runbook, RunbookProcess
from polpo.features.runbooks.service import environments_of
from polpo.rest.answers import Page
from polpo.rest.binding import bind
from polpo.rest.bodies import whole
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("git")

_VIEW, _EDIT = Permission.RUNBOOK_VIEW, Permission.RUNBOOK_EDIT
_AT = "/projects/{project_id}/{git_ref}"
_LIST = ("skip", "take", "partialName", "refresh")
_REFRESH = ("refresh",)


@routes.get(f"{_AT}/runbooks", _VIEW, paged=True, response=Runbook, query=_LIST, asks_scope=True)
async def list_runbooks(call: Call, project_id: str, git_ref: str) -> Page[Runbook]:
    """List the runbooks on a branch, at a tag or at a commit"""
    part, paging = call.text("partialName"), call.paging

    def listed(snapshot: Snapshot) -> Page[Runbook]:
        return page_of_runbooks(snapshot, part, paging)

    return await open_project(call, project_id).read(git_ref, listed, refresh=call.flag("refresh"))


@routes.post(f"{_AT}/runbooks/v2", _EDIT, status=201, response=Runbook, asks_scope=True)
async def create_runbook(call: Call, project_id: str, git_ref: str, body: ModifyRunbookCommand) -> Runbook:
    """Create a runbook on a branch"""
    made: list[str] = []

    def files(snapshot: Snapshot) -> Files:
        slug, changes = created_file(snapshot, body)
        made.append(slug)
        return changes

    def created(snapshot: Snapshot) -> Runbook:
        return find_runbook(snapshot, made[-1]).runbook

    message = body.change_description or f"Create runbook {body.name}"
    return await change(open_project(call, project_id), git_ref, message, files, created)


@routes.get(f"{_AT}/runbooks/{{id}}", _VIEW, query=_REFRESH, asks_scope=True)
async def get_runbook(call: Call, project_id: str, git_ref: str, id: str) -> Runbook:
    """Get a runbook by its id or slug on a branch, at a tag or at a commit"""

    def found(snapshot: Snapshot) -> Runbook:
        return find_runbook(snapshot, id).runbook

    return await open_project(call, project_id).read(git_ref, found, refresh=call.flag("refresh"))


@routes.put(f"{_AT}/runbooks/{{id}}", _EDIT, response=Runbook, asks_scope=True)
async def replace_runbook(call: Call, project_id: str, git_ref: str, id: str, body: ModifyRunbookCommand) -> Runbook:
    """Replace the settings of a runbook on a branch"""

    def files(snapshot: Snapshot) -> Files:
        return replaced_file(snapshot, id, body)

    def replaced(snapshot: Snapshot) -> Runbook:
        return find_runbook(snapshot, id).runbook

    message = body.change_description or f"Update runbook {body.name}"
    return await change(open_project(call, project_id), git_ref, message, files, replaced)


@routes.delete(f"{_AT}/runbooks/{{id}}", _EDIT, asks_scope=True)
async def delete_runbook(call: Call, project_id: str, git_ref: str, id: str) -> None:
    """Delete a runbook on a branch; the body may say why"""
    sent = await whole(call.request)
    told = bind(CommitCommand, sent) if sent.strip() else CommitCommand()

    def files(snapshot: Snapshot) -> Files:
        return deleted_file(snapshot, id)

    message = told.change_description or f"Delete runbook {id}"
    await change(open_project(call, project_id), git_ref, message, files, lambda _: None)


@routes.get(f"{_AT}/runbooks/{{id}}/environments", _VIEW, query=_REFRESH, asks_scope=True)
async def runbook_environments(call: Call, project_id: str, git_ref: str, id: str) -> Sequence[Environment]:
    """The environments in which a runbook may run"""

    def found(snapshot: Snapshot) -> list[Environment]:
        found = environments_of(snapshot.session, find_runbook(snapshot, id).runbook)
        return call.reached(ENVIRONMENTS, found, Permission.ENVIRONMENT_VIEW)

    return await open_project(call, project_id).read(git_ref, found, refresh=call.flag("refresh"))


@routes.get(f"{_AT}/runbookProcesses/{{id}}", _VIEW, query=_REFRESH, asks_scope=True)
async def get_runbook_process(call: Call, project_id: str, git_ref: str, id: str) -> RunbookProcess:
    """Get the process of a runbook on a branch, at a tag or at a commit"""

    def found(snapshot: Snapshot) -> RunbookProcess:
        return find_runbook(snapshot, id).process

    return await open_project(call, project_id).read(git_ref, found, refresh=call.flag("refresh"))


@routes.put(f"{_AT}/runbookProcesses/{{id}}", _EDIT, response=RunbookProcess, asks_scope=True)
async def replace_runbook_process(
    call: Call, project_id: str, git_ref: str, id: str, body: ModifyRunbookProcessCommand
) -> RunbookProcess:
    """Replace the process of a runbook on a branch; Version must be the one that was read"""

    def files(snapshot: Snapshot) -> Files:
        return process_file(snapshot, id, body)

    def replaced(snapshot: Snapshot) -> RunbookProcess:
        return find_runbook(snapshot, id).process

    message = body.change_description or "Update runbook process"
    return await change(open_project(call, project_id), git_ref, message, files, replaced)
