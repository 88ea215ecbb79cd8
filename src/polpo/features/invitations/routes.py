"""Invitations, and registering with one, over HTTP."""

from __future__ import annotations

from polpo.features.invitations.resource import INVITATIONS, Invitation, Registration
from polpo.features.invitations.service import invite, register, require_invitation
from polpo.features.users.passwords import Passwords, refuse_weak
from polpo.features.users.policy import allow_passwords, shortest_password
from polpo.features.users.resource import User
from polpo.kernel.errors import NotFound
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("invitations", scope="both")


@routes.post("/users/invitations", Permission.USER_INVITE, status=201)
def create_invitation(call: Call, body: Invitation) -> Invitation:
    """Create an invitation into teams; the answer shows its code, once"""
    body.space_id = call.space_id or body.space_id or None
    stamp(call, body)
    return _shown(invite(call.session, body))


@routes.get("/users/invitations/{id}", Permission.USER_INVITE)
def invitation(call: Call, id: str) -> Invitation:
    """One invitation, without its code"""
    found = call.session.get(INVITATIONS, id)
    if call.space_id and found.space_id not in {None, call.space_id}:
        raise NotFound(f"There is no invitation with the id '{id}' in this space.")
    return _shown(found)


def _shown(invitation: Invitation) -> Invitation:
    invitation.digest = ""
    return invitation


@routes.post("/users/register", "anonymous", scope="system", status=201)
async def register_user(call: Call, body: Registration) -> User:
    """Become a user, with the code of an invitation"""
    user = User(
        username=body.username,
        display_name=body.display_name,
        email_address=body.email_address,
        last_modified_on=call.clock.now(),
        last_modified_by=body.username.strip(),
    )
    with call.reading() as reading:
        allow_passwords(reading.session)
        require_invitation(reading.session, body.invitation_code)
        refuse_weak(body.password, user, shortest_password(reading.session))
    hashed = await call.parts.get(Passwords).hash(body.password)
    return await call.database.write(lambda session: register(session, body.invitation_code, user, hashed))
