"""Who administers the system, through which teams: so that nobody becomes an administrator by way of another right."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.teams.resource import SCOPED_USER_ROLES
from polpo.features.teams.service import teams_of
from polpo.features.userroles.resource import USER_ROLES
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session


def administers(session: Session, user_id: str) -> bool:
    """Whether a team of the user lets its members administer the system."""
    return any_administers(session, (team.id for team in teams_of(session, user_id)))


def any_administers(session: Session, team_ids: Iterable[str]) -> bool:
    """Whether one of the teams holds a role with the permission to administer the system."""
    held = session.all(SCOPED_USER_ROLES, SCOPED_USER_ROLES.table.c.team_id.in_(list(team_ids)))
    roles = session.by_ids(USER_ROLES, (grant.user_role_id for grant in held))
    return any(Permission.ADMINISTER_SYSTEM in role.granted_system_permissions for role in roles.values())


def require_over(call: Call, user_id: str) -> None:
    """Who could give an administrator a password or a key could be one, so that takes an administrator."""
    if user_id != call.caller.user_id and administers(call.session, user_id):
        call.require(Permission.ADMINISTER_SYSTEM)
