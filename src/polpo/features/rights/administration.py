"""So that nobody gets more power over the server by a lesser right: to edit users, teams, roles, or their speakers.

Power is what a permission at the level of the server gives, other than a look at things: it is given by those only who
have it. Inside a space, who edits its teams gives what the space has to give.
"""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.rights.authority import grants_of, rights_of
from polpo.features.teams.resource import TEAMS
from polpo.features.userroles.resource import USER_ROLES
from polpo.rest.authorization import Grant, Subject
from polpo.rest.call import Call
from polpo.rest.permissions import Permission, is_reading


def require_over(call: Call, user_id: str) -> None:
    """Who could give somebody a password or a key could be that user, so that takes the power that the user has."""
    if user_id != call.caller.user_id:
        require_for_permissions(call, _powers(rights_of(call.session, user_id).grants))


def require_over_teams(call: Call, team_ids: Iterable[str]) -> None:
    """The same of who could make somebody a member of the teams."""
    require_for_permissions(call, _powers(grants_of(call.session, call.session.by_ids(TEAMS, team_ids).values())))


def require_over_groups(call: Call) -> None:
    """The same of who could say who somebody is at a provider outside, whose groups lead into teams."""
    require_over_teams(call, [team.id for team in call.session.all(TEAMS) if team.external_security_groups])


def require_for_roles(call: Call, role_ids: Iterable[str]) -> None:
    """The same of who could give the roles to a team, or take them away."""
    roles = call.session.by_ids(USER_ROLES, role_ids).values()
    require_for_permissions(call, (name for role in roles for name in role.granted_system_permissions))


def require_for_permissions(call: Call, names: Iterable[str]) -> None:
    """The same of who could put these permissions into a role. The power to administer is asked for first."""
    given = frozenset(names)
    for permission in Permission:
        if permission in given and not is_reading(permission):
            call.rights.require(permission, Subject())


def _powers(grants: Iterable[Grant]) -> frozenset[str]:
    return frozenset(name for grant in grants if grant.space_id is None for name in grant.permissions)
