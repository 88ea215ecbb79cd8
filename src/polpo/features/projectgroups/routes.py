"""Project groups over HTTP."""

from __future__ import annotations

from polpo.features.projectgroups.resource import PROJECT_GROUPS
from polpo.features.projects.resource import PROJECTS, Project
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("projectgroups")

project_groups = Collection(PROJECT_GROUPS, "/projectgroups", **permissions_of("ProjectGroup"))
project_groups.register(routes)


@routes.get("/projectgroups/{id}/projects", Permission.PROJECT_VIEW, paged=True, response=Project)
def projects_of_group(call: Call, id: str) -> Page[Project]:
    """The projects of a group"""
    group = project_groups.find(call, id)
    paging = call.paging
    where = [
        PROJECTS.table.c.project_group_id == group.id,
        *call.narrowed(Permission.PROJECT_VIEW, protection_of(PROJECTS)),
    ]
    return stored_page(PROJECTS, call.session.page(PROJECTS, *where, skip=paging.skip, take=paging.take), paging)
