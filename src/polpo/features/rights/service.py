"""Adding up a user's rights.

Three look-ups, whatever the size of the server: the user's teams, the roles that these hold, and those roles. One grant
is a role times what it is narrowed to; a kind of scope that a permission does not know narrows nothing of it. The space
permissions of a role hold in the grant's space, its system permissions for the whole server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from polpo.features.rights.authority import held_by
from polpo.features.rights.resource import (
    ProjectedTeamReferenceDataItem,
    UserPermissionRestriction,
    UserPermissionSet,
)
from polpo.features.teams.resource import ScopedUserRole, Team
from polpo.features.teams.service import is_direct, teams_of
from polpo.rest.authorization import Rights
from polpo.rest.permissions import RESTRICTABLE_BY, Permission
from polpo.store.session import Session


@dataclass(frozen=True)
class Part:
    """Which part of the rights is asked for: in these spaces (None: in all), and whether those of the server."""

    spaces: frozenset[str] | None = None
    with_system: bool = True

    def has_space(self, space_id: str | None) -> bool:
        return bool(space_id) and (self.spaces is None or space_id in self.spaces)

    def has_team(self, team: Team) -> bool:
        return self.has_space(team.space_id) if team.space_id else self.with_system


def permission_set(session: Session, user_id: str, part: Part) -> UserPermissionSet:
    teams = teams_of(session, user_id)
    rights = UserPermissionSet(id=user_id, teams=[projected(team, user_id) for team in teams if part.has_team(team)])
    system: set[str] = set()
    for grant, role in held_by(session, teams):
        system.update(role.granted_system_permissions)
        if part.has_space(grant.space_id):
            _add(rights, grant, role.granted_space_permissions)
    if part.with_system:
        rights.system_permissions = [permission.value for permission in Permission if permission in system]
    return rights


def as_seen(whole: UserPermissionSet, reader: Rights) -> UserPermissionSet:
    """Without what it tells of spaces that the reader may not see."""
    seen: dict[str, list[UserPermissionRestriction]] = {}
    for permission, found in whole.space_permissions.items():
        if shown := [one for one in found if reader.sees_space(one.space_id)]:
            seen[permission] = shown
    whole.is_permissions_complete = sum(map(len, seen.values())) == sum(map(len, whole.space_permissions.values()))
    whole.space_permissions = seen
    teams = [team for team in whole.teams if team.space_id is None or reader.sees_space(team.space_id)]
    whole.is_teams_complete, whole.teams = len(teams) == len(whole.teams), teams
    return whole


def _add(rights: UserPermissionSet, grant: ScopedUserRole, permissions: Iterable[str]) -> None:
    for permission in permissions:
        restriction = _restriction(grant, RESTRICTABLE_BY.get(Permission(permission), ()))
        known = rights.space_permissions.setdefault(permission, [])
        if restriction not in known:
            known.append(restriction)


def _restriction(grant: ScopedUserRole, scopes: tuple[str, ...]) -> UserPermissionRestriction:
    by_project = "Projects" in scopes
    return UserPermissionRestriction(
        space_id=grant.space_id or "",
        restricted_to_project_ids=grant.project_ids if by_project else [],
        restricted_to_project_group_ids=grant.project_group_ids if by_project or "ProjectGroups" in scopes else [],
        restricted_to_environment_ids=grant.environment_ids if "Environments" in scopes else [],
        restricted_to_tenant_ids=grant.tenant_ids if "Tenants" in scopes else [],
    )


def projected(team: Team, user_id: str) -> ProjectedTeamReferenceDataItem:
    groups = team.external_security_groups
    return ProjectedTeamReferenceDataItem(
        id=team.id,
        name=team.name,
        space_id=team.space_id,
        is_directly_assigned=is_direct(team, user_id),
        external_group_names=[group.display_name for group in groups],
        external_security_groups=groups,
    )
