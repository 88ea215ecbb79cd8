"""Signing in by user name and password, whoever keeps the password: this server, or a directory outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from polpo.features.users.guest import guest_by_name, guest_is_enabled
from polpo.features.users.lockout import (
    Subject,
    begin_attempt,
    by_address,
    by_name,
    failures_of,
    forgive,
    refuse_locked_out,
    take_back,
    told_time,
)
from polpo.features.users.passwords import Passwords, password_hash_of, replace_password_hash
from polpo.features.users.policy import passwords_of
from polpo.features.users.resource import USERS, User
from polpo.features.users.service import find_by_username
from polpo.features.users.signingin import begin_session, refuse_foreign_page, shown_name, tell_failure
from polpo.kernel.errors import Invalid, NotSignedIn, Unavailable
from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.store.changes import Happening
from polpo.store.session import Session

_MOST_WAITING = 20


@dataclass(frozen=True)
class Proven:
    """The user of a name and a password; `still` tells whether they belong together to this moment."""

    user: User
    still: Callable[[Session], bool] = lambda _session: True


@dataclass(frozen=True)
class Way:
    """Somebody who knows whether a name and a password belong together. `prove` answers whose they are if they do.

    `means` is what the audit trail calls it. Where it is not `is_guessable`, no password is asked for.
    """

    means: str
    is_enabled: Callable[[Session], bool]
    prove: Callable[[Call, str, str], Awaitable[Proven | None]]
    is_guessable: bool = True


class SignInTurns:
    """One attempt under a name at a time: so people who sign in twice at once do not count as guessing."""

    def __init__(self) -> None:
        self._turns: dict[str, tuple[asyncio.Lock, list[None]]] = {}

    @asynccontextmanager
    async def of(self, name: Subject) -> AsyncIterator[None]:
        lock, waiting = self._turns.setdefault(name.key, (asyncio.Lock(), []))
        if len(waiting) >= _MOST_WAITING:
            raise Unavailable("Too many sign-ins under this name are under way; try again in a moment.")
        waiting.append(None)
        try:
            async with lock:
                yield
        finally:
            waiting.pop()
            if not waiting:
                del self._turns[name.key]


async def sign_in(call: Call, username: str, password: str, *, remembered: bool) -> Reply:
    """The answer of a sign-in, with the session's cookies. NotSignedIn and TooManyRequests tell nothing of users."""
    refuse_foreign_page(call)
    name, address = by_name(username, shown_name(username)), by_address(_address(call))
    subjects = (name,) if address is None else (name, address)
    with call.reading() as reading:
        enabled = [way for way in ways if way.is_enabled(reading.session)]
        refuse_locked_out(reading.session, subjects)
    if not enabled:
        raise Invalid("Signing in by user name and password is switched off on this server; choose another way.")
    async with call.parts.get(SignInTurns).of(name):
        await call.write(lambda inside: begin_attempt(inside.session, subjects))
        found = await _proven(call, enabled, username, password, subjects)
        if found is not None:
            proven, means = found
            await call.write(lambda inside: forgive(inside.session, name, address))
            return await begin_session(call, proven.user, means=means, remembered=remembered, still=proven.still)
        await call.write(lambda inside: _refused(inside, username, enabled[-1].means, subjects))
    raise NotSignedIn("The user name or the password is not correct.")


async def _proven(
    call: Call, enabled: list[Way], username: str, password: str, subjects: tuple[Subject, ...]
) -> tuple[Proven, str] | None:
    """Whose they are, and by which means.

    An attempt that nobody could check is none; but it is a guess where one way could: else whoever knows how to make
    another way fail could guess for ever.
    """
    refused_by: str | None = None
    for way in enabled:
        try:
            proven = await way.prove(call, username, password)
        except Unavailable:
            await call.write(partial(_unchecked, username=username, refused_by=refused_by, subjects=subjects))
            raise
        if proven is not None:
            return proven, way.means
        refused_by = way.means if way.is_guessable else refused_by
    return None


def _unchecked(call: Call, username: str, refused_by: str | None, subjects: tuple[Subject, ...]) -> None:
    if refused_by is None:
        take_back(call.session, subjects)
    else:
        _refused(call, username, refused_by, subjects)


def _address(call: Call) -> str:
    return call.request.client.host if call.request.client else ""


def _refused(call: Call, username: str, means: str, subjects: tuple[Subject, ...]) -> None:
    user = find_by_username(call.session, username)
    tell_failure(call, username, means, user)
    tell_lock_out(call.session, subjects, user)


def tell_lock_out(session: Session, subjects: Iterable[Subject], user: User | None) -> None:
    """Tells the audit trail which of the subjects are refused from now on."""
    for subject in subjects:
        found = failures_of(session, subject)
        if found.until is None:
            continue
        wait = told_time(subject.wait(found.count).total_seconds())
        message = f"Sign-ins {subject.told} are refused for {wait} after {found.count} failures."
        about = (user.id,) if user is not None else ()
        session.happened(Happening("UserLockedOut", message, None, USERS.name, about))


async def _guest(call: Call, username: str, _password: str) -> Proven | None:
    guest = guest_by_name(call, username)
    return Proven(guest) if guest else None


async def _own_password(call: Call, username: str, password: str) -> Proven | None:
    """Takes as long for a name that nobody has."""
    with call.reading() as reading:
        user = find_by_username(reading.session, username)
        stored = password_hash_of(reading.session, user)
    passwords = call.parts.get(Passwords)
    async with passwords.turn():
        if not await passwords.matches(stored, password):
            return None
        renewed = await passwords.renewed(stored, password)
    if user is None or not user.is_active or user.is_service:
        return None
    if renewed:
        await call.write(lambda inside: replace_password_hash(inside.session, user.id, stored, renewed))
    checked = renewed or stored
    return Proven(user, still=lambda session: password_hash_of(session, user) == checked)


#: In the order in which they are asked. Features that know of directories add theirs.
ways: list[Way] = [
    Way("guest", guest_is_enabled, _guest, is_guessable=False),
    Way("password", lambda session: passwords_of(session).is_enabled, _own_password),
]
