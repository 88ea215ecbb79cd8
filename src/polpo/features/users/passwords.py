"""Passwords: what a good one is, and how they are hashed, checked, and kept from taking all memory."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from polpo.features.users.commonpasswords import is_common
from polpo.features.users.resource import CREDENTIALS, Credentials, User
from polpo.kernel.errors import Invalid, Unavailable
from polpo.store.session import Session

SHORTEST = 8
#: Longer ones make nothing safer, and cost time to hash.
LONGEST = 1000

_AT_ONCE = 2
_MOST_WAITING = 100
_TELLING = 4


def argon2id() -> PasswordHasher:
    """RFC 9106, the second recommended choice: 64 MiB of memory, 3 passes, 4 lanes; some 50 ms on a small machine."""
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16, type=Type.ID)


class Passwords:
    """Hashes and checks, in threads of their own; one a server.

    Each computation takes 64 MiB, so few run at once. Who comes while they do waits in line; when the line is long,
    Unavailable says so, rather than let everybody wait for ever.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self.hasher = hasher or argon2id()
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        async with self.turn():
            return await asyncio.to_thread(self.hasher.hash, password)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """To be held around `matches` and `renewed`, and around what must not be done more often than they are."""
        if self._waiting >= _MOST_WAITING:
            raise Unavailable("The server checks as many passwords as it can; try again in a moment.")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    async def matches(self, stored: str, password: str) -> bool:
        """Whether the hash is of the password. Without a hash, it takes as long and the answer is no."""
        return await asyncio.to_thread(self._verify, stored or self._decoy, password) and bool(stored)

    async def renewed(self, stored: str, password: str) -> str | None:
        """A new hash for the password, where the parameters have changed since the stored one was made."""
        if not self.hasher.check_needs_rehash(stored):
            return None
        return await asyncio.to_thread(self.hasher.hash, password)

    @cached_property
    def _decoy(self) -> str:
        return self.hasher.hash("nobody has this password")

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self.hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def refuse_weak(password: str, user: User, shortest: int = SHORTEST) -> None:
    """Length is what counts; and that it is not what guessers try first: well-known words, and what the user is called.

    Which kinds of characters it has does not matter: such rules make passwords that people forget, not better ones.
    """
    if fault := fault_of(password, user, shortest):
        raise Invalid(fault, [fault])


def fault_of(password: str, user: User, shortest: int = SHORTEST) -> str | None:
    """Why the password is none for the user."""
    if len(password) < shortest:
        return f"Password: {len(password)} characters are too few; use at least {shortest}."
    if len(password) > LONGEST:
        return f"Password: {len(password)} characters are too many; {LONGEST} is the most."
    if is_common(password):
        return "Password: it is one of those that are guessed first; take several words that do not belong together."
    names = {"user name": user.username, "display name": user.display_name, "e-mail address": user.email_address}
    same = (what for what, name in names.items() if _says(password, name))
    return next((f"Password: it is the {what} with little around it; choose another one." for what in same), None)


def _says(password: str, name: str) -> bool:
    """Whether hardly anything is left of the password when the name, or the part before an @, is taken out."""
    plain = re.sub(r"[\W_]+", "", password.casefold())
    names = {re.sub(r"[\W_]+", "", part) for part in (name.casefold(), name.casefold().split("@")[0])}
    taken = (plain.replace(one, "", 1) for one in names if len(one) >= _TELLING and one in plain)
    return any(len(left) < _TELLING for left in taken)


def password_hash_of(session: Session, user: User | None) -> str:
    """The stored hash; empty when there is none."""
    found = session.first(CREDENTIALS, CREDENTIALS.table.c.user_id == user.id) if user else None
    return found.password_hash if found else ""


def set_password_hash(session: Session, user_id: str, hashed: str) -> None:
    found = session.first(CREDENTIALS, CREDENTIALS.table.c.user_id == user_id)
    if found:
        found.password_hash = hashed
        session.update(CREDENTIALS, found)
    else:
        session.insert(CREDENTIALS, Credentials(user_id=user_id, password_hash=hashed))


def replace_password_hash(session: Session, user_id: str, before: str, hashed: str) -> None:
    """For a new hash of the same password: nothing changes if the password has been changed meanwhile."""
    found = session.first(CREDENTIALS, CREDENTIALS.table.c.user_id == user_id)
    if found is not None and found.password_hash == before:
        found.password_hash = hashed
        session.update(CREDENTIALS, found)
