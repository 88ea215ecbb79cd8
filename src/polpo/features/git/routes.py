"""A project's repository over HTTP: conversion, branches, tags and commits."""

from __future__ import annotations

from polpo.features.git.branches import branch_of, commit_of, create_branch, find_in, page_of, tag_of
from polpo.features.git.conversion import compatibility, initial_commit, parts_of, settle, wanted_settings
from polpo.features.git.mirrors import BRANCHES, TAGS, Mirror
from polpo.features.git.resource import (
    ConvertProjectToGitCommand,
    ConvertProjectToGitResponse,
    CreateGitBranchRequest,
    GitBranch,
    GitCommit,
    GitTag,
    VersionControlCompatibilityResponse,
)
from polpo.features.git.service import open_project, opened
from polpo.features.projects.cloning import require_sight
from polpo.features.projects.service import project_for
from polpo.kernel.errors import Invalid
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("git")

_LIST = ("skip", "take", "searchByName", "refresh")
_VIEW = Permission.PROJECT_VIEW


@routes.post("/projects/{id}/git/convert", Permission.PROJECT_EDIT, asks_scope=True)
async def convert_project(call: Call, id: str, body: ConvertProjectToGitCommand) -> ConvertProjectToGitResponse:
    """Move a project's process, settings and variables to files in a Git repository, for good"""
    with call.reading() as reading:
        project = project_for(reading, id)
        if project.persistence_settings.in_git:
            sentence = f"The project '{project.name}' is in Git already."
            raise Invalid(sentence, [sentence])
        require_sight(reading, project)
        parts = parts_of(reading.session, project)
        settings = wanted_settings(reading, body)
        project.persistence_settings = settings
        repository = opened(reading, project)
    messages = await repository.use(lambda mirror: initial_commit(mirror, repository, parts, body), refresh=True)
    await call.write(lambda writing: settle(writing, parts, settings))
    return ConvertProjectToGitResponse(messages=messages)


@routes.get("/projects/{id}/git/compatibility-report", _VIEW)
def compatibility_report(call: Call, id: str) -> VersionControlCompatibilityResponse:
    """What stands against moving a project to Git"""
    return compatibility(call.session, project_for(call, id))


@routes.get("/projects/{id}/git/branches", _VIEW, paged=True, response=GitBranch, query=_LIST, asks_scope=True)
async def list_branches(call: Call, id: str) -> Page[GitBranch]:
    """The branches of a project's repository"""
    repository, paging, search = open_project(call, id), call.paging, call.text("searchByName")

    def listed(mirror: Mirror) -> Page[GitBranch]:
        return page_of(mirror, BRANCHES, search, paging, lambda one: branch_of(repository, mirror, one))

    return await repository.use(listed, refresh=call.flag("refresh"))


@routes.get("/projects/{id}/git/branches/{name}", _VIEW, query=("refresh",), asks_scope=True)
async def get_branch(call: Call, id: str, name: str) -> GitBranch:
    """Get a branch by its name"""
    repository = open_project(call, id)

    def found(mirror: Mirror) -> GitBranch:
        return branch_of(repository, mirror, find_in(mirror, BRANCHES, name))

    return await repository.use(found, refresh=call.flag("refresh"))


@routes.post("/projects/{id}/git/branches/v2", Permission.PROJECT_EDIT, asks_scope=True)
async def make_branch(call: Call, id: str, body: CreateGitBranchRequest) -> GitBranch:
    """Create a branch from another branch, a tag or a commit"""
    repository = open_project(call, id)

    def made(mirror: Mirror) -> GitBranch:
        return branch_of(repository, mirror, create_branch(mirror, body))

    return await repository.use(made, refresh=True)


@routes.get("/projects/{id}/git/tags", _VIEW, paged=True, response=GitTag, query=_LIST, asks_scope=True)
async def list_tags(call: Call, id: str) -> Page[GitTag]:
    """The tags of a project's repository"""
    repository, paging, search = open_project(call, id), call.paging, call.text("searchByName")

    def listed(mirror: Mirror) -> Page[GitTag]:
        return page_of(mirror, TAGS, search, paging, lambda one: tag_of(repository, mirror, one))

    return await repository.use(listed, refresh=call.flag("refresh"))


@routes.get("/projects/{id}/git/tags/{name}", _VIEW, query=("refresh",), asks_scope=True)
async def get_tag(call: Call, id: str, name: str) -> GitTag:
    """Get a tag by its name"""
    repository = open_project(call, id)

    def found(mirror: Mirror) -> GitTag:
        return tag_of(repository, mirror, find_in(mirror, TAGS, name))

    return await repository.use(found, refresh=call.flag("refresh"))


@routes.get(
    "/projects/{id}/git/commits",
    _VIEW,
    paged=True,
    response=GitCommit,
    query=("skip", "take", "refresh"),
    asks_scope=True,
)
async def list_commits(call: Call, id: str) -> Page[GitCommit]:
    """The commits of the default branch, newest first"""
    repository, paging = open_project(call, id), call.paging

    def listed(mirror: Mirror) -> Page[GitCommit]:
        tip = find_in(mirror, BRANCHES, repository.settings.default_branch or "")
        part, total = mirror.history(tip.commit, paging.skip, paging.take)
        return Page([commit_of(repository, one) for one in part], total, paging, GitCommit.__name__)

    return await repository.use(listed, refresh=call.flag("refresh"))


@routes.get("/projects/{id}/git/commits/{hash}", _VIEW, query=("refresh",), asks_scope=True)
async def get_commit(call: Call, id: str, hash: str) -> GitCommit:
    """Get a commit by its hash"""
    repository = open_project(call, id)

    def found(mirror: Mirror) -> GitCommit:
        return commit_of(repository, mirror.facts(hash))

    return await repository.use(found, refresh=call.flag("refresh"))
