"""Rules of teams, and the teams that every server and every space has."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.teams.externalgroups import settle_groups, teams_by_groups
from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS, ScopedUserRole, Team
from polpo.features.userroles.builtin import SPACE_MANAGER, SYSTEM_ADMINISTRATOR, SYSTEM_MANAGER
from polpo.features.users.resource import USERS
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.store.kinds import reference
from polpo.store.session import Session

ADMINISTRATORS = "teams-administrators"
MANAGERS = "teams-managers"
EVERYONE = "teams-everyone"


def space_managers_of(space_id: str) -> str:
    return f"teams-spacemanagers-{space_id}"


def settle_team(call: Call, team: Team, before: Team | None) -> None:
    """What built-in teams do not allow is refused; each member counts once."""
    team.member_user_ids = list(dict.fromkeys(member for member in team.member_user_ids if member))
    settle_groups(team)
    if before is None:
        team.can_be_deleted = team.can_be_renamed = team.can_change_members = team.can_change_roles = True
    else:
        _keep_built_in(team, before)
    if team.space_id is None:
        _refuse_taken_name(call.session, team)
    if team.id == ADMINISTRATORS:
        require_administrator(call.session, team.member_user_ids)


def _keep_built_in(team: Team, before: Team) -> None:
    team.can_be_deleted, team.can_be_renamed = before.can_be_deleted, before.can_be_renamed
    team.can_change_members, team.can_change_roles = before.can_change_members, before.can_change_roles
    faults = []
    if not team.can_be_renamed and team.name != before.name:
        faults.append(f"Name: the team '{before.name}' is built in and cannot be renamed.")
    if not team.can_change_members and team.member_user_ids != before.member_user_ids:
        faults.append(f"MemberUserIds: who belongs to the team '{before.name}' cannot be changed.")
    if faults:
        raise Invalid(faults[0], faults)


def _refuse_taken_name(session: Session, team: Team) -> None:
    """Teams of the server have no space, within which the store would keep names apart."""
    table = TEAMS.table
    taken = session.first(
        TEAMS, table.c.space_id.is_(None), table.c.name_key == team.name.casefold(), table.c.id != team.id
    )
    if taken is not None:
        sentence = f"The name '{team.name}' is already taken by another team; choose another one."
        raise Invalid(sentence, [sentence])


def require_administrator(session: Session, member_ids: list[str]) -> None:
    """Refuses to leave the server without an active administrator."""
    if not any(user.is_active for user in session.by_ids(USERS, member_ids).values()):
        sentence = "The server needs an administrator: keep an active user in the team 'Octopus Administrators'."
        raise Invalid(sentence, [sentence])


def refuse_built_in(_call: Call, team: Team) -> None:
    if not team.can_be_deleted:
        raise Conflict(f"The team '{team.name}' is built in and cannot be deleted.")


# -- members


def teams_of(session: Session, user_id: str) -> list[Team]:
    """The teams that the user belongs to: as a member, by a group of a provider outside, and the one of everyone."""
    joined = sa.select(reference.c.from_id).where(
        reference.c.to_id == user_id, reference.c.to_kind == USERS.name, reference.c.from_kind == TEAMS.name
    )
    table, by_groups = TEAMS.table, teams_by_groups(session, user_id)
    return session.all(TEAMS, sa.or_(table.c.id.in_(joined), table.c.id.in_([EVERYONE, *by_groups])))


def is_direct(team: Team, user_id: str) -> bool:
    """Whether the user belongs to the team without any provider saying so."""
    return team.id == EVERYONE or user_id in team.member_user_ids


def join(session: Session, team_id: str, user_id: str) -> None:
    team = session.get(TEAMS, team_id)
    if team.can_change_members and user_id not in team.member_user_ids:
        team.member_user_ids = [*team.member_user_ids, user_id]
        session.update(TEAMS, team)


def leave_all(session: Session, user_id: str) -> None:
    """Takes a user, who is about to go, out of the teams; the last administrator cannot go."""
    for team in teams_of(session, user_id):
        if user_id in team.member_user_ids:
            team.member_user_ids = [member for member in team.member_user_ids if member != user_id]
            if team.id == ADMINISTRATORS:
                require_administrator(session, team.member_user_ids)
            session.update(TEAMS, team)


# -- what is there from the beginning


def ensure_built_in_teams(session: Session) -> None:
    """The teams of every server. Who is a user when the administrators' team is made becomes a member of it."""
    first = [user.id for user in session.all(USERS)] if session.find(TEAMS, ADMINISTRATORS) is None else []
    _ensure(
        session,
        Team(
            id=ADMINISTRATORS,
            name="Octopus Administrators",
            description="Does everything at the level of the server.",
            member_user_ids=first,
            can_change_roles=False,
        ),
        SYSTEM_ADMINISTRATOR,
    )
    _ensure(
        session,
        Team(id=MANAGERS, name="Octopus Managers", description="Manages users, teams and spaces."),
        SYSTEM_MANAGER,
    )
    _ensure(
        session,
        Team(id=EVERYONE, name="Everyone", description="Every user belongs to it.", can_change_members=False),
        None,
    )


def ensure_space_managers(session: Session, space_id: str) -> None:
    """The team that may do everything in the space. Idempotent."""
    team = Team(
        id=space_managers_of(space_id),
        space_id=space_id,
        name="Space Managers",
        description="Does everything in this space.",
        can_change_roles=False,
    )
    _ensure(session, team, SPACE_MANAGER)


def _ensure(session: Session, team: Team, role_id: str | None) -> None:
    if session.find(TEAMS, team.id) is not None:
        return
    team.slug = team.name.lower().replace(" ", "-")
    team.can_be_deleted = team.can_be_renamed = False
    team.last_modified_on, team.last_modified_by = session.clock.now(), "system"
    session.insert(TEAMS, team)
    if role_id:
        grant(session, team, role_id)


def grant(session: Session, team: Team, role_id: str, space_id: str | None = None) -> ScopedUserRole:
    """Gives the team a role, unnarrowed: in its own space, in the one named, or at the level of the server."""
    granted = ScopedUserRole(
        space_id=space_id or team.space_id,
        team_id=team.id,
        user_role_id=role_id,
        last_modified_on=session.clock.now(),
        last_modified_by="system",
    )
    return session.insert(SCOPED_USER_ROLES, granted)
