"""Rules of user accounts: what a user needs, what stays, and who may look after whom."""

from __future__ import annotations

import uuid

from polpo.features.identities import emails
from polpo.features.rights.administration import require_over, require_over_groups
from polpo.features.teams.resource import TEAMS
from polpo.features.teams.service import ADMINISTRATORS, require_administrator
from polpo.features.users.lockout import by_name, forget
from polpo.features.users.passwords import password_hash_of, set_password_hash
from polpo.features.users.policy import authentication_of
from polpo.features.users.resource import CREDENTIALS, GUEST, USERS, Credentials, User
from polpo.features.users.sessions import close_sessions
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.changes import Happening
from polpo.store.session import Session

_LONGEST = 200


def own_or_require(call: Call, user_id: str, permission: Permission) -> None:
    """Everybody may do it for themselves; for others it needs the permission."""
    if call.caller.user_id != user_id:
        call.require(permission)


def check_change(call: Call, user: User, before: User) -> None:
    """Everybody keeps their own names and password; what decides who they are, and what others are, takes a right.

    What belongs to the right and is left out stays as it is.
    """
    if before.id != call.caller.user_id:
        call.require(Permission.USER_EDIT)
        require_over(call, before.id)
    else:
        _check_own(call, user, before)
    if user.identities != before.identities or _is_identified_anew(call, user, before.email_address):
        require_over_groups(call)


def check_new(call: Call, user: User) -> None:
    """Who makes a user with an identity says who somebody is whom a provider will send."""
    if user.identities or _is_identified_anew(call, user, ""):
        require_over_groups(call)


def _check_own(call: Call, user: User, before: User) -> None:
    if not user.is_active:
        raise Conflict("You cannot deactivate yourself.")
    if user.username.strip() not in {"", before.username}:
        call.require(Permission.USER_EDIT)
    if _is_identified_anew(call, user, before.email_address):
        call.require(Permission.USER_EDIT)  # else the next person with that address would be led to this user
    if user.identities != before.identities:
        _settle_own_identities(call, user, before)


def _is_identified_anew(call: Call, user: User, before: str) -> bool:
    return user.email_address.strip() != before and emails.identify(call.session)


def _settle_own_identities(call: Call, user: User, before: User) -> None:
    if user.identities and not authentication_of(call.session).is_self_service_identity_editing_enabled:
        call.require(Permission.USER_EDIT)
    user.identities = user.identities or before.identities


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
    user.can_password_be_edited = not user.is_service and user.id != GUEST
    user.is_requestor, user.password = False, None
    faults = [] if user.username else ["Username is missing."]
    for place, text in (
        ("Username", user.username),
        ("DisplayName", user.display_name),
        ("EmailAddress", user.email_address),
    ):
        if len(text) > _LONGEST:
            faults.append(f"{place}: {len(text)} characters are too many; {_LONGEST} is the most.")
        if not text.isprintable():
            faults.append(f"{place}: it has characters that cannot be printed; leave them out.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The user cannot be saved.", faults)


def change_password(call: Call, user: User, hashed: str, *, but: str = "") -> None:
    """Sets the password and ends what the old one has opened, but the session that `but` is the token of."""
    session = call.session
    if user.id == call.caller.user_id and user.identities and not password_hash_of(session, user):
        call.require(
            Permission.USER_EDIT
        )  # who signs in by a provider shall not stay when the provider has let them go
    set_password_hash(session, user.id, hashed)
    close_sessions(session, user.id, but=but if user.id == call.caller.user_id else "")
    forget(session, by_name(user.username, user.username))
    by, own = call.caller.username, user.id == call.caller.user_id
    message = f"{by} changed their password." if own else f"{by} set a new password for {user.username}."
    session.happened(Happening("PasswordChanged" if own else "PasswordReset", message, None, USERS.name, (user.id,)))
