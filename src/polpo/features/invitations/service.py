"""Rules of invitations: who is invited joins the teams that the invitation names, once, within two days."""

from __future__ import annotations

import secrets
from datetime import timedelta

from polpo.features.invitations.resource import INVITATIONS, Invitation
from polpo.features.teams.resource import TEAMS
from polpo.features.teams.service import join
from polpo.features.users.accounts import add_user
from polpo.features.users.resource import User
from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import hash_token
from polpo.store.session import Session

LIFE = timedelta(hours=48)


def invite(session: Session, invitation: Invitation) -> Invitation:
    """Stores the invitation and answers it with its code."""
    code = secrets.token_urlsafe(24)
    invitation.id, invitation.invitation_code, invitation.digest = "", "", hash_token(code)
    invitation.add_to_team_ids = list(dict.fromkeys(team for team in invitation.add_to_team_ids if team))
    _refuse_fixed(session, invitation)
    invitation.expires = session.clock.now() + LIFE
    stored = session.insert(INVITATIONS, invitation)
    stored.invitation_code = code
    return stored


def _refuse_fixed(session: Session, invitation: Invitation) -> None:
    teams = session.by_ids(TEAMS, invitation.add_to_team_ids)
    faults = [
        f"AddToTeamIds: nobody can be added to the team '{team.name}'."
        for team in teams.values()
        if not team.can_change_members
    ]
    if faults:
        raise Invalid(faults[0], faults)


def require_invitation(session: Session, code: str) -> Invitation:
    found = session.first(INVITATIONS, INVITATIONS.table.c.digest == hash_token(code.strip()))
    if found is None or found.expires is None or found.expires <= session.clock.now():
        sentence = "The invitation code is not valid, was used, or is older than two days; ask for a new invitation."
        raise Invalid(sentence, [sentence])
    return found


def register(session: Session, code: str, user: User, hashed: str) -> User:
    """Makes the user and uses up the invitation."""
    invitation = require_invitation(session, code)
    created = add_user(session, user, hashed)
    for team_id in invitation.add_to_team_ids:
        join(session, team_id, created.id)
    session.delete(INVITATIONS, invitation.id)
    return created
