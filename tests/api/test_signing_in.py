"""Signing in and out: what a session is, what the audit trail learns, and what cannot be smuggled in."""

from __future__ import annotations

from itertools import product
from typing import Any

import httpx
import msgspec
from tests.api.people import person
from tests.conftest import PASSWORD

from polpo.features.users.passwords import password_hash_of
from polpo.features.users.resource import USERS
from polpo.rest.permissions import Permission
from polpo.server.application import Server

WRONG = "not the password"
GOOD = "a good password"


async def sign_in(caller: httpx.AsyncClient, name: str = "admin", password: str = PASSWORD, **more: Any) -> Any:
    return await caller.post("/api/users/login", json={"Username": name, "Password": password, **more})


def cookie(caller: httpx.AsyncClient, start: str) -> str:
    return next(value for name, value in caller.cookies.items() if name.startswith(start))


def csrf(caller: httpx.AsyncClient) -> dict[str, str]:
    return {"X-Octopus-Csrf-Token": cookie(caller, "Octopus-Csrf-Token_")}


async def told(client: httpx.AsyncClient, category: str) -> list[Any]:
    """The events of a category, the newest first."""
    found = await client.get("/api/events", params={"eventCategories": category})
    return list(found.json()["Items"])


async def test_signing_in_and_out_is_told_with_the_means_and_the_address(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await sign_in(anonymous, "Admin")).status_code == 200
    assert (await anonymous.post("/api/users/logout", headers=csrf(anonymous))).status_code == 200

    [entered] = await told(client, "LoginSucceeded")
    [left] = await told(client, "LoggedOut")
    assert (entered["Message"], left["Message"]) == ("admin signed in by password.", "admin signed out.")
    assert (entered["Username"], entered["IdentityEstablishedWith"]) == ("admin", "password")
    assert entered["IpAddress"] == left["IpAddress"] == "127.0.0.1"
    assert entered["RelatedDocumentIds"] == left["RelatedDocumentIds"] == ["Users-1"]


async def test_a_refused_sign_in_is_told_with_the_name_that_was_tried(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for name, shown, about in (
        ("admin", "admin", ["Users-1"]),
        ("nobody", "nobody", []),
        ("a\r\nSet-Cookie: x=\x1b[31m\x00\u202e", "a\ufffd\ufffdSet-Cookie: x=\ufffd[31m\ufffd\ufffd", []),
        ("n" * 5000, "n" * 100 + "…", []),
    ):
        refused = await sign_in(anonymous, name, WRONG)
        event = (await told(client, "LoginFailed"))[0]
        assert refused.status_code == 401
        assert event["Message"] == f"A sign-in as '{shown}' by password was refused."
        assert (event["Username"], event["IpAddress"]) == ("anonymous", "127.0.0.1")
        assert event["RelatedDocumentIds"] == about
        assert WRONG not in str(event)


async def test_a_wrong_password_and_an_unknown_user_are_answered_alike(anonymous: httpx.AsyncClient) -> None:
    wrong, unknown = await sign_in(anonymous, "admin", WRONG), await sign_in(anonymous, "nobody", WRONG)

    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)
    assert wrong.headers == unknown.headers


# -- sessions


async def test_a_sign_in_makes_a_new_session_and_ends_the_one_that_came_along(anonymous: httpx.AsyncClient) -> None:
    await sign_in(anonymous)
    planted = dict(anonymous.cookies)

    again = await sign_in(anonymous)

    assert again.status_code == 200
    assert not set(planted.values()) & set(anonymous.cookies.values())
    assert (await anonymous.get("/api/users/me")).status_code == 200
    anonymous.cookies = httpx.Cookies(planted)
    assert (await anonymous.get("/api/users/me")).status_code == 401


async def test_a_token_that_the_caller_made_up_is_not_taken_over(anonymous: httpx.AsyncClient) -> None:
    identity = (await anonymous.get("/api")).json()["InstallationId"]
    made_up = {f"OctopusIdentificationToken_{identity}": "chosen-by-me", f"Octopus-Csrf-Token_{identity}": "mine"}

    header = "; ".join(f"{name}={value}" for name, value in made_up.items())
    entered = await anonymous.post(
        "/api/users/login", json={"Username": "admin", "Password": PASSWORD}, headers={"Cookie": header}
    )

    assert entered.status_code == 200
    assert "chosen-by-me" not in str(entered.headers)
    anonymous.cookies = httpx.Cookies(made_up)
    assert (await anonymous.get("/api/users/me")).status_code == 401


async def test_a_session_that_was_signed_out_cannot_be_used_again(anonymous: httpx.AsyncClient) -> None:
    await sign_in(anonymous)
    kept = dict(anonymous.cookies)
    await anonymous.post("/api/users/logout", headers=csrf(anonymous))
    assert not anonymous.cookies

    anonymous.cookies = httpx.Cookies(kept)

    assert (await anonymous.get("/api/users/me")).status_code == 401
    again = await anonymous.post("/api/users/logout", headers=csrf(anonymous))
    assert again.status_code == 200


async def test_the_cookies_say_who_may_read_and_send_them(anonymous: httpx.AsyncClient) -> None:
    for scheme, remembered in product(("http", "https"), (True, False)):
        login = {"Username": "admin", "Password": PASSWORD, "RememberMe": remembered}
        entered = await anonymous.post(f"{scheme}://polpo.test/api/users/login", json=login)

        identity, token = entered.headers.get_list("set-cookie")
        assert ("HttpOnly" in identity, "HttpOnly" in token) == (True, False)
        for one in (identity, token):
            assert "SameSite=lax" in one
            assert ("Secure" in one) == (scheme == "https")
            assert ("Max-Age" in one) == remembered


async def test_a_page_of_another_site_cannot_sign_people_in(anonymous: httpx.AsyncClient) -> None:
    login = {"Username": "admin", "Password": PASSWORD}

    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"},
        {"Origin": "http://evil.example", "Content-Type": "text/plain; x=json"},
        {"Origin": "null", "Content-Type": "application/x-www-form-urlencoded"},
        {"Origin": "http://evil.example"},
    ):
        refused = await anonymous.post("/api/users/login", content=msgspec.json.encode(login), headers=headers)
        assert refused.status_code == 403, headers
        assert "set-cookie" not in refused.headers
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://polpo.test"}):
        assert (await anonymous.post("/api/users/login", json=login, headers=headers)).status_code == 200


# -- passwords


async def member(client: httpx.AsyncClient, name: str, *teams: str, **more: Any) -> Any:
    """A person, in these teams."""
    answer = await client.post("/api/users", json={"Username": name, "Password": GOOD, **more})
    assert answer.status_code == 201, answer.text
    for team in teams:
        read = (await client.get(f"/api/teams/{team}")).json()
        read["MemberUserIds"].append(answer.json()["Id"])
        assert (await client.put(f"/api/teams/{team}", json=read)).status_code == 200
    return answer.json()


async def hash_of(server: Server, user_id: str) -> str:
    with server.database.read() as session:
        return password_hash_of(session, session.get(USERS, user_id))


async def test_a_sign_in_brings_an_old_hash_up_to_date(server: Server, anonymous: httpx.AsyncClient) -> None:
    before = await hash_of(server, "Users-1")

    assert (await sign_in(anonymous, password=WRONG)).status_code == 401
    assert await hash_of(server, "Users-1") == before
    assert (await sign_in(anonymous)).status_code == 200
    renewed = await hash_of(server, "Users-1")
    assert (await sign_in(anonymous)).status_code == 200

    assert before.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert renewed.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert await hash_of(server, "Users-1") == renewed


async def test_administrators_say_how_long_passwords_are(client: httpx.AsyncClient) -> None:
    path = "/api/configuration/authentication-usernamepassword/values"
    values = (await client.get(path)).json()
    assert (values["IsEnabled"], values["MinimumPasswordLength"]) == (True, 8)

    assert (await client.put(path, json=values | {"MinimumPasswordLength": 20})).status_code == 200
    refused = await client.post("/api/users", json={"Username": "eva", "Password": GOOD})
    too_short = await client.put(path, json=values | {"MinimumPasswordLength": 7})

    assert refused.json()["Errors"] == ["Password: 15 characters are too few; use at least 20."]
    assert too_short.status_code == 400


async def test_signing_in_by_password_can_be_switched_off(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await client.put("/api/configuration/authentication-usernamepassword/values", json={"IsEnabled": False})

    refused = await sign_in(anonymous)

    assert refused.status_code == 400
    assert "switched off" in refused.json()["ErrorMessage"]


async def test_people_change_their_own_names_and_password_and_it_is_told(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    eva = await member(client, "eva")
    await sign_in(anonymous, "eva", GOOD)

    body = {"DisplayName": "Eva", "EmailAddress": "eva@example.com", "Username": "eva", "Password": "another good one"}
    changed = await anonymous.put(eva["Links"]["Self"], json=body, headers=csrf(anonymous))

    assert changed.status_code == 200
    assert (changed.json()["DisplayName"], changed.json()["EmailAddress"]) == ("Eva", "eva@example.com")
    [event] = await told(client, "PasswordChanged")
    assert (event["Message"], event["RelatedDocumentIds"]) == ("eva changed their password.", [eva["Id"]])
    await client.put(eva["Links"]["Self"], json=changed.json() | {"Password": GOOD})
    [event] = await told(client, "PasswordReset")
    assert event["Message"] == "admin set a new password for eva."
    assert (await anonymous.get("/api/users/me")).status_code == 401


async def test_deactivating_a_user_ends_sessions_tokens_and_keys(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    eva = await member(client, "eva")
    await sign_in(anonymous, "eva", GOOD)
    path = f"/api/users/{eva['Id']}"
    token = (await anonymous.post(f"{path}/access-token", headers=csrf(anonymous))).json()["AccessToken"]
    made = await anonymous.post(f"{path}/apikeys", json={"Purpose": "p"}, headers=csrf(anonymous))
    ways = [{}, {"Authorization": f"Bearer {token}"}, {"X-Octopus-ApiKey": made.json()["ApiKey"]}]
    assert [(await anonymous.get("/api/users/me", headers=way)).status_code for way in ways] == [200] * 3

    await client.put(path, json=eva | {"IsActive": False})
    assert [(await anonymous.get("/api/users/me", headers=way)).status_code for way in ways] == [401] * 3
    assert (await sign_in(anonymous, "eva", GOOD)).status_code == 401
    await client.put(path, json=eva | {"IsActive": True})

    again = [(await anonymous.get("/api/users/me", headers=way)).status_code for way in ways]
    assert again == [401, 401, 200]


# -- who may change whom


async def test_without_a_right_over_users_people_change_their_names_and_password_only(
    server: Server, anonymous: httpx.AsyncClient
) -> None:
    own = await person(server, "eva")
    me = (await anonymous.get("/api/users/me", headers=own)).json()
    changes: tuple[tuple[dict[str, Any], int], ...] = (
        ({"DisplayName": "New", "EmailAddress": "new@example.com", "Password": "another good one"}, 200),
        ({"Username": "other"}, 403),
        ({"IsActive": False}, 409),
        ({"Identities": [{"IdentityProviderName": "X", "Claims": {}}]}, 403),
    )
    for change, status in changes:
        changed = await anonymous.put(me["Links"]["Self"], json=me | change, headers=own)
        assert changed.status_code == status, change
        if status == 403:
            assert "UserEdit" in changed.json()["ErrorMessage"]


async def test_without_a_right_over_users_nobody_changes_others(server: Server, anonymous: httpx.AsyncClient) -> None:
    own = await person(server, "eva")
    for method, path in (
        ("PUT", "/api/users/Users-1"),
        ("POST", "/api/users/Users-1/apikeys"),
        ("PUT", "/api/users/Users-1/revoke-sessions"),
        ("DELETE", "/api/users/Users-1/lockout"),
        ("GET", "/api/users/Users-1/lockout"),
        ("GET", "/api/users/Users-1/apikeys"),
    ):
        refused = await anonymous.request(method, path, json={"Purpose": "p"} if method != "GET" else None, headers=own)
        assert (refused.status_code, refused.json()["Details"]["MissingPermission"]) == (403, "UserEdit"), path


async def test_who_may_edit_users_cannot_become_an_administrator_by_it(
    server: Server, anonymous: httpx.AsyncClient
) -> None:
    editor = await person(server, "eva", Permission.USER_EDIT, space_id=None)
    attempts: tuple[tuple[str, str, dict[str, str] | None], ...] = (
        ("PUT", "", {"Username": "admin", "Password": "a stolen password"}),
        ("PUT", "", {"Username": "admin", "EmailAddress": "me@example.com"}),
        ("POST", "/apikeys", {"Purpose": "p"}),
        ("DELETE", "", None),
    )
    for method, path, body in attempts:
        refused = await anonymous.request(method, f"/api/users/Users-1{path}", json=body, headers=editor)
        assert refused.status_code == 403
        assert refused.json()["Details"]["MissingPermission"] == "AdministerSystem"


async def test_who_may_edit_users_cannot_take_the_place_of_an_administrator_who_comes_by_a_provider(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    """The groups of that person would make an administrator of the user who has the identity."""
    editor = await person(server, "eva", Permission.USER_EDIT, space_id=None)
    me = (await anonymous.get("/api/users/me", headers=editor)).json()
    bob = await member(client, "bob")
    claims = {"email": {"Value": "boss@acme.example", "IsIdentifyingClaim": True}}
    boss = {"Identities": [{"IdentityProviderName": "OpenID Connect", "Claims": claims}]}
    new = ("POST", "/api/users", {"Username": "new", **boss})
    attempts = (("PUT", me["Links"]["Self"], me | boss), ("PUT", bob["Links"]["Self"], bob | boss), new)
    team = (await client.get("/api/teams/teams-administrators")).json()
    team["ExternalSecurityGroups"] = [{"Id": "admins", "DisplayName": "Admins"}]
    assert (await client.put(team["Links"]["Self"], json=team)).status_code == 200

    for method, path, body in attempts:
        refused = await anonymous.request(method, path, json=body, headers=editor)
        assert (refused.status_code, refused.json()["Details"]["MissingPermission"]) == (403, "AdministerSystem")
    assert (await anonymous.put(bob["Links"]["Self"], json=bob, headers=editor)).status_code == 200
    team["ExternalSecurityGroups"] = []
    assert (await client.put(team["Links"]["Self"], json=team)).status_code == 200
    assert (await anonymous.put(me["Links"]["Self"], json=me | boss, headers=editor)).status_code == 200
