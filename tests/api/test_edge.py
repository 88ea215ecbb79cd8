"""What is true of every answer: headers, origins, limits; by the assembled server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
from tests.conftest import API_KEY

from polpo.server.application import Server, assemble
from polpo.server.settings import Settings

SECTION = "/api/configuration/webportal/values"
POLICIES = "/api/ratelimitingpolicies"
TOOLS = "https://tools.example.com"


def caller(
    server: Server, address: str = "203.0.113.9", base: str = "http://polpo.test", **headers: str
) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(server.application, client=(address, 5))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=base, headers=headers)


async def configure(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.put(SECTION, json={"Security": changes})
    assert answer.status_code == 200, answer.text
    return answer.json()


# -- headers


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/spaces/all",  # 401
        "/api/nothing-here",
        "/elsewhere",
        "/app/assets/gone.js",
        "/token/v1",  # 405
        "/.well-known/openid-configuration",
        "/api/users/Users-1/logo",
    ],
)
async def test_every_answer_protects_its_reader(anonymous: httpx.AsyncClient, path: str) -> None:
    headers = (await anonymous.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["server"] == "Polpo"
    assert "strict-transport-security" not in headers
    assert "access-control-allow-origin" not in headers


async def test_a_picture_of_a_user_stays_shut_in_and_an_answer_that_is_known_has_the_headers(
    client: httpx.AsyncClient,
) -> None:
    logo = await client.get("/api/spaces/Spaces-1/logo")
    assert "sandbox" in logo.headers["content-security-policy"]
    again = await client.get(str(logo.url), headers={"If-None-Match": logo.headers["etag"]})
    assert (again.status_code, again.headers["x-content-type-options"]) == (304, "nosniff")


async def test_the_portal_runs_its_own_scripts_only(anonymous: httpx.AsyncClient) -> None:
    policy = (await anonymous.get("/app")).headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


async def test_an_administrator_sets_the_headers_for_browsers(client: httpx.AsyncClient, server: Server) -> None:
    frames = {"XFrameOptions": "ALLOW-FROM", "XFrameOptionAllowFrom": "https://intranet.example.com/"}
    shown = await configure(
        client,
        HttpStrictTransportSecurityEnabled=True,
        HttpStrictTransportSecurityMaxAge=86400,
        ReferrerPolicy="Same-Origin",
        XOptions=frames,
    )
    assert shown["Security"]["XOptions"]["XFrameOptions"] == "AllowFrom"
    plain = (await client.get("/app")).headers
    assert plain["content-security-policy"].endswith("frame-ancestors 'self' https://intranet.example.com")
    assert "x-frame-options" not in plain
    assert plain["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in plain
    async with caller(server, base="https://polpo.test") as secure:
        assert (await secure.get("/api")).headers["strict-transport-security"] == "max-age=86400"
    await configure(client, ContentSecurityPolicyEnabled=False, XOptions={"XFrameOptions": "none"})
    off = (await client.get("/app")).headers
    assert "content-security-policy" not in off
    assert "x-frame-options" not in off


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"XOptions": {"XFrameOptions": "perhaps"}}, "XFrameOptions must be"),
        ({"XOptions": {"XFrameOptions": "AllowFrom", "XFrameOptionAllowFrom": "x; y"}}, "XFrameOptionAllowFrom"),
        ({"ReferrerPolicy": "no-referrer\r\nX: y"}, "ReferrerPolicy must be"),
        ({"HttpStrictTransportSecurityMaxAge": -1}, "HttpStrictTransportSecurityMaxAge"),
        ({"CorsWhitelist": "https://a.test/path"}, "CorsWhitelist"),
        ({"CorsWhitelist": "null"}, "CorsWhitelist"),
    ],
)
async def test_a_setting_that_browsers_would_not_take_is_refused(
    client: httpx.AsyncClient, changes: dict[str, Any], fault: str
) -> None:
    answer = await client.put(SECTION, json={"Security": changes})
    assert answer.status_code == 400
    assert fault in answer.json()["ErrorMessage"]


# -- other origins


async def preflight(client: httpx.AsyncClient, origin: str) -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    return await client.options("/api/projects/Projects-1", headers=asked)


async def test_no_other_site_reads_the_api_unless_it_is_on_the_list(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert "access-control-allow-origin" not in (await preflight(anonymous, TOOLS)).headers
    await configure(client, CorsWhitelist=f"{TOOLS}:443/, http://localhost:3000")
    answer = await preflight(anonymous, TOOLS)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == TOOLS
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert "X-Octopus-ApiKey" in answer.headers["access-control-allow-headers"]
    assert "Origin" in answer.headers["vary"]
    read = await anonymous.get("/api/spaces/all", headers={"Origin": TOOLS})
    assert (read.status_code, read.headers["access-control-allow-origin"]) == (401, TOOLS)
    for other in ("https://evil.example", "null", f"{TOOLS}.evil.example", "http://tools.example.com", ""):
        for refused in (await preflight(anonymous, other), await anonymous.get("/api", headers={"Origin": other})):
            assert "access-control-allow-origin" not in refused.headers, other
            assert "Origin" in refused.headers["vary"]


async def test_a_list_of_all_origins_takes_no_cookies(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    await configure(client, CorsWhitelist="*")
    for answer in (await preflight(anonymous, TOOLS), await anonymous.get("/api", headers={"Origin": TOOLS})):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in (await preflight(anonymous, "null")).headers


# -- proxies and hosts


@asynccontextmanager
async def another(settings: Settings, **changes: Any) -> AsyncIterator[Server]:
    server = assemble(msgspec.structs.replace(settings, **changes))
    try:
        yield server
    finally:
        await server.close()


async def issuer_seen(client: httpx.AsyncClient, **headers: str) -> str:
    answer = await client.get("/.well-known/openid-configuration", headers=headers)
    return str(answer.json()["token_endpoint"])


async def test_a_proxy_on_the_list_says_how_the_server_was_called(server_settings: Settings) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "polpo.example.com", "X-Forwarded-For": "203.0.113.9"}
    async with (
        another(server_settings, trusted_proxies="10.0.0.0/8") as server,
        caller(server, "10.1.1.1") as proxy,
        caller(server, "203.0.113.50") as stranger,
    ):
        assert await issuer_seen(proxy, **said) == "https://polpo.example.com/token/v1"
        assert await issuer_seen(stranger, **said) == "http://polpo.test/token/v1"


async def test_a_request_for_another_host_is_refused_with_the_name_of_the_setting(server_settings: Settings) -> None:
    async with (
        another(server_settings, allowed_hosts="polpo.test") as server,
        caller(server) as ours,
        caller(server, base="http://evil.test") as other,
    ):
        assert (await ours.get("/api")).status_code == 200
        refused = await other.get("/api")
        assert refused.status_code == 400
        assert "allowed_hosts" in refused.json()["ErrorMessage"]
        assert refused.headers["x-content-type-options"] == "nosniff"


# -- rates


async def limit(client: httpx.AsyncClient, scope_type: str, **changes: Any) -> None:
    policies = (await client.get(POLICIES)).json()["Items"]
    policy = next(one for one in policies if one["ScopeType"] == scope_type)
    answer = await client.put(policy["Links"]["Self"], json={**policy, "IsEnabled": True, **changes})
    assert answer.status_code == 200, answer.text


async def statuses(client: httpx.AsyncClient, count: int, path: str = "/api") -> list[int]:
    return [(await client.get(path)).status_code for _ in range(count)]


async def test_strangers_are_limited_by_address_and_told_when_to_come_again(
    client: httpx.AsyncClient, server: Server
) -> None:
    await limit(client, "Unauthenticated", RequestsPerMinute=1, BurstLimit=2)
    async with caller(server) as stranger, caller(server, "203.0.113.10") as other:
        assert await statuses(stranger, 3) == [200, 200, 429]
        refused = await stranger.get("/api")
        assert 50 <= int(refused.headers["retry-after"]) <= 60
        assert "too many requests" in refused.json()["ErrorMessage"]
        assert await statuses(stranger, 1, "/app/assets/gone.js") == [404]
        assert await statuses(other, 1) == [200]
        stranger.headers["X-Octopus-ApiKey"] = "API-MADEUP00000000000000000000001"
        assert await statuses(stranger, 1) == [429], "credentials that are made up change nothing"


async def test_programs_are_limited_by_user_only_when_an_administrator_says_so(
    client: httpx.AsyncClient, server: Server
) -> None:
    async with caller(server, **{"X-Octopus-ApiKey": API_KEY}) as robot:
        path = "/api/users/me"
        assert set(await statuses(robot, 4, path)) == {200}
        await limit(client, "AuthenticatedAgent", RequestsPerMinute=1, BurstLimit=2, AuditMode=True)
        assert set(await statuses(robot, 4, path)) == {200}, "in audit mode nobody is refused"
        async with caller(server, "198.51.100.1", **{"X-Octopus-ApiKey": API_KEY}) as elsewhere:
            await limit(robot, "AuthenticatedAgent", RequestsPerMinute=1, BurstLimit=2, AuditMode=False)
            assert await statuses(robot, 1, path) == [429]
            assert await statuses(elsewhere, 1, path) == [429], "it is the same user"


async def test_a_policy_keeps_its_kind_and_takes_sensible_numbers_only(client: httpx.AsyncClient) -> None:
    found = (await client.get(POLICIES)).json()["Items"]
    assert [(one["ScopeType"], one["IsEnabled"]) for one in found] == [
        ("Unauthenticated", True),
        ("AuthenticatedHuman", False),
        ("AuthenticatedAgent", False),
    ]
    link, policy = found[1]["Links"]["Self"], found[1]
    changed = (await client.put(link, json={**policy, "RequestsPerMinute": 60, "ScopeType": "Unauthenticated"})).json()
    assert (changed["RequestsPerMinute"], changed["ScopeType"]) == (60, "AuthenticatedHuman")
    assert (await client.get(link)).json() == changed
    assert (await client.put(link, json={**policy, "BurstLimit": 0})).status_code == 400
    assert (await client.get(f"{POLICIES}/RateLimitingPolicies-9")).status_code == 404
