"""Rules of giving a role to a team: at which level it applies, and by what it may be narrowed."""

from __future__ import annotations

from polpo.features.teams.resource import TEAMS, ScopedUserRole, Team
from polpo.features.userroles.resource import USER_ROLES, UserRole
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call

_SCOPES = ("project_group_ids", "project_ids", "environment_ids", "tenant_ids")


def settle_grant(call: Call, grant: ScopedUserRole, before: ScopedUserRole | None) -> None:
    """A role with space permissions applies in a space; one without them applies to the server."""
    _settle_scopes(grant)
    team, role = _team_of(call, grant), _role_of(call, grant)
    if before is not None and before.team_id != team.id:
        _require_changeable(call.session.get(TEAMS, before.team_id))
    _require_changeable(team)
    if role.granted_space_permissions:
        grant.space_id = _space_of(grant, team, role)
    elif team.space_id:
        raise _refusal(
            f"The role '{role.name}' has system permissions only; the team '{team.name}' belongs to one space."
        )
    else:
        grant.space_id = None
    if grant.space_id is None and any(getattr(grant, scope) for scope in _SCOPES):
        raise _refusal(f"The role '{role.name}' applies to the whole server and cannot be narrowed.")


def _settle_scopes(grant: ScopedUserRole) -> None:
    """An empty list narrows nothing, so one of blanks, which was to narrow, must not become empty."""
    faults = []
    for scope in _SCOPES:
        ids = list(dict.fromkeys(getattr(grant, scope)))
        if not all(ids):
            name = "".join(word.capitalize() for word in scope.split("_"))
            faults.append(f"{name} has a blank where an id should be; an empty list narrows nothing.")
        setattr(grant, scope, ids)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The scoped user role cannot be saved.", faults)


def _team_of(call: Call, grant: ScopedUserRole) -> Team:
    team = call.session.find(TEAMS, grant.team_id)
    if team is None:
        raise _refusal(f"TeamId names the team '{grant.team_id}', which does not exist.")
    return team


def _role_of(call: Call, grant: ScopedUserRole) -> UserRole:
    role = call.session.find(USER_ROLES, grant.user_role_id)
    if role is None:
        raise _refusal(f"UserRoleId names the user role '{grant.user_role_id}', which does not exist.")
    return role


def _space_of(grant: ScopedUserRole, team: Team, role: UserRole) -> str:
    space = grant.space_id or team.space_id
    if not space:
        raise _refusal(
            f"SpaceId is missing: the role '{role.name}' has space permissions, so say in which space they hold."
        )
    if team.space_id and space != team.space_id:
        raise _refusal(
            f"SpaceId: the team '{team.name}' belongs to the space '{team.space_id}' and gets roles there only."
        )
    return space


def _require_changeable(team: Team) -> None:
    if not team.can_change_roles:
        raise _refusal(f"The roles of the team '{team.name}' cannot be changed.")


def _refusal(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])


def refuse_fixed(call: Call, grant: ScopedUserRole) -> None:
    _require_changeable(call.session.get(TEAMS, grant.team_id))
