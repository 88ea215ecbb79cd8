"""A project on a branch, at a tag or at a commit: its process, settings and variables over HTTP."""

from __future__ import annotations

from polpo.features.git import editing
from polpo.features.git.documents import Snapshot
from polpo.features.git.editing import Files, change
from polpo.features.git.resource import (
    ModifyDeploymentProcessCommand,
    ModifyDeploymentSettingsCommand,
    ModifyVariableSetCommand,
)
from polpo.features.git.secretvariables import merge_secrets, merged, secrets_of
from polpo.features.git.service import open_project
from polpo.features.processes.resource import DeploymentProcess
from polpo.features.processes.service import actions_of
from polpo.features.projects.resource import DeploymentSettings, Project
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.places import Place
from polpo.features.variables.preview import Edited, explain, preview
from polpo.features.variables.resource import ReferenceDataItem, VariableExplanation, VariableSet
from polpo.features.variables.routes import named_variable
from polpo.features.variables.scopevalues import shown
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("git")

_REFRESH = ("refresh",)


@routes.get("/projects/{id}/{git_ref}/deploymentprocesses", Permission.PROCESS_VIEW, query=_REFRESH, asks_scope=True)
async def get_process(call: Call, id: str, git_ref: str) -> DeploymentProcess:
    """Get the deployment process on a branch, at a tag or at a commit"""
    return await open_project(call, id).read(git_ref, Snapshot.process, refresh=call.flag("refresh"))


@routes.put(
    "/projects/{id}/{git_ref}/deploymentprocesses", Permission.PROCESS_EDIT, response=DeploymentProcess, asks_scope=True
)
async def replace_process(call: Call, id: str, git_ref: str, body: ModifyDeploymentProcessCommand) -> DeploymentProcess:
    """Replace the deployment process on a branch; Version must be the one that was read"""
    message = body.change_description or "Update deployment process"

    def files(snapshot: Snapshot) -> Files:
        return editing.process_file(snapshot, body)

    return await change(open_project(call, id), git_ref, message, files, Snapshot.process)


@routes.get("/projects/{id}/{git_ref}/deploymentsettings", Permission.PROJECT_VIEW, query=_REFRESH, asks_scope=True)
async def get_settings(call: Call, id: str, git_ref: str) -> DeploymentSettings:
    """Get the deployment settings on a branch, at a tag or at a commit"""
    return await open_project(call, id).read(git_ref, Snapshot.settings, refresh=call.flag("refresh"))


@routes.put(
    "/projects/{id}/{git_ref}/deploymentsettings", Permission.PROJECT_EDIT, response=DeploymentSettings, asks_scope=True
)
async def replace_settings(
    call: Call, id: str, git_ref: str, body: ModifyDeploymentSettingsCommand
) -> DeploymentSettings:
    """Replace the deployment settings on a branch"""
    message = body.change_description or "Update deployment settings"

    def files(snapshot: Snapshot) -> Files:
        return editing.settings_file(snapshot, body)

    return await change(open_project(call, id), git_ref, message, files, Snapshot.settings)


@routes.get("/projects/{id}/{git_ref}/variables", Permission.VARIABLE_VIEW, query=_REFRESH, asks_scope=True)
async def get_variables(call: Call, id: str, git_ref: str) -> VariableSet:
    """Get the variables on a branch, at a tag or at a commit; sensitive ones are in the project's own set"""
    repository = open_project(call, id)
    _permitted(call, repository.project).require_set()
    return await repository.read(git_ref, lambda snapshot: _shown(call, snapshot), refresh=call.flag("refresh"))


@routes.put("/projects/{id}/{git_ref}/variables", Permission.VARIABLE_EDIT, response=VariableSet, asks_scope=True)
async def replace_variables(call: Call, id: str, git_ref: str, body: ModifyVariableSetCommand) -> VariableSet:
    """Replace the variables on a branch; sensitive ones go to the database, and those left out stay there"""
    repository = open_project(call, id)
    permitted = _permitted(call, repository.project)
    permitted.require_set(to_edit=True)
    message = body.change_description or "Update variables"

    def files(snapshot: Snapshot) -> Files:
        body.variables = merged(snapshot, permitted, body.variables)
        return editing.variables_file(snapshot, body)

    after = await change(repository, git_ref, message, files, lambda snapshot: _shown(call, snapshot))
    await call.write(lambda writing: merge_secrets(writing, repository.project, body.variables))
    return after


_PLACE = ("runbook", "environment", "channel", "tenant", "action", "machine", "role")


@routes.get("/projects/{id}/{git_ref}/variables/preview", Permission.VARIABLE_VIEW, query=_PLACE, asks_scope=True)
async def preview_variables(call: Call, id: str, git_ref: str) -> VariableSet:
    """The values that the variables on a branch, at a tag or at a commit have at a place, filled in"""
    repository = open_project(call, id)
    _permitted(call, repository.project).require_set()
    place = Place.of(call)

    def told(snapshot: Snapshot) -> VariableSet:
        return preview(call.within(snapshot.session), snapshot.project, place, _edited(snapshot))

    return await repository.read(git_ref, told)


@routes.get(
    "/projects/{id}/{git_ref}/variables/explanation",
    Permission.VARIABLE_VIEW,
    query=("name", *_PLACE),
    asks_scope=True,
)
async def explain_variable(call: Call, id: str, git_ref: str) -> VariableExplanation:
    """Why a variable on a branch, at a tag or at a commit has its value at a place"""
    repository = open_project(call, id)
    _permitted(call, repository.project).require_set()
    name, place = named_variable(call), Place.of(call)

    def told(snapshot: Snapshot) -> VariableExplanation:
        return explain(call.within(snapshot.session), snapshot.project, name, place, _edited(snapshot))

    return await repository.read(git_ref, told)


def _edited(snapshot: Snapshot) -> Edited:
    """The variables of the commit, and the project's secrets, which are the same on every branch."""
    variables = snapshot.variables()
    variables.variables += secrets_of(snapshot.session, snapshot.project).variables
    return Edited(variables, snapshot.steps())


def _permitted(call: Call, project: Project) -> Permitted:
    return Permitted(call, project.space_id, project.id)


def _shown(call: Call, snapshot: Snapshot) -> VariableSet:
    """With what they can be scoped to; the steps are those of the same commit, if they can be read."""
    variables = shown(call.within(snapshot.session), snapshot.variables())
    if not call.may(Permission.PROCESS_VIEW, project_id=snapshot.project.id):
        return variables
    try:
        steps = snapshot.steps()
    except Invalid:
        return variables
    variables.scope_values.actions = [ReferenceDataItem(id=one.id, name=one.name) for one in actions_of(steps)]
    return variables
