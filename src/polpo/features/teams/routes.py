"""Teams and their roles over HTTP."""

from __future__ import annotations

from polpo.features.teams.granting import refuse_fixed, settle_grant
from polpo.features.teams.levels import LEVELS, TwoLevelCollection
from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS, ScopedUserRole
from polpo.features.teams.service import refuse_built_in, settle_team
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("teams", scope="both")

teams = TwoLevelCollection(
    TEAMS,
    "/teams",
    **permissions_of("Team"),
    prepare=settle_team,
    removing=refuse_built_in,
    scope="both",
    query=LEVELS,
)
scoped_user_roles = TwoLevelCollection(
    SCOPED_USER_ROLES,
    "/scopeduserroles",
    view=Permission.TEAM_VIEW,
    create=Permission.TEAM_EDIT,
    edit=Permission.TEAM_EDIT,
    delete=Permission.TEAM_EDIT,
    prepare=settle_grant,
    removing=refuse_fixed,
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
