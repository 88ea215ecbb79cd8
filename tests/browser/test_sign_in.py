"""Signing in to the portal by a provider outside, as a person meets it: the button, the provider's page, and back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, expect
from run import Demo
from tests.api.issuer import rsa, running
from tests.api.provider import CLIENT, SECRET, OpenIdProvider

from browser.conftest import open_portal
from browser.portal import Portal

SECTION = "/api/configuration/authentication-generic-oidc/values"


@contextmanager
def served(provider: OpenIdProvider) -> Iterator[OpenIdProvider]:
    """Runs the provider on a loop of its own: Playwright's is in this thread."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        async with running(provider):
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(20)
        yield provider
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)
        loop.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server without agents, which may ask providers on this machine."""
    demo = Demo(tmp_path_factory.mktemp("demo"), say=lambda _text: None, listen=0)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("POLPO_OUTBOUND_ALLOW", "127.0.0.1")
            demo.start_server()
        yield demo
    finally:
        demo.stop()


@pytest.fixture
def provider(demo: Demo) -> Iterator[OpenIdProvider]:
    """A provider that the server lets people sign in by; one of its groups are administrators."""
    people = {
        "Ada": {"sub": "7", "preferred_username": "ada", "name": "Ada Lovelace", "groups": ["crew"]},
        "Mallory": {"sub": "8", "preferred_username": "admin", "name": "Mallory"},
    }
    back = f"{demo.address}/api/users/authenticatedToken/GenericOidc"
    with served(OpenIdProvider(keys=[rsa()], people=people, redirects=[back])) as provider:
        section = {
            "IsEnabled": True,
            "Issuer": provider.address,
            "ClientId": CLIENT,
            "ClientSecret": {"HasValue": True, "NewValue": SECRET},
            "DisplayName": "Acme accounts",
        }
        with httpx.Client(base_url=demo.address, headers={"X-Octopus-ApiKey": demo.api_key}) as administrator:
            assert administrator.put(SECTION, json=section).status_code == 200
            for team_id in ("teams-administrators", "teams-spacemanagers-Spaces-1"):
                team = administrator.get(f"/api/teams/{team_id}").json()
                team["ExternalSecurityGroups"] = [{"Id": "Crew", "DisplayName": "Crew"}]
                assert administrator.put(team["Links"]["Self"], json=team).status_code == 200
        yield provider


def test_a_person_signs_in_by_a_provider_and_who_is_refused_reads_why(
    chromium: Browser, demo: Demo, provider: OpenIdProvider
) -> None:
    pages = open_portal(chromium, demo)
    portal = next(pages)
    portal.open("/app/Spaces-1/projects")
    leave_by_the_provider(portal, "Mallory")
    expect(portal.page.get_by_role("alert")).to_contain_text("The user name 'admin' belongs to a user who is not known")
    assert portal.accessibility_faults() == []
    portal.shoot("sign-in-refused")
    portal.page.reload()
    expect(portal.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(portal.page.get_by_role("alert")).to_have_count(0)

    leave_by_the_provider(portal, "Ada")
    expect(portal.heading("Projects")).to_be_visible()
    assert portal.page.url == f"{demo.address}/app/Spaces-1/projects"
    next(pages, None)


def leave_by_the_provider(portal: Portal, person: str) -> None:
    """From the sign-in page to the provider, and back."""
    portal.page.get_by_role("link", name="Sign in with Acme accounts").click()
    expect(portal.page.get_by_role("heading", name="Who are you?")).to_be_visible()
    portal.page.get_by_role("link", name=f"Sign in as {person}").click()
