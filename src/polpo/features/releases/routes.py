"""Releases over HTTP."""

from __future__ import annotations

from typing import Any

from polpo.features.automaticdeployments.deciding import due_at_once
from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.channels.service import default_channel, find_channel
from polpo.features.deployments.ephemeral import deploy_to_its_environment
from polpo.features.projects.resource import PROJECTS
from polpo.features.projects.service import find_project, find_project_by_any_name, project_for
from polpo.features.releases.creation import Wanted, make_release
from polpo.features.releases.defects import report_defect, resolve_defect
from polpo.features.releases.editing import edit_release
from polpo.features.releases.gitresources import parse_git_choice
from polpo.features.releases.packages import choose, parse_choice, selected
from polpo.features.releases.resource import (
    DEFECTS,
    RELEASES,
    CreateReleaseCommandV1,
    CreateReleaseDefectCommand,
    CreateReleaseResponseV1,
    Defect,
    MissingPackages,
    Release,
    SnapshotGitReference,
    SnapshotVariablesByNameCommand,
    VariableDifferences,
)
from polpo.features.releases.service import (
    find_release,
    find_release_of_version,
    missing_packages,
    take_named_variables_anew,
    take_variables_anew,
)
from polpo.features.releases.sources import Source, chosen_source, source_here
from polpo.features.releases.variabledifference import variable_differences
from polpo.features.variables.permitted import Permitted
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page, Reply, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import Where, stamp
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("releases")

_VIEW = Permission.RELEASE_VIEW
_QUERY = ("skip", "take", "searchByVersion")
_DEPENDS = (RELEASES.name, "Projects", "Channels")
_LIST: dict[str, Any] = {"paged": True, "response": Release, "query": _QUERY, "depends": _DEPENDS}


@routes.get("/releases", _VIEW, paged=True, response=Release, query=(*_QUERY, "ids"), depends=_DEPENDS)
def list_releases(call: Call) -> Page[Release]:
    """List releases, newest first"""
    ids = call.texts("ids")
    return _page(call, *([RELEASES.table.c.id.in_(ids)] if ids else []))


@routes.get("/projects/{project_id}/releases", _VIEW, **_LIST)
def releases_of_project(call: Call, project_id: str) -> Page[Release]:
    """The releases of a project, newest first"""
    return _page(call, RELEASES.table.c.project_id == project_for(call, project_id).id)


@routes.get("/channels/{id}/releases", _VIEW, **_LIST)
def releases_of_channel(call: Call, id: str) -> Page[Release]:
    """The releases in a channel, newest first"""
    return _page(call, RELEASES.table.c.channel_id == _channel(call, id).id)


@routes.get("/projects/{project_id}/channels/{channel_id}/releases", _VIEW, **_LIST)
def releases_of_project_channel(call: Call, project_id: str, channel_id: str) -> Page[Release]:
    """The releases of a project in one of its channels, newest first"""
    project = project_for(call, project_id)
    channel = find_channel(call.session, project.id, channel_id)
    return _page(call, RELEASES.table.c.channel_id == channel.id)


def _page(call: Call, *where: Where) -> Page[Release]:
    table, paging = RELEASES.table, call.paging
    conditions = [table.c.space_id == call.space, *call.narrowed(_VIEW, protection_of(RELEASES)), *where]
    if (part := call.text("searchByVersion") or call.text("version")) is not None:
        conditions.append(table.c.version_key.contains(part.casefold(), autoescape=True))
    newest = [table.c.seq.desc()]
    found = call.session.page(RELEASES, *conditions, order=newest, skip=paging.skip, take=paging.take)
    return stored_page(RELEASES, found, paging)


def _channel(call: Call, channel_id: str) -> Channel:
    found = call.session.find(CHANNELS, channel_id)
    if found is None or found.space_id != call.space:
        raise NotFound(f"There is no channel with the id '{channel_id}' in this space.")
    call.guard(CHANNELS, found)
    return found


def _release(call: Call, release_id: str) -> Release:
    """A release that the route's permission reaches."""
    found = find_release(call.session, call.space, release_id)
    call.guard(RELEASES, found)
    return found


@routes.get("/projects/{project_id}/releases/{version}", _VIEW)
def release_by_version(call: Call, project_id: str, version: str) -> Release:
    """Get a release of a project by its version"""
    return find_release_of_version(call.session, project_for(call, project_id).id, version)


@routes.get("/channels/{id}/releases/{version}", _VIEW)
def channel_release_by_version(call: Call, id: str, version: str) -> Release:
    """Get a release in a channel by its version"""
    channel = _channel(call, id)
    release = find_release_of_version(call.session, channel.project_id, version)
    if release.channel_id != channel.id:
        raise NotFound(f"The channel '{channel.name}' has no release {version}.")
    return release


@routes.post("/releases", Permission.RELEASE_CREATE, status=201, query=("ignoreChannelRules",), asks_scope=True)
async def create_release(call: Call, body: Release) -> Release:
    """Create a release; packages that are not selected take the latest version that the channel accepts"""
    if not body.project_id:
        sentence = "ProjectId is missing; a release belongs to a project."
        raise Invalid(sentence, [sentence])
    with call.reading() as reading:
        project = project_for(reading, body.project_id)
    wish = body.version_control_reference or SnapshotGitReference()
    source = await chosen_source(call, project, wish.git_ref, wish.git_commit)
    return await call.write(lambda writing: _made(writing, project.id, source, body))


def _made(call: Call, project_id: str, source: Source | None, body: Release) -> Release:
    session = call.session
    project = find_project(session, call.space, project_id)
    named = body.channel_id.strip()
    wanted = Wanted(
        source=source or source_here(session, project),
        channel=find_channel(session, project.id, named) if named else default_channel(session, project.id),
        choose=lambda needed: selected(needed, body.selected_packages),
        version=body.version,
        notes=body.release_notes,
        ignore_channel_rules=body.ignore_channel_rules or call.flag("ignoreChannelRules"),
        custom_fields=body.custom_fields,
        git_resources=body.selected_git_resources,
    )
    release, is_new = make_release(call, wanted)
    _deployed_automatically(call, wanted, release, is_new=is_new)
    return release


@routes.post(
    "/releases/create/v1", Permission.RELEASE_CREATE, status=201, response=CreateReleaseResponseV1, asks_scope=True
)
async def create_release_by_names(call: Call, body: CreateReleaseCommandV1) -> Reply:
    """Create a release from names, versions of packages as texts, and templates"""
    if not body.project_name.strip():
        sentence = "ProjectName is missing; name the project by its name, slug or id."
        raise Invalid(sentence, [sentence])
    with call.reading() as reading:
        project = find_project_by_any_name(reading.session, call.space, body.project_name)
        call.guard(PROJECTS, project)
    source = await chosen_source(call, project, body.git_ref, body.git_commit)
    return await call.write(lambda writing: _made_by_names(writing, project.id, source, body))


def _made_by_names(call: Call, project_id: str, source: Source | None, body: CreateReleaseCommandV1) -> Reply:
    session = call.session
    project = find_project(session, call.space, project_id)
    named = (body.channel_name or "").strip()
    choices = [parse_choice(text) for text in body.packages]
    everywhere = (body.package_version or "").strip() or None
    wanted = Wanted(
        source=source or source_here(session, project),
        channel=find_channel(session, project.id, named) if named else default_channel(session, project.id),
        choose=lambda needed: choose(needed, choices, everywhere),
        version=body.release_version,
        notes=body.release_notes,
        prerelease=(body.package_prerelease or "").strip() or None,
        ignore_channel_rules=body.ignore_channel_rules,
        ignore_if_exists=body.ignore_if_already_exists,
        custom_fields=body.custom_fields,
        git_resources=[parse_git_choice(text) for text in body.git_resources],
    )
    release, is_new = make_release(call, wanted)
    answer = CreateReleaseResponseV1(
        release_id=release.id,
        release_version=release.version,
        automatically_deployed_environments=_deployed_automatically(call, wanted, release, is_new=is_new),
    )
    return Reply(answer, 201 if is_new else 200)


def _deployed_automatically(call: Call, wanted: Wanted, release: Release, *, is_new: bool) -> str | None:
    """The names of the environments to which the new release is on its way at once."""
    if not is_new:
        return None
    if environment := deploy_to_its_environment(call, wanted.project, wanted.channel, release):
        return environment.name
    names = dict.fromkeys(place.environment.name for place in due_at_once(call.session, release))
    return ", ".join(names) or None


@routes.get("/releases/{id}", _VIEW)
def get_release(call: Call, id: str) -> Release:
    """Get a release"""
    return _release(call, id)


@routes.put("/releases/{id}", Permission.RELEASE_EDIT)
def replace_release(call: Call, id: str, body: Release) -> Release:
    """Change the version, notes or custom fields of a release; packages and channel, too, until it is deployed"""
    release = _release(call, id)
    stamp(call, release)
    return edit_release(call.session, release, body)


@routes.delete("/releases/{id}", Permission.RELEASE_DELETE)
def delete_release(call: Call, id: str) -> None:
    """Delete a release; refused while something uses it"""
    call.session.delete(RELEASES, _release(call, id).id)


@routes.post("/releases/{id}/snapshot-variables", Permission.RELEASE_EDIT, asks_scope=True)
async def snapshot_variables(call: Call, id: str) -> Release:
    """Take the project's variables into a release as they are now"""
    source = await _source_anew(call, id)

    def taken(writing: Call) -> Release:
        release = find_release(writing.session, call.space, id)
        stamp(writing, release)
        return take_variables_anew(writing.session, release, source)

    return await call.write(taken)


@routes.get("/releases/{id}/variables/difference", Permission.VARIABLE_VIEW, asks_scope=True)
async def variable_difference(call: Call, id: str) -> VariableDifferences:
    """Show what taking the project's variables into a release anew would change"""
    source = await _source_anew(call, id)
    with call.reading() as reading:
        release = _release(reading, id)
        Permitted(reading, release.space_id, release.project_id).require_set()
        return variable_differences(reading, release, source)


async def _source_anew(call: Call, release_id: str) -> Source | None:
    """For a release from Git, the tip of its branch as it is now."""
    with call.reading() as reading:
        release = _release(reading, release_id)
        project = find_project(reading.session, call.space, release.project_id)
    reference = release.version_control_reference
    if reference is None:
        return None
    return await chosen_source(call, project, reference.git_ref or reference.git_commit, None)


@routes.post("/releases/{id}/snapshot-variables-by-name", Permission.RELEASE_EDIT, asks_scope=True)
async def snapshot_variables_by_name(call: Call, id: str, body: SnapshotVariablesByNameCommand) -> Release:
    """Take only the named variables of the project into a release as they are now"""
    source = await _source_anew(call, id)
    names = [variable.name for variable in body.variables]

    def taken(writing: Call) -> Release:
        release = find_release(writing.session, call.space, id)
        stamp(writing, release)
        return take_named_variables_anew(writing.session, release, names, source)

    return await call.write(taken)


@routes.get("/releases/{id}/missingpackages", _VIEW)
def missing_packages_of_release(call: Call, id: str) -> MissingPackages:
    """The packages of a release that are no longer in the built-in feed"""
    return MissingPackages(packages=missing_packages(call.session, _release(call, id)))


@routes.get("/releases/{id}/defects", _VIEW, paged=True, response=Defect, query=("skip", "take"))
def defects_of_release(call: Call, id: str) -> Page[Defect]:
    """Why the progression of a release was prevented, now and before"""
    release, paging = _release(call, id), call.paging
    found = call.session.page(DEFECTS, DEFECTS.table.c.release_id == release.id, skip=paging.skip, take=paging.take)
    return stored_page(DEFECTS, found, paging)


@routes.post("/releases/{id}/defects", Permission.DEFECT_REPORT, status=201)
def prevent_progression(call: Call, id: str, body: CreateReleaseDefectCommand) -> Defect:
    """Prevent the progression of a release"""
    return report_defect(call, _release(call, id), body.description)


@routes.post("/releases/{id}/defects/resolve", Permission.DEFECT_RESOLVE)
def allow_progression(call: Call, id: str) -> Defect:
    """Allow the progression of a release again"""
    return resolve_defect(call, _release(call, id))
