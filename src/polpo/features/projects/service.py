"""Rules of projects: what a new one gets, what stays the server's, and how one ends."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.deploymentfreezes.resource import DEPLOYMENT_FREEZES
from polpo.features.featuretoggles.resource import FEATURE_TOGGLES
from polpo.features.git.repositories import Repositories
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentProcess, process_id_of
from polpo.features.processes.service import process_of
from polpo.features.projects.resource import (
    DEFAULT_VERSION_TEMPLATE,
    PROJECTS,
    DeploymentConnectivityPolicy,
    DeploymentSettings,
    PersistenceSettings,
    Project,
    ProjectSummary,
    VersioningStrategy,
)
from polpo.features.releases.resource import RELEASES
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES, RUNBOOKS
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.features.tagsets.service import check_tags
from polpo.features.tenants.connections import disconnect_project
from polpo.features.triggers.resource import PROJECT_TRIGGERS
from polpo.features.variables.resource import VARIABLE_SETS, VariableSet, variable_set_id_of
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.kinds import Kind
from polpo.store.session import Session

DEFAULT_CHANNEL = "Default"
_DEFAULT_CHANNEL_DESCRIPTION = "Releases go here unless another channel is named."

#: What a PUT of the project does not change, because clients do not know it or only the server sets it.
_KEPT = (
    "deployment_process_id",
    "variable_set_id",
    "cloned_from_project_id",
    "is_version_controlled",
    "persistence_settings",
    "icon",
    "fail_target_discovery",
    "cancel_queued_tasks",
    "cancel_running_tasks",
)
_SETTINGS = (
    "versioning_strategy",
    "default_guided_failure_mode",
    "default_to_skip_if_already_installed",
    "force_package_download",
    "fail_target_discovery",
    "deployment_changes_template",
    "release_notes_template",
    "cancel_queued_tasks",
    "cancel_running_tasks",
)


def find_project(session: Session, space_id: str, named: str) -> Project:
    """A project of the space by its id or slug."""
    table = PROJECTS.table
    here = table.c.space_id == space_id
    found = session.first(PROJECTS, table.c.id == named, here) or session.first(PROJECTS, here, table.c.slug == named)
    if found is None:
        raise NotFound(f"There is no project with the id or slug '{named}' in this space.")
    return found


def project_for(call: Call, named: str, permission: Permission | None = None) -> Project:
    """A project of the space by its id or slug, as far as the permission, else the route's own, reaches it."""
    project = find_project(call.session, call.space, named)
    call.guard(PROJECTS, project, permission)
    return project


def find_project_by_any_name(session: Session, space_id: str, named: str) -> Project:
    """By id, slug or name, as the executions commands name projects."""
    table = PROJECTS.table
    by_name = session.first(PROJECTS, table.c.space_id == space_id, table.c.name_key == named.strip().casefold())
    return by_name or find_project(session, space_id, named.strip())


def settle_project(call: Call, project: Project, before: Project | None) -> None:
    """Fills what the server decides; refuses a project without a group and a lifecycle."""
    if before is None:
        project.id, _ = call.session.new_id(PROJECTS.name)
        project.deployment_process_id = process_id_of(project.id)
        project.variable_set_id = variable_set_id_of(project.id)
        project.is_version_controlled, project.persistence_settings = False, PersistenceSettings()
    else:
        _refuse_foreign_group(call, project, before)
        wanted = project.persistence_settings
        for attribute in _KEPT:
            setattr(project, attribute, getattr(before, attribute))
        project.persistence_settings = moved(before.persistence_settings, wanted)
        if project.persistence_settings.url not in (None, before.persistence_settings.url):
            call.parts.get(Repositories).checked_url(project.persistence_settings.url)
        require_credential(call, before.persistence_settings, project.persistence_settings)
    if set(project.included_library_variable_set_ids).difference(
        before.included_library_variable_set_ids if before else ()
    ):
        call.require(Permission.LIBRARY_VARIABLE_SET_VIEW)  # whoever deploys the project learns the values of the sets
    _settle_settings(project, before)
    check_tags(call.session, call.space, project, describes=True)
    for template in project.templates:
        template.id = template.id or str(uuid.uuid4())
    faults = []
    if not project.lifecycle_id:
        faults.append("LifecycleId is missing; a project needs a lifecycle.")
    if not project.project_group_id:
        faults.append("ProjectGroupId is missing; a project needs a project group.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The project cannot be saved.", faults)


def _refuse_foreign_group(call: Call, project: Project, before: Project) -> None:
    """Who moves a project into a group gets whatever their teams may do there: that takes what making one there takes.

    A group that does not exist is refused when the project is stored.
    """
    if project.project_group_id and project.project_group_id != before.project_group_id:
        call.require(Permission.PROJECT_CREATE, space_id=before.space_id, project_group_id=project.project_group_id)


def _settle_settings(project: Project, before: Project | None) -> None:
    strategy = project.versioning_strategy or (before.versioning_strategy if before else None)
    project.versioning_strategy = _complete_strategy(strategy)
    policy = project.project_connectivity_policy or (before.project_connectivity_policy if before else None)
    project.project_connectivity_policy = policy or DeploymentConnectivityPolicy()


def moved(before: PersistenceSettings, wanted: PersistenceSettings) -> PersistenceSettings:
    """What may change about where a project is kept: the address of its repository, how to sign in there, and which
    branches are the default and protected. Its folder stays, and so does whether it is in Git at all."""
    if not (before.in_git and wanted.in_git):
        return before
    return msgspec.structs.replace(
        before,
        url=(wanted.url or "").strip() or before.url,
        default_branch=(wanted.default_branch or "").strip() or before.default_branch,
        credentials=wanted.credentials or before.credentials,
        protected_default_branch=bool(wanted.protected_default_branch),
        protected_branch_name_patterns=wanted.protected_branch_name_patterns or [],
    )


def require_credential(call: Call, before: PersistenceSettings, wanted: PersistenceSettings) -> None:
    """The server signs in at whatever address a project names, so what it signs in with must be its writer's to give.

    To name a shared credential, or another address for it, takes the right to look at credentials. A password of the
    project's own goes to the host that it was entered for.
    """
    credentials = wanted.credentials
    if credentials is None:
        return
    if credentials.type == "Reference" and (before.url, before.credentials) != (wanted.url, credentials):
        call.require(Permission.GIT_CREDENTIAL_VIEW)
    is_kept = credentials.password is not None and credentials.password.new_value is None
    if credentials.type == "UsernamePassword" and is_kept and _host(before.url) not in (None, _host(wanted.url)):
        sentence = (
            "PersistenceSettings.Url names another host than the password was entered for; enter the password again."
        )
        raise Invalid(sentence, [sentence])


def _host(url: str | None) -> str | None:
    parts = urlsplit(url) if url else None
    return f"{parts.scheme}://{parts.netloc}".lower() if parts else None


def refuse_in_git(project: Project | None, what: str, route: str) -> None:
    """Refuses what means the database where the project keeps it in files on branches."""
    if project is not None and project.persistence_settings.in_git:
        sentence = (
            f"The project '{project.name}' keeps its {what} in Git; name a branch, tag or commit:"
            f" /projects/{project.id}/{{gitRef}}/{route}."
        )
        raise Invalid(sentence, [sentence])


def _complete_strategy(strategy: VersioningStrategy | None) -> VersioningStrategy:
    if strategy is None or not (strategy.template or strategy.donor_package):
        return VersioningStrategy(template=DEFAULT_VERSION_TEMPLATE)
    return strategy


def equip_project(session: Session, project: Project) -> None:
    """What every new project has: an empty process, an empty variable set and the default channel."""
    stamped: dict[str, Any] = {
        "space_id": project.space_id,
        "last_modified_on": project.last_modified_on,
        "last_modified_by": project.last_modified_by,
    }
    process = DeploymentProcess(id=project.deployment_process_id, project_id=project.id, **stamped)
    session.insert(DEPLOYMENT_PROCESSES, process)
    session.insert(VARIABLE_SETS, VariableSet(id=project.variable_set_id, owner_id=project.id, **stamped))
    channel = Channel(
        project_id=project.id,
        name=DEFAULT_CHANNEL,
        slug="default",
        description=_DEFAULT_CHANNEL_DESCRIPTION,
        is_default=True,
        **stamped,
    )
    session.insert(CHANNELS, channel)


def end_project(call: Call, project: Project) -> None:
    """Takes everything that belongs to the project along: what refers goes before what is referred to."""
    session = call.session
    repositories = call.parts.get(Repositories)
    session.after_commit(lambda: repositories.forget(project.id))
    disconnect_project(session, project.id)
    owned: list[tuple[Kind[Any], str]] = [
        (DEPLOYMENT_FREEZES, "owner_id"),
        (PROJECT_TRIGGERS, "project_id"),
        (FEATURE_TOGGLES, "project_id"),
        (RELEASES, "project_id"),
        (RUNBOOK_RUNS, "project_id"),
        (RUNBOOK_SNAPSHOTS, "project_id"),
        (RUNBOOK_PROCESSES, "project_id"),
        (RUNBOOKS, "project_id"),
        (DEPLOYMENT_PROCESSES, "project_id"),
        (VARIABLE_SETS, "owner_id"),
        (CHANNELS, "project_id"),
    ]
    for kind, owner in owned:
        for identity in _ids(session, kind, kind.table.c[owner] == project.id):
            session.delete(kind, identity)


def _ids(session: Session, kind: Kind[Any], where: sa.ColumnElement[bool]) -> list[str]:
    return list(session.connection.execute(sa.select(kind.table.c.id).where(where)).scalars())


def settings_of(project: Project) -> DeploymentSettings:
    values = {name: getattr(project, name) for name in _SETTINGS}
    return DeploymentSettings(
        id=f"deploymentsettings-{project.id}",
        space_id=project.space_id,
        project_id=project.id,
        connectivity_policy=project.project_connectivity_policy,
        last_modified_on=project.last_modified_on,
        last_modified_by=project.last_modified_by,
        **values,
    )


def complete_settings(settings: DeploymentSettings) -> DeploymentSettings:
    """With what they have where they say nothing."""
    settings.connectivity_policy = settings.connectivity_policy or DeploymentConnectivityPolicy()
    settings.versioning_strategy = _complete_strategy(settings.versioning_strategy)
    return settings


def apply_settings(project: Project, settings: DeploymentSettings) -> Project:
    settings = complete_settings(settings)
    values = {name: getattr(settings, name) for name in _SETTINGS}
    changed = msgspec.structs.replace(project, **values)
    changed.project_connectivity_policy = settings.connectivity_policy
    return changed


def summary_of(session: Session, project: Project) -> ProjectSummary:
    return ProjectSummary(
        id=project.id,
        space_id=project.space_id,
        name=project.name,
        slug=project.slug,
        description=project.description,
        project_group_id=project.project_group_id,
        is_disabled=project.is_disabled,
        has_deployment_process=project.persistence_settings.in_git or bool(process_of(session, project.id).steps),
        has_runbooks=session.count(RUNBOOKS, RUNBOOKS.table.c.project_id == project.id) > 0,
    )
