"""Signing in with the password of the directory, and looking people and groups up there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

from polpo.features.configuration.service import read_section
from polpo.features.identities.resource import ACCOUNT_NAME, DISPLAY_NAME, EMAIL, EXTERNAL_ID, PRINCIPAL_NAME, Person
from polpo.features.identities.service import Admission, admit, tell_refusal
from polpo.features.ldap.directories import Directories
from polpo.features.ldap.directory import Directory, DirectoryFault, Entry, Group
from polpo.features.ldap.resource import LdapConfiguration
from polpo.features.ldap.section import LDAP, MEANS, is_enabled
from polpo.features.users.lockout import Subject, begin_attempt, by_name, forget, take_back
from polpo.features.users.passwordsignin import Proven, Way, tell_lock_out, ways
from polpo.features.users.resource import Identity, IdentityClaim, User
from polpo.features.users.signingin import shown_name
from polpo.kernel.errors import NotFound, NotSignedIn, Unavailable
from polpo.rest.call import Call

log = structlog.get_logger("polpo.ldap")

T = TypeVar("T")

#: Who is meant by a subject is said by the directory alone, whatever machine it runs on.
_ISSUER = "ldap"


async def prove(call: Call, username: str, password: str) -> Proven | None:
    """The user of the person with this name and password. NotSignedIn when the directory knows them, but nobody here.

    Unavailable when the directory cannot be asked; why is told to the log only.
    """
    person = await _told(call, lambda directory: directory.find_person(username))
    subjects = await _counted(call, username, person)
    try:
        entry = await _told(call, lambda directory: directory.check(person, password))
    except Unavailable:
        await call.write(lambda inside: take_back(inside.session, subjects))
        raise
    if entry is None:
        await call.write(lambda inside: tell_lock_out(inside.session, subjects, None))
        return None
    try:
        return Proven(await call.write(lambda inside: _admitted(inside, entry, subjects)))
    except NotSignedIn as refusal:
        sentence = refusal.message
        await call.database.write(lambda session: tell_refusal(session, MEANS, sentence))
        raise


async def _told(call: Call, question: Callable[[Directory], T]) -> T:
    """For anybody, who are not told what is wrong."""
    _, directory = _directory(call)
    try:
        return await call.parts.get(Directories).ask(lambda: question(directory))
    except DirectoryFault as fault:
        log.warning("a sign-in could not be checked by the directory", reason=str(fault))
        raise Unavailable("Signing in by LDAP is not possible now; tell an administrator if it stays so.") from fault


async def _counted(call: Call, username: str, person: Entry | None) -> list[Subject]:
    """Whoever spells a name in another way guesses at the same password, so it is counted under the account's name too.

    TooManyRequests when there were too many already.
    """
    _, directory = _directory(call)
    account = (person.account_name or person.dn) if person else directory.plain(username)
    subjects = [by_name(account, shown_name(account))]
    if not account or subjects[0].key == by_name(username, "").key:
        return []
    await call.write(lambda inside: begin_attempt(inside.session, subjects))
    return subjects


def _admitted(call: Call, entry: Entry, subjects: list[Subject]) -> User:
    configuration = read_section(call.session, LDAP)
    for subject in subjects:
        forget(call.session, subject)
    allowed = Admission(configuration.allow_auto_user_creation, configuration.allow_email_matching)
    return admit(call.session, person_of(entry), allowed)


def _directory(call: Call) -> tuple[LdapConfiguration, Directory]:
    with call.reading() as reading:
        configuration = read_section(reading.session, LDAP)
        password = reading.session.reveal(configuration.connect_password) or ""
    return configuration, Directory(configuration, password)


def person_of(entry: Entry) -> Person:
    """A directory is looked after by its administrators, so what it says of people is taken for proven."""
    return Person(
        provider=LDAP.id,
        provider_name=LDAP.name,
        issuer=_ISSUER,
        subject=entry.unique_id,
        username=entry.account_name,
        display_name=entry.display_name,
        email=entry.email,
        is_email_proven=bool(entry.email),
        names={PRINCIPAL_NAME: entry.principal_name, ACCOUNT_NAME: entry.account_name},
        groups=entry.groups,
    )


ways.append(Way(MEANS, is_enabled, prove))


async def find_people(call: Call, part: str) -> list[Identity]:
    """Identities of people whose name contains the part, as they can be given to users."""
    return [_identity(entry) for entry in await _asked(call, lambda directory: directory.find_people(part))]


def _identity(entry: Entry) -> Identity:
    identifying = {
        EXTERNAL_ID: entry.unique_id,
        PRINCIPAL_NAME: entry.principal_name,
        ACCOUNT_NAME: entry.account_name,
        EMAIL: entry.email,
    }
    claims = {name: IdentityClaim(value=text, is_identifying_claim=True) for name, text in identifying.items() if text}
    claims[DISPLAY_NAME] = IdentityClaim(value=entry.display_name or entry.account_name)
    return Identity(identity_provider_name=LDAP.name, claims=claims)


async def find_groups(call: Call, part: str) -> list[Group]:
    return await _asked(call, lambda directory: directory.find_groups(part))


async def _asked(call: Call, question: Callable[[Directory], T]) -> T:
    """For administrators, who are told what is wrong."""
    configuration, directory = _directory(call)
    if not configuration.is_enabled:
        raise NotFound("LDAP is not enabled on this server.")
    try:
        return await call.parts.get(Directories).ask(lambda: question(directory))
    except DirectoryFault as fault:
        raise Unavailable(str(fault)) from fault
