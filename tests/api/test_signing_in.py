"""Signing in and out: what a session is, what the audit trail learns, and what cannot be smuggled in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.conftest import PASSWORD

WRONG = "not the password"


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


@pytest.mark.parametrize(
    ("name", "shown", "about"),
    [
        ("admin", "admin", ["Users-1"]),
        ("nobody", "nobody", []),
        ("a\r\nSet-Cookie: x=\x1b[31m\x00\u202e", "a\ufffd\ufffdSet-Cookie: x=\ufffd[31m\ufffd\ufffd", []),
        ("n" * 5000, "n" * 100 + "…", []),
    ],
)
async def test_a_refused_sign_in_is_told_with_the_name_that_was_tried(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, name: str, shown: str, about: list[str]
) -> None:
    refused = await sign_in(anonymous, name, WRONG)

    [event] = await told(client, "LoginFailed")
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


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("remembered", [True, False])
async def test_the_cookies_say_who_may_read_and_send_them(
    anonymous: httpx.AsyncClient, scheme: str, remembered: bool
) -> None:
    entered = await anonymous.post(
        f"{scheme}://polpo.test/api/users/login",
        json={"Username": "admin", "Password": PASSWORD, "RememberMe": remembered},
    )

    identity, token = entered.headers.get_list("set-cookie")
    assert ("HttpOnly" in identity, "HttpOnly" in token) == (True, False)
    for one in (identity, token):
        assert "SameSite=lax" in one
        assert ("Secure" in one) == (scheme == "https")
        assert ("Max-Age" in one) == remembered


async def test_a_page_of_another_site_cannot_sign_people_in(anonymous: httpx.AsyncClient) -> None:
    login = {"Username": "admin", "Password": PASSWORD}

    refused = await anonymous.post("/api/users/login", json=login, headers={"Sec-Fetch-Site": "cross-site"})
    own = await anonymous.post("/api/users/login", json=login, headers={"Sec-Fetch-Site": "same-origin"})

    assert (refused.status_code, own.status_code) == (403, 200)
    assert "set-cookie" not in refused.headers
