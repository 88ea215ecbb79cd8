"""The guest: one user for everybody who only wants to look, without a password, where administrators allow it.

What the guest sees is what its teams may see. It changes nothing, whatever they may: `service.refuse_guest`.
"""

from __future__ import annotations

from polpo.features.configuration.sections import Section, add_section
from polpo.features.configuration.service import read_section
from polpo.features.users.resource import API_KEYS, GUEST, USERS, User
from polpo.features.users.service import add_api_key, find_by_username
from polpo.features.users.sessions import close_sessions
from polpo.kernel.errors import Conflict
from polpo.kernel.secrets import hash_token
from polpo.rest.call import Call
from polpo.store.documents import Document
from polpo.store.session import Session

NAME = "guest"
#: Known to everybody, as in the product whose clients are served.
KEY = "API-GUEST"


class GuestConfiguration(Document):
    is_enabled: bool = False


def _replaced(session: Session, _before: GuestConfiguration, after: GuestConfiguration) -> None:
    if after.is_enabled:
        _let_in(session)
    elif (guest := session.find(USERS, GUEST)) is not None:
        _shut_out(session, guest)


GUESTS = add_section(
    Section(
        "authentication-guest",
        "",
        "Guest Login",
        "Lets everybody who reaches the server look, without a password.",
        GuestConfiguration,
        replaced=_replaced,
    )
)


def guest_is_enabled(session: Session) -> bool:
    return read_section(session, GUESTS).is_enabled


def guest_by_name(call: Call, username: str) -> User | None:
    """Whoever says that they are the guest, is."""
    if username.strip().casefold() != NAME:
        return None
    with call.reading() as reading:
        return reading.session.find(USERS, GUEST)


def _let_in(session: Session) -> None:
    guest = session.find(USERS, GUEST)
    if guest is None:
        if find_by_username(session, NAME) is not None:
            raise Conflict(f"There is a user called '{NAME}' already; give them another name first.")
        new = User(id=GUEST, username=NAME, display_name="Guest", can_password_be_edited=False)
        new.created = session.clock.now()
        guest = session.insert(USERS, new)
    elif not guest.is_active:
        guest.is_active = True
        session.update(USERS, guest)
    if _key(session) is None:
        add_api_key(session, guest.id, "Looking as a guest", None, KEY)


def _shut_out(session: Session, guest: User) -> None:
    close_sessions(session, guest.id)
    if (key := _key(session)) is not None:
        session.delete(API_KEYS, key)
    if guest.is_active:
        guest.is_active = False
        session.update(USERS, guest)


def _key(session: Session) -> str | None:
    found = session.first(API_KEYS, API_KEYS.table.c.digest == hash_token(KEY))
    return found.id if found else None
