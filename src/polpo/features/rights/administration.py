"""So that nobody becomes an administrator by way of a lesser right, such as to edit users or teams."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.rights.authority import grants_of, rights_of
from polpo.features.teams.resource import TEAMS
from polpo.rest.authorization import Rights
from polpo.rest.call import Call
from polpo.rest.permissions import Permission


def require_over(call: Call, user_id: str) -> None:
    """Who could give an administrator a password or a key could be one, so that takes an administrator."""
    if user_id != call.caller.user_id and rights_of(call.session, user_id).holds(Permission.ADMINISTER_SYSTEM):
        call.require(Permission.ADMINISTER_SYSTEM)


def require_over_teams(call: Call, team_ids: Iterable[str]) -> None:
    """The same of who could make somebody a member of a team of administrators."""
    teams = call.session.by_ids(TEAMS, team_ids).values()
    if Rights(tuple(grants_of(call.session, teams))).holds(Permission.ADMINISTER_SYSTEM):
        call.require(Permission.ADMINISTER_SYSTEM)
