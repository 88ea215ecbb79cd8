"""Copies of projects: settings, steps, variables, channels and runbooks, but no releases and no history."""

from __future__ import annotations

import msgspec

from polpo.features.channels.resource import CHANNELS
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES
from polpo.features.processes.service import process_of
from polpo.features.projects.resource import Project
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.runbooks.service import clone_runbooks
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.resource import VARIABLE_SETS
from polpo.features.variables.service import variables_of
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session

#: What a clone takes over. Names and places come from the request, ids and dates are its own.
_COPIED = (
    "tenanted_deployment_mode",
    "auto_create_release",
    "discrete_channel_release",
    "allow_ignore_channel_rules",
    "project_connectivity_policy",
    "versioning_strategy",
    "default_guided_failure_mode",
    "default_to_skip_if_already_installed",
    "default_power_shell_edition",
    "force_package_download",
    "fail_target_discovery",
    "deployment_changes_template",
    "release_notes_template",
    "cancel_queued_tasks",
    "cancel_running_tasks",
    "templates",
    "included_library_variable_set_ids",
    "extension_settings",
    "project_tags",
    "icon",
)


def clone_settings(source: Project, project: Project) -> None:
    """Prepares a request for a clone: the source's settings, and its group and lifecycle unless others are named."""
    if source.persistence_settings.in_git:
        sentence = (
            f"The project '{source.name}' is in Git, and a clone would have none of its files. Make a project, copy the"
            " files to another folder of the repository, and convert it with that folder."
        )
        raise Invalid(sentence, [sentence])
    project.cloned_from_project_id = source.id
    project.lifecycle_id = project.lifecycle_id or source.lifecycle_id
    project.project_group_id = project.project_group_id or source.project_group_id
    project.description = project.description or source.description
    for attribute in _COPIED:
        setattr(project, attribute, getattr(source, attribute))
    for template in project.templates:
        template.id = ""


def clone_parts(call: Call, source: Project, project: Project) -> None:
    """Gives a new, equipped project the channels, steps, runbooks and variables of its source.

    What names a channel or a runbook of the source then names its copy. A copy takes the right to see all of it.
    """
    session = call.session
    require_sight(call, source)
    copies = _copy_channels(session, source, project)
    process = process_of(session, project.id)
    process.steps = process_of(session, source.id).steps
    for step in process.steps:
        for action in step.actions:
            action.channels = [copies[channel] for channel in action.channels]
    session.update(DEPLOYMENT_PROCESSES, process)
    owners = {source.id: project.id, **clone_runbooks(session, source, project)}
    variables = variables_of(session, project.id)
    variables.variables = variables_of(session, source.id).variables
    for variable in variables.variables:
        variable.scope.channel = [copies[channel] for channel in variable.scope.channel]
        variable.scope.process_owner = [owners.get(owner, owner) for owner in variable.scope.process_owner]
    session.update(VARIABLE_SETS, variables)


def require_sight(call: Call, source: Project) -> None:
    """What takes all of a project to another place takes the right to see its steps, runbooks and variables."""
    session, place = call.session, {"space_id": source.space_id, "project_id": source.id}
    call.require(Permission.PROCESS_VIEW, **place)
    if session.count(RUNBOOKS, RUNBOOKS.table.c.project_id == source.id):
        call.require(Permission.RUNBOOK_VIEW, **place)
    variables = variables_of(session, source.id)
    Permitted.of(call, variables).require_all_seen(variables.variables)


def _copy_channels(session: Session, source: Project, project: Project) -> dict[str, str]:
    """The ids of the copies by the ids of the originals. The clone's own default channel becomes a copy, too."""
    table = CHANNELS.table
    [own] = session.all(CHANNELS, table.c.project_id == project.id)
    copies = {}
    for channel in session.all(CHANNELS, table.c.project_id == source.id, order=[table.c.is_default.desc()]):
        copy = msgspec.structs.replace(channel, id=own.id if channel.is_default else "", project_id=project.id)
        copy = session.update(CHANNELS, copy) if copy.id else session.insert(CHANNELS, copy)
        copies[channel.id] = copy.id
    return copies
