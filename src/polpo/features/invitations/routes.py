"""Invitations, and registering with one, over HTTP."""

from __future__ import annotations

from polpo.features.invitations.resource import INVITATIONS, Invitation, Registration
from polpo.features.invitations.service import invite, is_open, register, require_invitation
from polpo.features.users.passwords import Passwords, refuse_weak
from polpo.features.users.policy import allow_passwords, shortest_password
from polpo.features.users.resource import User
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page
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
    return _shown(invite(call, body))


@routes.get("/users/invitations", Permission.USER_INVITE, response=Invitation, paged=True)
def list_invitations(call: Call) -> Page[Invitation]:
    """List the invitations that are open, without their codes"""
    paging, table = call.paging, INVITATIONS.table
    open_ones = [one for one in call.session.all(INVITATIONS, order=[table.c.seq.desc()]) if is_open(call, one)]
    shown = [_shown(one) for one in open_ones[paging.skip : paging.skip + paging.take]]
    return Page(shown, len(open_ones), paging, "Invitation")


@routes.get("/users/invitations/{id}", Permission.USER_INVITE)
def invitation(call: Call, id: str) -> Invitation:
    """One invitation, without its code"""
    return _shown(_found(call, id))


@routes.delete("/users/invitations/{id}", Permission.USER_INVITE)
def withdraw_invitation(call: Call, id: str) -> None:
    """Withdraw an invitation: nobody can register with its code any more"""
    call.session.delete(INVITATIONS, _found(call, id).id)


def _found(call: Call, identity: str) -> Invitation:
    found = call.session.find(INVITATIONS, identity)
    if found is None or (call.space_id and found.space_id not in {None, call.space_id}):
        raise NotFound(f"There is no invitation with the id '{identity}' here; it was used, has expired, or never was.")
    return found


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
    return await call.write(lambda inside: register(inside, body.invitation_code, user, hashed))
