"""Which user somebody is for whom a provider vouches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from polpo.features.identities.groups import external_groups_of
from polpo.features.identities.resource import EXTERNAL_IDENTITIES, Person
from polpo.features.identities.service import Admission, admit
from polpo.features.users.accounts import add_user
from polpo.features.users.resource import USERS, Identity, IdentityClaim, User
from polpo.kernel.errors import NotSignedIn
from polpo.store.database import Database

ADA = Person(
    provider="authentication-od",
    provider_name="Okta",
    issuer="https://acme.okta.example",
    subject="00u1",
    username="ada",
    display_name="Ada Lovelace",
    email="ada@acme.example",
    is_email_proven=True,
    groups=("crew",),
)
EVERYTHING = Admission(may_create=True, match_by_email=True)
NOTHING = Admission()


def assigned(**claims: str) -> Identity:
    """An identity as an administrator writes it."""
    named = {name: IdentityClaim(value=value, is_identifying_claim=True) for name, value in claims.items()}
    return Identity(identity_provider_name="Okta", claims=named)


def user(database: Database, name: str, email: str = "", **more: object) -> User:
    made = User(username=name, email_address=email, **more)  # type: ignore[arg-type]
    return database.write_now(lambda session: add_user(session, made, None))


def admitted(database: Database, person: Person = ADA, allowed: Admission = NOTHING) -> User:
    return database.write_now(lambda session: admit(session, person, allowed))


def refused(database: Database, person: Person = ADA, allowed: Admission = NOTHING) -> str:
    with pytest.raises(NotSignedIn) as caught:
        admitted(database, person, allowed)
    return caught.value.message


def test_a_person_who_is_not_known_becomes_a_user_where_that_is_allowed(database: Database) -> None:
    assert "users are not made automatically" in refused(database)

    made = admitted(database, allowed=Admission(may_create=True))

    assert (made.username, made.display_name, made.email_address) == ("ada", "Ada Lovelace", "ada@acme.example")
    assert admitted(database).id == made.id


def test_a_user_name_alone_matches_nobody(database: Database) -> None:
    user(database, "ada")

    assert "The user name 'ada' belongs to a user" in refused(database, allowed=EVERYTHING)


def test_an_address_matches_where_it_is_allowed_proven_and_one_persons(database: Database) -> None:
    known = user(database, "countess", "ADA@acme.example")

    assert "users are not made automatically" in refused(database)
    assert "users are not made" in refused(
        database, replace(ADA, is_email_proven=False), Admission(match_by_email=True)
    )
    user(database, "twin", "ada@acme.example")
    assert "Several users" in refused(database, allowed=EVERYTHING)
    database.write_now(lambda session: session.delete(USERS, "Users-2"))
    assert admitted(database, allowed=EVERYTHING).id == known.id

    other = replace(ADA, subject="00u2", username="mallory")
    assert "users are not made automatically" in refused(database, other, Admission(match_by_email=True))


@pytest.mark.parametrize(
    ("claims", "matches"),
    [
        ({"extID": "00u1"}, True),
        ({"extID": "00u1", "iss": "https://acme.okta.example"}, True),
        ({"email": "Ada@Acme.example"}, True),
        ({"extID": "00U1"}, False),
        ({"extID": "00u1", "iss": "https://evil.example"}, False),
        ({"extID": "00u9", "email": "ada@acme.example"}, False),
        ({"email": "ada@acme"}, False),
        ({"email": ""}, False),
        ({"dn": "Ada Lovelace"}, False),
    ],
)
def test_an_identity_that_an_administrator_wrote_matches_by_its_claims(
    database: Database, claims: dict[str, str], matches: bool
) -> None:
    known = user(database, "countess", identities=[assigned(**claims)])

    if matches:
        assert admitted(database).id == known.id
    else:
        assert "users are not made automatically" in refused(database)


def test_an_identity_of_another_provider_matches_nobody(database: Database) -> None:
    other = Identity(identity_provider_name="LDAP", claims=assigned(extID="00u1").claims)
    user(database, "countess", identities=[other])

    assert "users are not made automatically" in refused(database)


def test_an_identity_that_is_taken_away_ends_and_with_it_the_groups(database: Database) -> None:
    known = admitted(database, allowed=EVERYTHING)

    def without_identities(session: object) -> None:
        known.identities = []
        session.update(USERS, known)  # type: ignore[attr-defined]

    database.write_now(without_identities)

    with database.read() as session:
        assert external_groups_of(session, known.id) == frozenset()
    assert "users are not made automatically" in refused(database)
    other = user(database, "other", identities=[assigned(email="ada@acme.example")])
    assert admitted(database).id == other.id
    with database.read() as session:
        assert session.count(EXTERNAL_IDENTITIES) == 1


def test_the_same_subject_of_another_issuer_is_somebody_else(database: Database) -> None:
    admitted(database, allowed=EVERYTHING)

    stranger = replace(ADA, issuer="https://evil.example", username="eve", email="")

    assert "users are not made automatically" in refused(database, stranger)


def test_who_is_not_active_and_programs_cannot_sign_in(database: Database) -> None:
    user(database, "sleeper", is_active=False, identities=[assigned(extID="00u1")])
    user(database, "robot", is_service=True, identities=[assigned(extID="00u2")])

    assert "is not active" in refused(database)
    assert "is a service account" in refused(database, replace(ADA, subject="00u2"))


def test_identities_of_several_providers_stand_side_by_side(database: Database) -> None:
    known = admitted(database, allowed=EVERYTHING)
    azure = replace(ADA, provider="authentication-aad", provider_name="Azure AD", issuer="https://ms.example")

    assert admitted(database, azure, EVERYTHING).id == known.id

    with database.read() as session:
        names = [one.identity_provider_name for one in session.get(USERS, known.id).identities]
    assert names == ["Okta", "Azure AD"]
    admitted(database, replace(ADA, email="ada@new.example"))
    with database.read() as session:
        identities = session.get(USERS, known.id).identities
    assert {one.identity_provider_name: one.claim("email") for one in identities} == {
        "Azure AD": "ada@acme.example",
        "Okta": "ada@new.example",
    }
