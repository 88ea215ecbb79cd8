"""People with just the rights that a test gives them."""

from __future__ import annotations

from typing import Any

from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS, ScopedUserRole, Team
from polpo.features.userroles.resource import USER_ROLES, UserRole
from polpo.features.users.resource import USERS, User
from polpo.features.users.service import add_api_key
from polpo.rest.permissions import SYSTEM_LEVEL, Permission
from polpo.server.application import Server
from polpo.store.session import Session

Headers = dict[str, str]


async def person(
    server: Server, name: str, *permissions: Permission | str, space_id: str | None = "Spaces-1", **within: list[str]
) -> Headers:
    """A new user in a team of their own that grants these permissions, or the role named; the headers of a key.

    `within` are the lists of a scoped role: project_ids, project_group_ids, environment_ids, tenant_ids. Without a
    space the permissions are granted at the level of the server.
    """

    def store(session: Session) -> Headers:
        user = session.insert(USERS, User(username=name, display_name=name.capitalize()))
        give(session, user.id, name, *permissions, space_id=space_id, **within)
        return {"X-Octopus-ApiKey": add_api_key(session, user.id, "test", None)[1]}

    return await server.database.write(store)


async def also(
    server: Server,
    user_id: str,
    name: str,
    *permissions: Permission | str,
    space_id: str | None = "Spaces-1",
    **within: list[str],
) -> None:
    """Puts a user into one more team, called by the name, that grants these permissions, or the role named."""
    await server.database.write(lambda session: give(session, user_id, name, *permissions, space_id=space_id, **within))


def give(
    session: Session, user_id: str, name: str, *permissions: Permission | str, space_id: str | None, **within: list[str]
) -> None:
    team = session.insert(TEAMS, Team(name=f"Team of {name}", slug=f"team-of-{name}", member_user_ids=[user_id]))
    for role_id in _roles(session, name, permissions, space_id):
        scoped: Any = {"team_id": team.id, "user_role_id": role_id, "space_id": space_id, **within}
        session.insert(SCOPED_USER_ROLES, ScopedUserRole(**scoped))


def _roles(session: Session, name: str, asked: tuple[Permission | str, ...], space_id: str | None) -> list[str]:
    named = [one for one in asked if one.startswith("userroles-")]
    own = [Permission(one).value for one in asked if not one.startswith("userroles-")]
    if own:
        at_server = own if space_id is None else [one for one in own if Permission(one) in SYSTEM_LEVEL]
        role = UserRole(
            name=f"Role of {name}",
            granted_system_permissions=at_server,
            granted_space_permissions=[one for one in own if one not in at_server],
        )
        named.append(session.insert(USER_ROLES, role).id)
    return named
