"""Who manages a space: the members of its team of managers, and the other teams that hold the role of managers in it.

Clients read and write both as lists of the space; they are kept where rights come from, in the team and its roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from polpo.features.spaces.resource import Space
from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS, ScopedUserRole
from polpo.features.teams.service import grant, space_managers_of
from polpo.features.userroles.builtin import SPACE_MANAGER
from polpo.features.users.resource import USERS
from polpo.kernel.errors import Invalid
from polpo.store.session import Session


def with_managers(session: Session, spaces: Sequence[Space]) -> Sequence[Space]:
    """Fills in the two lists; two look-ups for any number of spaces."""
    teams = session.by_ids(TEAMS, [space_managers_of(space.id) for space in spaces])
    held: dict[str, list[str]] = {}
    for one in _grants(session, [space.id for space in spaces]):
        held.setdefault(one.space_id or "", []).append(one.team_id)
    for space in spaces:
        own = teams.get(space_managers_of(space.id))
        space.space_managers_team_members = own.member_user_ids if own else []
        space.space_managers_teams = list(dict.fromkeys(held.get(space.id, [])))
    return spaces


def _grants(session: Session, space_ids: Iterable[str]) -> list[ScopedUserRole]:
    table = SCOPED_USER_ROLES.table
    return session.all(SCOPED_USER_ROLES, table.c.user_role_id == SPACE_MANAGER, table.c.space_id.in_(list(space_ids)))


def take_managers(space: Space) -> tuple[list[str], list[str]]:
    """What a client wrote as (users, teams); the space is stored without it."""
    users = list(dict.fromkeys(user for user in space.space_managers_team_members if user))
    teams = list(dict.fromkeys(team for team in space.space_managers_teams if team))
    space.space_managers_team_members, space.space_managers_teams = [], []
    return users, teams


def set_managers(session: Session, space_id: str, users: Sequence[str], teams: Sequence[str]) -> None:
    """Makes these users and these teams, and no others, the managers of the space."""
    _refuse_unknown(session, users, teams)
    own = session.get(TEAMS, space_managers_of(space_id))
    if own.member_user_ids != list(users):
        own.member_user_ids = list(users)
        session.update(TEAMS, own)
    held = [one for one in _grants(session, [space_id]) if one.team_id != own.id]
    for one in held:
        if one.team_id not in teams:
            session.delete(SCOPED_USER_ROLES, one.id)
    for team_id in teams:
        if team_id != own.id and all(one.team_id != team_id for one in held):
            grant(session, session.get(TEAMS, team_id), SPACE_MANAGER, space_id)


def _refuse_unknown(session: Session, users: Sequence[str], teams: Sequence[str]) -> None:
    known_users, known_teams = session.by_ids(USERS, users), session.by_ids(TEAMS, teams)
    faults = [
        f"SpaceManagersTeamMembers names the user '{user}', which does not exist."
        for user in users
        if user not in known_users
    ]
    faults += [
        f"SpaceManagersTeams names the team '{team}', which does not exist."
        for team in teams
        if team not in known_teams
    ]
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The space cannot be saved.", faults)
