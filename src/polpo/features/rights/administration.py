"""So that nobody becomes an administrator by a lesser right: to edit users, teams, roles, or who speaks for them."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.rights.authority import grants_of, rights_of
from polpo.features.teams.resource import TEAMS
from polpo.features.userroles.resource import USER_ROLES
from polpo.rest.authorization import Rights
from polpo.rest.call import Call
from polpo.rest.permissions import Permission


def require_over(call: Call, user_id: str) -> None:
    """Who could give an administrator a password or a key could be one, so that takes an administrator."""
    if user_id != call.caller.user_id and rights_of(call.session, user_id).holds(Permission.ADMINISTER_SYSTEM):
        call.require(Permission.ADMINISTER_SYSTEM)


def require_over_teams(call: Call, team_ids: Iterable[str]) -> None:
    """The same of who could make somebody a member of a team of administrators."""
    teams = call.session.by_ids(TEAMS, team_ids).values()
    if Rights(tuple(grants_of(call.session, teams))).holds(Permission.ADMINISTER_SYSTEM):
        call.require(Permission.ADMINISTER_SYSTEM)


def require_for_roles(call: Call, role_ids: Iterable[str]) -> None:
    """The same of who could give a role of administrators to a team, or take it away."""
    roles = call.session.by_ids(USER_ROLES, role_ids).values()
    require_for_permissions(call, (name for role in roles for name in role.granted_system_permissions))


def require_for_permissions(call: Call, names: Iterable[str]) -> None:
    """The same of who could put these permissions into a role."""
    if Permission.ADMINISTER_SYSTEM.value in names:
        call.require(Permission.ADMINISTER_SYSTEM)
