"""Rights and memberships of users over HTTP."""

from __future__ import annotations

from polpo.features.rights.resource import (
    TeamMembership,
    TeamName,
    UserPermissionRestriction,
    UserPermissionSet,
)
from polpo.features.rights.service import Part, as_seen, permission_set
from polpo.features.teams.levels import LEVELS
from polpo.features.teams.resource import TEAMS, Team
from polpo.features.teams.service import is_direct, teams_of
from polpo.features.users.accounts import own_or_require
from polpo.features.users.resource import USERS
from polpo.rest.answers import Reply, attachment
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.rest.spreadsheet import csv_of

routes = Routes("rights", scope="both")


def part_of(call: Call) -> Part:
    """What `spaces` and `includeSystem`, or the space in the path, ask for; without them everything."""
    asked = call.texts("spaces") if call.space_id is None else [call.space_id]
    every = not asked or any(space.lower() == "all" for space in asked)
    with_system = call.flag("includeSystem") if call.text("includeSystem") else not call.texts("spaces")
    return Part(None if every else frozenset(asked), with_system)


@routes.get("/users/{id}/permissions", "signed in", query=LEVELS)
@routes.get("/users/{id}/permissions/configuration", "signed in", query=LEVELS)
def permissions(call: Call, id: str) -> UserPermissionSet:
    """What a user may do: in spaces, with what each grant is narrowed to, and at the level of the server"""
    return _rights(call, id)


@routes.get("/users/{id}/permissions/export", "signed in", query=LEVELS)
def exported_permissions(call: Call, id: str) -> Reply:
    """What a user may do, as a CSV file"""
    rights = _rights(call, id)
    rows = [_row(permission, one) for permission, found in rights.space_permissions.items() for one in found]
    rows += [[permission, "System", "", "", "", "", ""] for permission in rights.system_permissions]
    written = csv_of(["Permission", "Level", "Space", "Projects", "Project groups", "Environments", "Tenants"], rows)
    disposition = attachment(f"permissions-{rights.id}.csv")
    return Reply(written, headers=disposition, media_type="text/csv; charset=utf-8")


def _rights(call: Call, user_id: str) -> UserPermissionSet:
    own_or_require(call, user_id, Permission.USER_VIEW)
    whole = permission_set(call.session, call.session.get(USERS, user_id).id, part_of(call))
    return as_seen(whole, call.rights)


def _row(permission: str, grant: UserPermissionRestriction) -> list[str]:
    narrowed = (
        grant.restricted_to_project_ids,
        grant.restricted_to_project_group_ids,
        grant.restricted_to_environment_ids,
        grant.restricted_to_tenant_ids,
    )
    return [permission, "Space", grant.space_id, *(" ".join(ids) or "all" for ids in narrowed)]


@routes.get("/users/{id}/teams", "signed in", query=LEVELS)
def teams_of_user(call: Call, id: str) -> list[TeamName]:
    """The teams that a user belongs to"""
    return [TeamName(id=team.id, name=team.name) for team in _teams(call, id)]


@routes.get("/teammembership", "signed in", query=("userId", *LEVELS))
def memberships(call: Call) -> list[TeamMembership]:
    """The teams that a user, else the caller, belongs to, and why"""
    user_id = call.text("userId") or call.caller.user_id
    return [_membership(user_id, team) for team in _teams(call, user_id)]


@routes.post("/teammembership/previewteam", Permission.TEAM_VIEW)
def previewed_memberships(call: Call, body: Team) -> list[TeamMembership]:
    """Who would belong to a team that is not saved yet"""
    body.space_id = call.space_id or body.space_id
    call.guard(TEAMS, body)
    members = call.session.by_ids(USERS, body.member_user_ids)
    return [_membership(member, body) for member in dict.fromkeys(body.member_user_ids) if member in members]


def _teams(call: Call, user_id: str) -> list[Team]:
    """People know their own teams; of others, those of spaces that they may not see are left out."""
    own_or_require(call, user_id, Permission.USER_VIEW)
    part, found = part_of(call), teams_of(call.session, call.session.get(USERS, user_id).id)
    is_own, sees = user_id == call.caller.user_id, call.rights.sees_space
    return [team for team in found if part.has_team(team) and (is_own or team.space_id is None or sees(team.space_id))]


def _membership(user_id: str, team: Team) -> TeamMembership:
    return TeamMembership(
        user_id=user_id,
        team_id=team.id,
        team_name=team.name,
        space_id=team.space_id,
        is_directly_assigned=is_direct(team, user_id),
        external_security_groups=team.external_security_groups,
    )
