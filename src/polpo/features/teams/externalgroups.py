"""Teams that people belong to because a provider outside says that they are in a group."""

from __future__ import annotations

from polpo.features.identities.groups import external_groups_of
from polpo.features.teams.resource import TEAMS, NamedReferenceItem, Team
from polpo.kernel.errors import Invalid
from polpo.store.session import Session

_MOST_GROUPS = 200
_LONGEST = 500


def settle_groups(team: Team) -> None:
    """Each group counts once; case does not matter."""
    groups: dict[str, NamedReferenceItem] = {}
    faults = []
    for group in team.external_security_groups:
        group.id, group.display_name = group.id.strip(), group.display_name.strip()
        if not group.id or len(group.id) > _LONGEST or len(group.display_name) > _LONGEST:
            faults.append(f"ExternalSecurityGroups: each group needs an Id; {_LONGEST} characters are the most.")
        groups.setdefault(group.id.casefold(), group)
    if len(groups) > _MOST_GROUPS:
        faults.append(f"ExternalSecurityGroups: {len(groups)} groups are too many; {_MOST_GROUPS} is the most.")
    if faults:
        raise Invalid(faults[0], list(dict.fromkeys(faults)))
    team.external_security_groups = list(groups.values())


def teams_by_groups(session: Session, user_id: str) -> list[str]:
    """The ids of the teams that a group of the user is a member of."""
    groups = {group for _, group in external_groups_of(session, user_id)}
    if not groups:
        return []
    known = session.remembered((TEAMS,), "groups of teams", lambda: _groups_of_teams(session))
    return [team_id for team_id, of_team in known if not groups.isdisjoint(of_team)]


def _groups_of_teams(session: Session) -> list[tuple[str, frozenset[str]]]:
    """Few teams have groups."""
    return [
        (team.id, frozenset(group.id.casefold() for group in team.external_security_groups))
        for team in session.all(TEAMS)
        if team.external_security_groups
    ]
