"""Teams and their roles over HTTP."""

from __future__ import annotations

from polpo.features.rights.administration import require_for_roles, require_over_teams
from polpo.features.teams.granting import refuse_fixed, settle_grant
from polpo.features.teams.levels import LEVELS, TwoLevelCollection
from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS, ScopedUserRole, Team
from polpo.features.teams.service import refuse_built_in, settle_team
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("teams", scope="both")


def _prepare_team(call: Call, team: Team, before: Team | None) -> None:
    """Who belongs to a team of administrators is for administrators to say."""
    settle_team(call, team, before)
    if before is not None and _belonging(team) != _belonging(before):
        require_over_teams(call, [before.id])


def _belonging(team: Team) -> tuple[set[str], set[str]]:
    return set(team.member_user_ids), {group.id for group in team.external_security_groups}


def _remove_team(call: Call, team: Team) -> None:
    refuse_built_in(call, team)
    require_over_teams(call, [team.id])


def _prepare_grant(call: Call, grant: ScopedUserRole, before: ScopedUserRole | None) -> None:
    settle_grant(call, grant, before)
    require_for_roles(call, [grant.user_role_id, *([before.user_role_id] if before else [])])


def _remove_grant(call: Call, grant: ScopedUserRole) -> None:
    refuse_fixed(call, grant)
    require_for_roles(call, [grant.user_role_id])


teams = TwoLevelCollection(
    TEAMS,
    "/teams",
    **permissions_of("Team"),
    prepare=_prepare_team,
    removing=_remove_team,
    scope="both",
    query=LEVELS,
)


class _ScopedRoles(TwoLevelCollection[ScopedUserRole]):
    """Who may change a team says which roles it holds: a team of the server is not for those who manage a space."""

    def guard(self, call: Call, document: ScopedUserRole) -> None:
        if call.permission is Permission.TEAM_EDIT:
            call.guard(TEAMS, call.session.get(TEAMS, document.team_id))
        else:
            super().guard(call, document)


scoped_user_roles = _ScopedRoles(
    SCOPED_USER_ROLES,
    "/scopeduserroles",
    view=Permission.TEAM_VIEW,
    create=Permission.TEAM_EDIT,
    edit=Permission.TEAM_EDIT,
    delete=Permission.TEAM_EDIT,
    prepare=_prepare_grant,
    removing=_remove_grant,
    scope="both",
    query=LEVELS,
)
teams.register(routes)
scoped_user_roles.register(routes)


@routes.get("/teams/{id}/scopeduserroles", Permission.TEAM_VIEW, paged=True, query=LEVELS)
def roles_of_team(call: Call, id: str) -> Page[ScopedUserRole]:
    """The roles that a team holds"""
    team = teams.find(call, id)
    return scoped_user_roles.page(call, SCOPED_USER_ROLES.table.c.team_id == team.id)
