"""Deciding which user somebody is for whom a provider vouches.

First by what the provider calls them; then by what an administrator has written into a user's identities; then, where
the provider's configuration allows it, by an e-mail address that the provider has proven; else a user is made, where
that is allowed. A user name alone never matches: whoever may choose names at the provider would choose who they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from polpo.features.identities import emails
from polpo.features.identities.groups import has_identity
from polpo.features.identities.resource import (
    DISPLAY_NAME,
    EMAIL,
    EXTERNAL_ID,
    EXTERNAL_IDENTITIES,
    ISSUER,
    ExternalIdentity,
    Person,
)
from polpo.features.users.accounts import add_user
from polpo.features.users.resource import USERS, Identity, IdentityClaim, User
from polpo.features.users.service import find_by_username
from polpo.kernel.errors import NotSignedIn
from polpo.store.changes import Happening
from polpo.store.session import Session


@dataclass(frozen=True)
class Admission:
    """What a provider's configuration allows for people who are not known yet."""

    may_create: bool = False
    match_by_email: bool = False


def admit(session: Session, person: Person, allowed: Admission) -> User:
    """The user that the person is, with the identity and the groups noted. NotSignedIn says why there is none."""
    user = _linked(session, person) or _assigned(session, person)
    if user is None and allowed.match_by_email:
        user = _by_email(session, person)
    if user is None:
        user = _made(session, person, may_create=allowed.may_create)
    if user.is_service:
        raise NotSignedIn(f"'{user.username}' is a service account; programs sign in with keys and tokens.")
    if not user.is_active:
        raise NotSignedIn(f"The user '{user.username}' is not active; ask an administrator.")
    _link(session, user, person)
    return user


def tell_refusal(session: Session, means: str, sentence: str) -> None:
    """Tells the audit trail that somebody whom a provider has sent was refused, and why."""
    session.happened(Happening("LoginFailed", f"A sign-in by {means} was refused: {sentence}", None, USERS.name))


def _linked(session: Session, person: Person) -> User | None:
    found = _row(session, person)
    if found is None:
        return None
    user = session.get(USERS, found.user_id)
    return user if has_identity(user, found) else None


def _row(session: Session, person: Person) -> ExternalIdentity | None:
    table = EXTERNAL_IDENTITIES.table
    return session.first(
        EXTERNAL_IDENTITIES,
        table.c.provider == person.provider,
        table.c.issuer == person.issuer,
        table.c.subject == person.subject,
    )


def _assigned(session: Session, person: Person) -> User | None:
    """Whom an administrator has given an identity that the person's claims fit."""
    claims = {EXTERNAL_ID: person.subject, **_names(person)}
    return _only(
        person,
        _users_with(
            session, claims.values(), lambda user: any(_fits(one, person, claims) for one in _identities(user, person))
        ),
    )


def _names(person: Person) -> dict[str, str]:
    names = dict(person.names)
    if person.is_email_proven:
        names[EMAIL] = person.email
    return {claim: value for claim, value in names.items() if value}


def _identities(user: User, person: Person) -> list[Identity]:
    return [one for one in user.identities if one.identity_provider_name == person.provider_name]


def _fits(identity: Identity, person: Person, claims: dict[str, str]) -> bool:
    """An identity that names the person's id at the provider is theirs; one that names another's is not, whatever."""
    if identity.claim(ISSUER) not in {"", person.issuer}:
        return False
    if known := identity.claim(EXTERNAL_ID):
        return known == person.subject
    identifying = {name: claim.value or "" for name, claim in identity.claims.items() if claim.is_identifying_claim}
    return any(value and value.casefold() == claims.get(name, "").casefold() for name, value in identifying.items())


def _by_email(session: Session, person: Person) -> User | None:
    """A person's user whom nobody at the provider is yet."""
    if not person.email or not person.is_email_proven:
        return None
    wanted = person.email.casefold()

    def is_theirs(user: User) -> bool:
        is_taken = any(one.claim(EXTERNAL_ID) for one in _identities(user, person))
        return user.email_address.casefold() == wanted and not user.is_service and not is_taken

    return _only(person, _users_with(session, [person.email], is_theirs))


def _users_with(session: Session, values: Iterable[str], fits: Callable[[User], bool]) -> list[User]:
    key = USERS.table.c.search_key
    mentioned = sa.or_(*(key.contains(value.casefold(), autoescape=True) for value in values))
    return [user for user in session.all(USERS, mentioned) if fits(user)]


def _only(person: Person, found: list[User]) -> User | None:
    if len(found) > 1:
        raise NotSignedIn(
            f"Several users of this server fit '{_shown(person)}' of {person.provider_name}; ask an administrator to"
            " leave the identity with one of them."
        )
    return found[0] if found else None


def _made(session: Session, person: Person, *, may_create: bool) -> User:
    username = person.username or person.email
    if not may_create:
        raise NotSignedIn(
            f"{person.provider_name} knows '{_shown(person)}', but no user of this server has that identity, and users"
            " are not made automatically. Ask an administrator to make a user for you or to add the identity to yours."
        )
    if not username:
        raise NotSignedIn(f"{person.provider_name} tells neither a user name nor an e-mail address of you.")
    if find_by_username(session, username) is not None:
        raise NotSignedIn(
            f"The user name '{username}' belongs to a user who is not known to be the one of {person.provider_name}."
            " Ask an administrator to add the identity to that user."
        )
    is_kept = person.is_email_proven or not emails.identify(session)  # it would lead its true owner to this user
    email = person.email if is_kept else ""
    made = User(username=username, display_name=person.display_name, email_address=email)
    made.last_modified_on, made.last_modified_by = session.clock.now(), person.provider_name
    return add_user(session, made, None)


def _shown(person: Person) -> str:
    return person.username or person.email or person.subject


def _link(session: Session, user: User, person: Person) -> None:
    identity = _identity_of(person)
    kept = [one for one in user.identities if one not in _identities(user, person) or _is_of_another(one, person)]
    if [*kept, identity] != user.identities:
        user.identities = [*kept, identity]
        session.update(USERS, user)
    row = _row(session, person) or ExternalIdentity(
        provider=person.provider, issuer=person.issuer, subject=person.subject
    )
    row.user_id, row.groups, row.signed_in = user.id, list(person.groups), session.clock.now()
    if row.id:
        session.update(EXTERNAL_IDENTITIES, row)
    else:
        session.insert(EXTERNAL_IDENTITIES, row)


def _is_of_another(identity: Identity, person: Person) -> bool:
    return identity.claim(EXTERNAL_ID) not in {"", person.subject} or identity.claim(ISSUER) not in {"", person.issuer}


def _identity_of(person: Person) -> Identity:
    identifying = {EXTERNAL_ID: person.subject, EMAIL: person.email, **person.names}
    claims = {name: IdentityClaim(value=text, is_identifying_claim=True) for name, text in identifying.items() if text}
    for name, text in ((ISSUER, person.issuer), (DISPLAY_NAME, person.display_name)):
        if text:
            claims[name] = IdentityClaim(value=text)
    return Identity(identity_provider_name=person.provider_name, claims=claims)
