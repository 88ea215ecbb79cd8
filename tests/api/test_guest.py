"""The guest, who looks without a password, and changes nothing."""

from __future__ import annotations

import httpx
from tests.api.people import also
from tests.api.test_signing_in import csrf, sign_in

from polpo.server.application import Server

SECTION = "/api/configuration/authentication-guest/values"
KEY = {"X-Octopus-ApiKey": "API-GUEST"}
READ_ONLY = "The guest looks and changes nothing; sign in as yourself to do that."


async def switch(client: httpx.AsyncClient, *, on: bool) -> httpx.Response:
    return await client.put(SECTION, json={"IsEnabled": on})


async def test_nobody_is_a_guest_until_it_is_allowed(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    assert (await client.get(SECTION)).json()["IsEnabled"] is False

    assert (await anonymous.get("/api/users/me", headers=KEY)).status_code == 401
    assert (await sign_in(anonymous, "guest", "")).status_code == 401


async def test_a_guest_signs_in_without_a_password_and_sees_what_its_teams_may(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await switch(client, on=True)).status_code == 200

    ways = (await anonymous.get("/api/authentication")).json()["AuthenticationProviders"]
    for password in ("guest", "anything", ""):
        entered = await sign_in(anonymous, "Guest", password)

    assert [way["IdentityType"] for way in ways] == ["UsernamePassword", "Guest"]
    assert entered.status_code == 200
    assert (entered.json()["Username"], entered.json()["CanPasswordBeEdited"]) == ("guest", False)
    assert (await anonymous.get("/api/Spaces-1/projects")).status_code == 403
    await also(server, entered.json()["Id"], "guests", "userroles-projectviewer")
    assert (await anonymous.get("/api/Spaces-1/projects")).status_code == 200
    assert (await anonymous.get("/api/Spaces-1/projects", headers=KEY)).status_code == 200


async def test_a_guest_changes_nothing_even_as_an_administrator(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await switch(client, on=True)
    guest = (await sign_in(anonymous, "guest", "")).json()
    await also(server, guest["Id"], "guests", "userroles-systemadministrator", space_id=None)

    assert (await anonymous.get("/api/configuration")).status_code == 200
    for method, path in (
        ("PUT", guest["Links"]["Self"]),
        ("POST", f"/api/users/{guest['Id']}/apikeys"),
        ("POST", f"/api/users/{guest['Id']}/access-token"),
        ("POST", "/api/environments"),
        ("DELETE", "/api/users/Users-1"),
    ):
        for headers in (csrf(anonymous), KEY):
            refused = await anonymous.request(method, path, json={"Username": "guest"}, headers=headers)
            assert (refused.status_code, refused.json()["ErrorMessage"]) == (403, READ_ONLY), path
    assert (await sign_in(anonymous)).json()["Username"] == "admin"
    more = await client.post(f"/api/users/{guest['Id']}/apikeys", json={"Purpose": "outlives the switch"})
    assert (more.status_code, "the one key" in more.text) == (400, True)


async def test_switching_guests_off_shuts_them_out_at_once(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await switch(client, on=True)
    guest = (await sign_in(anonymous, "guest", "")).json()

    await switch(client, on=False)

    assert (await anonymous.get("/api/users/me")).status_code == 401
    assert (await anonymous.get("/api/users/me", headers=KEY)).status_code == 401
    assert (await client.get(guest["Links"]["Self"])).json()["IsActive"] is False
    await switch(client, on=True)
    assert (await sign_in(anonymous, "guest", "")).json()["Id"] == guest["Id"]


async def test_a_user_called_guest_is_not_taken_for_the_guest(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    made = await client.post("/api/users", json={"Username": "Guest", "Password": "a good password"})

    refused = await switch(client, on=True)

    assert made.status_code == 201
    assert refused.status_code == 409
    assert (await sign_in(anonymous, "guest", "")).status_code == 401
    assert (await client.get(SECTION)).json()["IsEnabled"] is False
