"""People who sign in with the password of a real directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.ldap_server import GROUPS, PASSWORD, PEOPLE, READER, READER_PASSWORD, Slapd, slapd_for_tests

SECTION = "/api/configuration/authentication-ldap/values"
DEPLOYERS = f"cn=deployers,{GROUPS}"


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with slapd_for_tests(tmp_path_factory.mktemp("slapd")) as server:
        yield server


@pytest.fixture
async def configured(client: httpx.AsyncClient, slapd: Slapd) -> httpx.AsyncClient:
    """The administrator, of a server on which people sign in by the directory."""
    await configure(client, slapd)
    return client


async def configure(client: httpx.AsyncClient, slapd: Slapd, **more: Any) -> Any:
    section = {
        "IsEnabled": True,
        "Server": "localhost",
        "Port": slapd.port,
        "TrustedCertificates": slapd.authority,
        "ConnectUsername": READER,
        "ConnectPassword": {"HasValue": True, "NewValue": READER_PASSWORD},
        "UserBaseDN": PEOPLE,
        "GroupBaseDN": GROUPS,
        "UserFilter": "(&(objectClass=inetOrgPerson)(uid=*))",
        "GroupFilter": "(&(objectClass=groupOfNames)(cn=*))",
        "NestedGroupFilter": "(&(objectClass=groupOfNames)(member=*))",
        "AttributeMapping": {"UniqueAccountNameAttribute": "uid"},
        **more,
    }
    answer = await client.put(SECTION, json=section)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def signed_in(browser: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/api/users/login", json={"Username": username, "Password": password})


async def events(client: httpx.AsyncClient, category: str) -> list[str]:
    found = (await client.get("/api/events", params={"eventCategories": category})).json()["Items"]
    return [one["Message"] for one in found]


async def test_a_person_of_the_directory_becomes_a_user_whose_groups_lead_into_teams(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for name, group in (("Deployers", DEPLOYERS), ("Company", f"CN=company,{GROUPS}"), ("Others", "cn=others")):
        groups = [{"Id": group, "DisplayName": name}]
        await configured.post("/api/teams", json={"Name": name, "ExternalSecurityGroups": groups})

    answer = await signed_in(anonymous, "ada")

    assert answer.status_code == 200, answer.text
    me = (await anonymous.get("/api/users/me")).json()
    assert (me["Username"], me["DisplayName"], me["EmailAddress"]) == ("ada", "Ada Lovelace", "ada@acme.example")
    [identity] = me["Identities"]
    assert (identity["IdentityProviderName"], identity["Claims"]["sam"]["Value"]) == ("LDAP", "ada")
    teams = (await anonymous.get(f"/api/users/{me['Id']}/teams")).json()
    assert {team["Name"] for team in teams} == {"Deployers", "Company", "Everyone"}
    assert await events(configured, "LoginSucceeded") == ["ada signed in by LDAP."]
    again = await signed_in(anonymous, "ADA")
    assert again.json()["Id"] == me["Id"]


async def test_what_is_wrong_is_refused_counted_and_told(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, slapd: Slapd
) -> None:
    for username, password in (("ada", "wrong"), ("ada", ""), ("*", PASSWORD), ("nobody", PASSWORD)):
        answer = await signed_in(anonymous, username, password)
        assert answer.status_code == 401
        assert answer.json()["ErrorMessage"] == "The user name or the password is not correct."
    assert len(await events(configured, "LoginFailed")) == 4
    assert len((await configured.get("/api/users/all")).json()) == 1

    await configure(configured, slapd, AllowAutoUserCreation=False)
    refused = await signed_in(anonymous, "bob")
    assert refused.status_code == 401
    assert "users are not made automatically" in refused.text
    assert "was refused: LDAP knows 'bob'" in (await events(configured, "LoginFailed"))[0]

    given = {"IdentityProviderName": "LDAP", "Claims": {"sam": {"Value": "bob", "IsIdentifyingClaim": True}}}
    made = await configured.post("/api/users", json={"Username": "robert", "Identities": [given]})
    assert made.status_code == 201, made.text
    assert (await signed_in(anonymous, "bob")).json()["Username"] == "robert"
    await configured.put(f"/api/users/{made.json()['Id']}", json=made.json() | {"IsActive": False})
    assert (await signed_in(anonymous, "bob")).status_code == 401
    assert (await configured.delete(f"/api/users/{made.json()['Id']}")).status_code == 200


async def test_passwords_of_this_server_count_before_those_of_a_directory_that_is_away(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, slapd: Slapd
) -> None:
    await configured.post("/api/users", json={"Username": "local", "Password": "seven green bottles"})
    away = {"Port": 9, "ConnectPassword": {"HasValue": False}}
    await configure(configured, slapd, **away)

    assert (await signed_in(anonymous, "local", "seven green bottles")).status_code == 200
    for _ in range(4):  # who knows the right password enters when the directory is back
        answer = await signed_in(anonymous, "ada")
        assert (answer.status_code, "is not possible now" in answer.text) == (503, True)
    assert [(await signed_in(anonymous, "local", "a guess")).status_code for _ in range(7)] == [503] * 5 + [429] * 2
    assert len([one for one in await events(configured, "LoginFailed") if "'local'" in one]) == 5
    await configure(configured, slapd)
    assert (await signed_in(anonymous, "ada")).status_code == 200

    await configure(configured, slapd, IsEnabled=False)
    assert (await anonymous.get("/api/users/me")).status_code == 401
    assert (await signed_in(anonymous, "ada")).status_code == 401


@pytest.mark.parametrize("spelled", ["domain{}\\ada", "ada"])
async def test_no_spelling_of_a_name_and_no_password_is_a_way_around_the_lock_out(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, spelled: str
) -> None:
    guesses = ["wrong", "\x07", "\N{SOFT HYPHEN}", "wr\x00ong", "wrong"]

    answers = [await signed_in(anonymous, spelled.format(place), guess) for place, guess in enumerate(guesses)]

    assert [one.status_code for one in answers] == [401] * 5
    assert (await signed_in(anonymous, "ada")).status_code == 429
    assert (await signed_in(anonymous, "another\\ada")).status_code == 429
    assert (await events(configured, "UserLockedOut"))[0].startswith("Sign-ins as 'ada' are refused")


async def test_people_and_groups_are_looked_up_for_identities_and_teams(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, slapd: Slapd
) -> None:
    [provider] = (await configured.get("/api/externalsecuritygroupproviders")).json()
    assert (provider["Name"], provider["SupportsGroupLookup"]) == ("LDAP", True)
    groups = (await configured.get(provider["LookupUri"].split("{")[0], params={"partialName": "deploy"})).json()
    assert [(group["Id"], group["DisplayName"]) for group in groups] == [(DEPLOYERS, "deployers")]
    found = (await configured.get("/api/users/external-search", params={"partialName": "ad"})).json()
    assert [(one["DisplayName"], one["Identities"][0]["Claims"]["email"]["Value"]) for one in found] == [
        ("Ada Lovelace", "ada@acme.example")
    ]
    people = (await configured.get("/api/externalusers/ldap", params={"partialName": "ad"})).json()
    assert (people["Provider"], people["Identities"]) == ("LDAP", found[0]["Identities"])

    ways = (await anonymous.get("/api/authentication")).json()["AuthenticationProviders"]
    assert [(one["Name"], one["FormsLoginEnabled"]) for one in ways] == [
        ("Username and password", True),
        ("LDAP", True),
    ]
    assert (await anonymous.get("/api/externalgroups/ldap")).status_code == 401
    await configure(configured, slapd, Port=9, ConnectPassword={"HasValue": False})
    assert "cannot be reached" in (await configured.get("/api/externalgroups/ldap")).json()["ErrorMessage"]
    await configure(configured, slapd, IsEnabled=False)
    assert (await configured.get("/api/externalgroups/ldap")).status_code == 404
    assert (await configured.get("/api/users/external-search", params={"partialName": "ad"})).json() == []


async def test_a_configuration_that_cannot_work_is_refused(configured: httpx.AsyncClient) -> None:
    section = (await configured.get(SECTION)).json()
    assert section["ConnectPassword"] == {"HasValue": True, "NewValue": None, "Hint": None}
    refused: dict[str, dict[str, Any]] = {
        "Server is missing": {"Server": " "},
        "name of the machine only": {"Server": "ldap://localhost"},
        "ConnectPassword: enter it again": {"Server": "elsewhere.example"},
        "Port must be from 1": {"Port": 0},
        "NestedGroupSearchDepth": {"NestedGroupSearchDepth": 21},
        "ConstraintTimeLimit": {"ConstraintTimeLimit": 3600},
        "UserFilter must be a filter": {"UserFilter": "(uid=ada)"},
        "GroupFilter must be a filter": {"GroupFilter": "(&(cn=*)"},
        "TrustedCertificates must be": {"TrustedCertificates": "none"},
        "follows no referrals": {"ReferralFollowingEnabled": True},
        "SecurityProtocol": {"SecurityProtocol": "TLS"},
    }
    for sentence, change in refused.items():
        answer = await configured.put(SECTION, json=section | change)
        assert answer.status_code in {400, 501}, sentence
        assert sentence in answer.text
