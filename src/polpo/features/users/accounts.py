"""Rules of user accounts: what a user needs, what stays, and who may look after whom."""

from __future__ import annotations

import uuid

from polpo.features.teams.resource import TEAMS
from polpo.features.teams.service import ADMINISTRATORS, require_administrator
from polpo.features.users.resource import CREDENTIALS, USERS, Credentials, User
from polpo.features.users.service import set_password_hash
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session

_LONGEST = 200


def own_or_require(call: Call, user_id: str, permission: Permission) -> None:
    """Everybody may do it for themselves; for others it needs the permission."""
    if call.caller.user_id != user_id:
        call.require(permission)


def add_user(session: Session, user: User, hashed: str | None) -> User:
    """A new user; a service account is given the id that outside issuers know it by, and no password."""
    user.id, user.created = "", user.created or session.clock.now()
    settle(user)
    created = session.insert(USERS, user)
    if created.is_service:
        session.insert(CREDENTIALS, Credentials(user_id=created.id, external_id=str(uuid.uuid4())))
    elif hashed:
        set_password_hash(session, created.id, hashed)
    return created


def replace_user(session: Session, user: User, before: User) -> User:
    """The kind of account stays; the last active administrator stays active."""
    user.id, user.created, user.is_service = before.id, before.created, before.is_service
    user.username = user.username.strip() or before.username
    settle(user)
    changed = session.update(USERS, user)
    administrators = session.get(TEAMS, ADMINISTRATORS).member_user_ids
    if user.id in administrators and not user.is_active:
        require_administrator(session, administrators)
    return changed


def settle(user: User) -> None:
    user.username = user.username.strip()
    user.display_name = user.display_name.strip() or user.username
    user.email_address = user.email_address.strip()
    user.can_password_be_edited = not user.is_service
    user.is_requestor, user.password = False, None
    faults = [] if user.username else ["Username is missing."]
    for place, text in (
        ("Username", user.username),
        ("DisplayName", user.display_name),
        ("EmailAddress", user.email_address),
    ):
        if len(text) > _LONGEST:
            faults.append(f"{place}: {len(text)} characters are too many; {_LONGEST} is the most.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The user cannot be saved.", faults)


def refuse_weak(password: str, username: str) -> None:
    """How long it must be is asked where it is hashed; here, that it does not say itself."""
    if username.strip() and password.casefold() == username.strip().casefold():
        sentence = "Password: it is the user name; choose another one."
        raise Invalid(sentence, [sentence])
