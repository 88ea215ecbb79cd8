"""Runs of runbooks of projects in Git over HTTP, and what they would do."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.deployments.resource import DeploymentPreviewRequests
from polpo.features.git.documents import Snapshot
from polpo.features.git.runbooks import find_runbook, find_runbook_by_any_name
from polpo.features.git.service import open_project
from polpo.features.projects.service import find_project_by_any_name
from polpo.features.runbookruns.commands import (
    GitRunbookRunCommandV1,
    RunbookRunGit,
    RunbookRunPreview,
    RunbookRunResponseV1,
    RunbookRunServerTask,
    RunGitRunbookParameters,
)
from polpo.features.runbookruns.fromgit import (
    RunbookAtCommit,
    at_commit,
    chosen_packages,
    freeze_commit,
    subject_of_commit,
)
from polpo.features.runbookruns.previewing import preview_of, require_place
from polpo.features.runbookruns.routes import start_run
from polpo.features.runbookruns.wishes import wishes_to_run, wishes_with
from polpo.features.runbooksnapshots.resource import RunbookSnapshotTemplate
from polpo.features.runbooksnapshots.service import snapshot_template
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.steps.work import Catalogue

routes = Routes("runbooks")

_VIEW, _CREATE = Permission.RUNBOOK_RUN_VIEW, Permission.RUNBOOK_RUN_CREATE
_ONE = "/projects/{project_id}/{git_ref}/runbooks/{id}"


@routes.post("/runbook-runs/git/create/v1", _CREATE, asks_scope=True)
async def create_from_git_by_names(call: Call, body: GitRunbookRunCommandV1) -> RunbookRunResponseV1:
    """Run a runbook as it is on a branch, at a tag or at a commit; everything is named by id, slug or name"""
    for what, text in (("ProjectName", body.project_name), ("RunbookName", body.runbook_name)):
        if not text.strip():
            raise Invalid(f"{what} is missing; name it by id, slug or name.")
    with call.reading() as reading:
        project = find_project_by_any_name(reading.session, call.space, body.project_name)
    repository = open_project(call, project.id)
    git_ref = (body.git_ref or "").strip() or repository.settings.default_branch or ""

    def found(snapshot: Snapshot) -> RunbookAtCommit:
        return at_commit(snapshot, find_runbook_by_any_name(snapshot, body.runbook_name))

    try:
        source = await repository.read(git_ref, found, refresh=True)
    except NotFound as error:
        raise Invalid(error.message, [error.message]) from error
    return await call.write(lambda writing: _started(writing, source, body))


def _started(call: Call, source: RunbookAtCommit, body: GitRunbookRunCommandV1) -> RunbookRunResponseV1:
    snapshot = freeze_commit(call, source, chosen_packages(source, body))
    runs = [start_run(call, wish) for wish in wishes_to_run(call.session, source.runbook, snapshot, body)]
    return RunbookRunResponseV1(
        runbook_run_server_tasks=[
            RunbookRunServerTask(runbook_run_id=one.id, server_task_id=one.task_id) for one in runs
        ]
    )


@routes.post(f"{_ONE}/run/v1", _CREATE, status=201, asks_scope=True)
async def run_at_reference(
    call: Call, project_id: str, git_ref: str, id: str, body: RunGitRunbookParameters
) -> RunbookRunGit:
    """Run a runbook as it is on a branch, at a tag or at a commit, in one or several places"""
    source = await _read(call, project_id, git_ref, id)

    def started(writing: Call) -> RunbookRunGit:
        snapshot = freeze_commit(writing, source, body.selected_packages)
        wishes = [wish for one in body.runs for wish in wishes_with(writing, source.runbook, snapshot, one)]
        return RunbookRunGit(resources=[start_run(writing, wish) for wish in wishes])

    return await call.write(started)


@routes.get(f"{_ONE}/runbookRuns/preview/{{environment}}", _VIEW, query=("includeDisabledSteps",), asks_scope=True)
async def preview_at_reference(
    call: Call, project_id: str, git_ref: str, id: str, environment: str
) -> RunbookRunPreview:
    """Show what a run of a runbook would do"""
    source = await _read(call, project_id, git_ref, id)
    with call.reading() as reading:
        return _preview(reading, source, environment, disabled=call.flag("includeDisabledSteps"))


@routes.post(f"{_ONE}/runbookRuns/previews", _VIEW, asks_scope=True)
async def previews_at_reference(
    call: Call, project_id: str, git_ref: str, id: str, body: DeploymentPreviewRequests
) -> Sequence[RunbookRunPreview]:
    """Show what runs of a runbook in several places would do"""
    source = await _read(call, project_id, git_ref, id)
    with call.reading() as reading:
        return [
            _preview(
                reading,
                source,
                wanted.environment_id,
                disabled=body.include_disabled_steps or wanted.include_disabled_steps,
            )
            for wanted in body.deployment_previews
        ]


def _preview(call: Call, source: RunbookAtCommit, environment_id: str, *, disabled: bool) -> RunbookRunPreview:
    require_place(call, source.runbook, environment_id, None)
    return preview_of(
        call.session,
        call.parts.get(Catalogue),
        call.caller,
        source.runbook,
        environment_id,
        None,
        lambda: subject_of_commit(call.session, source, environment_id),
        disabled=disabled,
    )


@routes.get(f"{_ONE}/runbookSnapshotTemplate", Permission.RUNBOOK_VIEW, asks_scope=True)
async def snapshot_template_at_reference(call: Call, project_id: str, git_ref: str, id: str) -> RunbookSnapshotTemplate:
    """What a form for a run of a runbook shows: the packages that need a version"""
    source = await _read(call, project_id, git_ref, id)
    with call.reading() as reading:
        template = snapshot_template(reading, source.runbook, source.process, None)
    template.links["Self"] = call.request.url.path
    return template


async def _read(call: Call, project_id: str, git_ref: str, named: str) -> RunbookAtCommit:
    def found(snapshot: Snapshot) -> RunbookAtCommit:
        return at_commit(snapshot, find_runbook(snapshot, named))

    return await open_project(call, project_id).read(git_ref, found, refresh=True)
