"""Rules of invitations: who is invited joins the teams that the invitation names, once, within two days."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from polpo.features.identities import emails
from polpo.features.invitations.resource import INVITATIONS, Invitation
from polpo.features.rights.administration import require_over_teams
from polpo.features.teams.resource import TEAMS
from polpo.features.teams.service import join
from polpo.features.users.accounts import add_user
from polpo.features.users.resource import User
from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import hash_token
from polpo.rest.application import actor_of
from polpo.rest.authorization import Subject
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session

LIFE = timedelta(hours=48)


def invite(call: Call, invitation: Invitation) -> Invitation:
    """Stores the invitation and answers it with its code. One invites into teams only whose members one may choose."""
    session = call.session
    code = secrets.token_urlsafe(24)
    invitation.id, invitation.invitation_code, invitation.digest = "", "", hash_token(code)
    invitation.add_to_team_ids = list(dict.fromkeys(team for team in invitation.add_to_team_ids if team))
    _refuse_fixed(session, invitation)
    _require_teams(call, invitation)
    _forget_expired(call)
    invitation.expires = session.clock.now() + LIFE
    stored = session.insert(INVITATIONS, invitation)
    stored.invitation_code = code
    return stored


def is_open(call: Call, invitation: Invitation) -> bool:
    """Whether somebody can register with it, as far as the call's space is concerned."""
    is_here = call.space_id is None or invitation.space_id in {None, call.space_id}
    return is_here and invitation.expires is not None and invitation.expires > call.clock.now()


def _forget_expired(call: Call) -> None:
    for found in call.session.all(INVITATIONS):
        if found.expires is None or found.expires <= call.clock.now():
            call.session.delete(INVITATIONS, found.id)


def _require_teams(call: Call, invitation: Invitation) -> None:
    for team in call.session.by_ids(TEAMS, invitation.add_to_team_ids).values():
        call.require_for(Permission.TEAM_EDIT, Subject(team.space_id))
    require_over_teams(call, invitation.add_to_team_ids)


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


def _refuse_identifying(session: Session, user: User) -> None:
    """Else somebody could register with the address of another, who would be led to this user when they sign in."""
    if user.email_address.strip() and emails.identify(session):
        sentence = "EmailAddress: leave it out; on this server it tells who people are, so an administrator enters it."
        raise Invalid(sentence, [sentence])


def register(call: Call, code: str, user: User, hashed: str) -> User:
    """Makes the user and uses up the invitation. It is told of the new user, from where they registered."""
    session = call.session
    _refuse_identifying(session, user)
    invitation = require_invitation(session, code)
    created = add_user(session, user, hashed)
    session.actor = replace(actor_of(call), user_id=created.id, username=created.username, means="invitation")
    for team_id in invitation.add_to_team_ids:
        join(session, team_id, created.id)
    session.delete(INVITATIONS, invitation.id)
    return created
