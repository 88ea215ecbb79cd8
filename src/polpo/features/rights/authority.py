"""Where rights come from: the roles of the teams that a user belongs to, and who else could do what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from litestar import Request

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.identities.groups import GROUPS_DEPEND_ON
from polpo.features.projectgroups.resource import PROJECT_GROUPS
from polpo.features.projects.resource import PROJECTS
from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS, ScopedUserRole, Team
from polpo.features.teams.service import teams_of
from polpo.features.tenants.resource import TENANTS
from polpo.features.userroles.resource import USER_ROLES, UserRole
from polpo.rest.authorization import SCOPE_NOUNS, Grant, Refused, Rights
from polpo.rest.call import Authenticator, Caller
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.store.kinds import Kind
from polpo.store.session import Session

_NAMED: dict[str, Kind[Any]] = {
    "Projects": PROJECTS,
    "ProjectGroups": PROJECT_GROUPS,
    "Environments": ENVIRONMENTS,
    "Tenants": TENANTS,
}
_OF_TEAMS: tuple[Kind[Any], ...] = (TEAMS, SCOPED_USER_ROLES, USER_ROLES, *GROUPS_DEPEND_ON)
#: What is narrowed to a group of projects changes with the projects as well, which are written far more often.
_SOURCES: tuple[Kind[Any], ...] = (*_OF_TEAMS, PROJECTS)
_MOST_TEAMS = 5
#: Who may learn the name of what a refusal is about.
_VIEWS = {
    "Projects": Permission.PROJECT_VIEW,
    "ProjectGroups": Permission.PROJECT_GROUP_VIEW,
    "Environments": Permission.ENVIRONMENT_VIEW,
    "Tenants": Permission.TENANT_VIEW,
}


@dataclass(frozen=True)
class Entitled:
    """An authenticator around another one: gives whoever is found to call their rights.

    `stand_in` may put somebody else in the place of the caller whom the request stands for.
    """

    authenticate: Authenticator
    stand_in: Callable[[Session, Caller, Request[Any, Any, Any]], Caller]

    def __call__(self, session: Session, request: Request[Any, Any, Any]) -> Caller | None:
        caller = self.authenticate(session, request)
        if caller is None:
            return None
        return self.stand_in(session, replace(caller, rights=rights_of(session, caller.user_id)), request)


def rights_of(session: Session, user_id: str) -> Rights:
    """All that the user may do; four look-ups at most, whatever the size of the server."""

    def add_up() -> Rights:
        return Rights(tuple(grants_of(session, teams_of(session, user_id))))

    rights = session.remembered(_OF_TEAMS, ("rights", user_id), add_up, in_writes=True)
    if not rights.follow_projects:
        return rights
    return session.remembered(_SOURCES, ("rights by groups", user_id), add_up, in_writes=True)


def grants_of(session: Session, teams: Iterable[Team]) -> list[Grant]:
    """What the teams grant their members."""
    named = {team.id: team for team in teams}
    found = held_by(session, named.values())
    return _joined(session, named, {role.id: role for _, role in found}, [held for held, _ in found])


def grants_holding(session: Session, permission: Permission) -> list[Grant]:
    """All grants of the server, whosesoever, by roles with the permission."""
    return session.remembered(_SOURCES, ("grants", permission), lambda: _holding(session, permission))


def _holding(session: Session, permission: Permission) -> list[Grant]:
    roles = {role.id: role for role in roles_with(session, permission)}
    held = session.all(SCOPED_USER_ROLES, SCOPED_USER_ROLES.table.c.user_role_id.in_(list(roles)))
    return _joined(session, session.by_ids(TEAMS, {one.team_id for one in held}), roles, held)


def roles_with(session: Session, permission: Permission) -> list[UserRole]:
    return [role for role in session.all(USER_ROLES) if _has(role, permission)]


def _has(role: UserRole, permission: Permission) -> bool:
    return permission in role.granted_space_permissions or permission in role.granted_system_permissions


def held_by(session: Session, teams: Iterable[Team]) -> list[tuple[ScopedUserRole, UserRole]]:
    """The roles of the teams, each with what it is narrowed to."""
    held = session.all(SCOPED_USER_ROLES, SCOPED_USER_ROLES.table.c.team_id.in_([team.id for team in teams]))
    roles = session.by_ids(USER_ROLES, [one.user_role_id for one in held])
    return [(one, roles[one.user_role_id]) for one in held]


def _joined(
    session: Session, teams: Mapping[str, Team], roles: Mapping[str, UserRole], held: Sequence[ScopedUserRole]
) -> list[Grant]:
    inside = _projects_of(session, {group for one in held for group in one.project_group_ids})
    return [grant for one in held for grant in _grants(teams[one.team_id], roles[one.user_role_id], one, inside)]


def _projects_of(session: Session, groups: set[str]) -> dict[str, list[str]]:
    if not groups:
        return {}
    table = PROJECTS.table
    found: dict[str, list[str]] = {}
    statement = sa.select(table.c.id, table.c.project_group_id).where(table.c.project_group_id.in_(groups))
    for project_id, group_id in session.connection.execute(statement):
        found.setdefault(group_id, []).append(project_id)
    return found


def _grants(team: Team, role: UserRole, held: ScopedUserRole, inside: dict[str, list[str]]) -> list[Grant]:
    """Space permissions hold in the role's space, as narrowed; system permissions at the level of the server."""
    grants = []
    if role.granted_system_permissions:
        permissions = frozenset(role.granted_system_permissions)
        grants.append(Grant(team.id, team.name, role.id, role.name, None, permissions))
    if role.granted_space_permissions and held.space_id:
        permissions = frozenset(role.granted_space_permissions)
        within = _within(held, inside)
        grants.append(Grant(team.id, team.name, role.id, role.name, held.space_id, permissions, within))
    return grants


def _within(held: ScopedUserRole, inside: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    of_groups = [project for group in held.project_group_ids for project in inside.get(group, ())]
    stated = {
        "ProjectGroups": held.project_group_ids,
        "Environments": held.environment_ids,
        "Tenants": held.tenant_ids,
    }
    within = {kind: frozenset(ids) for kind, ids in stated.items() if ids}
    if held.project_ids or held.project_group_ids:
        within["Projects"] = frozenset([*held.project_ids, *of_groups])
    return within


# -- refusals


def explained(session: Session, refused: Refused) -> Refused:
    """The same refusal, with the names of what the caller may see, and with the teams that hold the permission."""
    decision = refused.decision
    sentence = refused.message
    for kind, ids in decision.subject.scopes.items():
        for identity, name in names_of(session, kind, ids, refused.rights or Rights()).items():
            noun = SCOPE_NOUNS[kind]
            sentence = sentence.replace(f"{noun} {identity}", f"{noun} '{name}' ({identity})")
    teams = teams_granting(session, refused)
    help_text = "No team grants it; ask an administrator."
    if teams:
        more = f" and {len(teams) - _MOST_TEAMS} more" if len(teams) > _MOST_TEAMS else ""
        help_text = f"Ask an administrator to add you to a team that grants it: {', '.join(teams[:_MOST_TEAMS])}{more}."
    told = Refused(decision, sentence, help_text)
    told.details["Teams"] = teams
    return told


def teams_granting(session: Session, refused: Refused) -> list[str]:
    """The names of the teams whose roles would have allowed it."""
    decision = refused.decision
    of_teams: dict[str, list[Grant]] = {}
    for grant in grants_holding(session, decision.permission):
        of_teams.setdefault(grant.team_id, []).append(grant)
    allowing = (
        grants[0].team
        for grants in of_teams.values()
        if Rights(tuple(grants)).decide(decision.permission, decision.subject).is_allowed
    )
    return sorted(allowing, key=str.casefold)


def names_of(session: Session, scope: str, ids: Iterable[str], reader: Rights) -> dict[str, str]:
    """The names of those of the projects, environments, …, that the reader may see."""
    kind = _NAMED[scope]
    protection = protection_of(kind)
    found = session.by_ids(kind, ids)
    return {
        identity: one.name
        for identity, one in found.items()
        if reader.decide(_VIEWS[scope], protection.subject(one, None)).is_allowed
    }
