"""What a user may do and why, over HTTP: for oneself, and for who may see users."""

from __future__ import annotations

from polpo.features.projects.resource import PROJECTS
from polpo.features.rights.authority import rights_of
from polpo.features.rights.explaining import (
    EffectivePermissions,
    PermissionExplanation,
    effective_permissions,
    explain_permission,
    wanted,
)
from polpo.features.spaces.service import find_space_id
from polpo.features.users.accounts import own_or_require
from polpo.features.users.resource import USERS
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("rights", scope="system")

_ASKED = {"Projects": "project", "ProjectGroups": "projectGroup", "Environments": "environment", "Tenants": "tenant"}


@routes.get("/users/{id}/permissions/effective", "signed in")
def effective(call: Call, id: str) -> EffectivePermissions:
    """What a user may do in each space and at the level of the server, by which teams and roles"""
    own_or_require(call, id, Permission.USER_VIEW)
    user_id = call.session.get(USERS, id).id
    return effective_permissions(call.session, user_id, rights_of(call.session, user_id), call.rights)


@routes.get("/users/{id}/permissions/explain", "signed in", query=("permission", "space", *_ASKED.values()))
def explain(call: Call, id: str) -> PermissionExplanation:
    """Why a user may do something somewhere, or what is missing"""
    own_or_require(call, id, Permission.USER_VIEW)
    user_id = call.session.get(USERS, id).id
    space_id = _space(call)
    ids = {kind: call.text(parameter) for kind, parameter in _ASKED.items()}
    if ids["Projects"] and not ids["ProjectGroups"] and (project := call.session.find(PROJECTS, ids["Projects"])):
        ids["ProjectGroups"] = project.project_group_id
    try:
        asked = wanted(call.text("permission") or "", ids, space_id)
    except ValueError as unknown:
        sentence = f"permission: there is no permission '{unknown}'; /api/permissions/all lists them."
        raise Invalid(sentence, [sentence]) from unknown
    return explain_permission(call.session, user_id, rights_of(call.session, user_id), asked, call.rights)


def _space(call: Call) -> str | None:
    """The space that is meant, which the reader may see."""
    if not (named := call.text("space")):
        return None
    space_id = find_space_id(call.session, named)
    call.rights.require_space(space_id)
    return space_id
