"""Letting somebody in again from outside of the server, when nobody can sign in who could help."""

from __future__ import annotations

import msgspec

from polpo.features.configuration.resource import SECTIONS
from polpo.features.configuration.service import stored_id
from polpo.features.users.lockout import by_name, forget
from polpo.features.users.passwords import set_password_hash
from polpo.features.users.policy import PASSWORDS
from polpo.features.users.resource import GUEST, USERS, User
from polpo.features.users.service import find_by_username
from polpo.features.users.sessions import close_sessions
from polpo.kernel.errors import Invalid, NotFound
from polpo.store.changes import Actor, Happening
from polpo.store.session import Session


def person_called(session: Session, username: str) -> User:
    """The user, if it is one who signs in by password."""
    user = find_by_username(session, username)
    if user is None:
        raise NotFound(f"There is no user called '{username}'.")
    if user.is_service or user.id == GUEST:
        raise Invalid(f"'{user.username}' does not sign in by password.")
    return user


def recover(session: Session, username: str, hashed: str) -> User:
    """Sets the password, and takes away whatever else may keep the user out: lock-out, deactivation, the section.

    What was opened with the old password ends.
    """
    session.actor = Actor(means="command line")
    user = person_called(session, username)
    set_password_hash(session, user.id, hashed)
    close_sessions(session, user.id)
    forget(session, by_name(user.username, user.username))
    if not user.is_active:
        user.is_active = True
        session.update(USERS, user)
    _switch_passwords_on(session)
    message = f"The command line set a new password for {user.username}."
    session.happened(Happening("PasswordReset", message, None, USERS.name, (user.id,)))
    return user


def _switch_passwords_on(session: Session) -> None:
    stored = session.find(SECTIONS, stored_id(PASSWORDS))
    if stored is not None and not msgspec.convert(stored.values, PASSWORDS.document).is_enabled:
        stored.values = stored.values | {"IsEnabled": True}
        session.update(SECTIONS, stored)
