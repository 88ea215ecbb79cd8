"""What holds on every screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from run import Demo

from browser.conftest import open_portal
from browser.portal import Portal

PROJECT = "/app/Spaces-1/projects/sample-web"
SCREENS = {
    "dashboard": "/app/Spaces-1",
    "projects": "/app/Spaces-1/projects",
    "overview": PROJECT,
    "releases": f"{PROJECT}/releases",
    "process": f"{PROJECT}/process",
    "variables": f"{PROJECT}/variables",
    "channels": f"{PROJECT}/channels",
    "new-release": f"{PROJECT}/new-release",
    "release": f"{PROJECT}/releases/1.0.0",
    "deploy": f"{PROJECT}/releases/1.0.0/deploy?environment=Environments-2",
    "deployment": "/app/Spaces-1/deployments/Deployments-1",
    "tasks": "/app/Spaces-1/tasks",
    "environments": "/app/Spaces-1/infrastructure/environments",
    "targets": "/app/Spaces-1/infrastructure/targets",
    "target": "/app/Spaces-1/infrastructure/targets/Machines-1",
    "packages": "/app/Spaces-1/library/packages",
    "package": "/app/Spaces-1/library/packages/Polpo.Sample.Web",
    "users": "/app/users",
    "profile": "/app/profile",
}


@pytest.fixture(params=["light", "dark", "phone"])
def any_portal(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[tuple[str, Portal]]:
    """In both themes, and at the width of a phone."""
    looks = request.param
    options: dict[str, object] = {"color_scheme": "dark" if looks == "dark" else "light"}
    if looks == "phone":
        options |= {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    for portal in open_portal(chromium, demo, **options):
        yield looks, portal


def test_screens_are_accessible_and_fit_in_every_look(any_portal: tuple[str, Portal]) -> None:
    looks, portal = any_portal
    faults: dict[str, list[str]] = {}
    portal.sign_in()
    for name, path in SCREENS.items():
        portal.open(path)
        expect(portal.page.get_by_role("heading", level=1)).to_be_visible()
        expect(portal.page.locator("[aria-busy]")).to_have_count(0)
        portal.shoot(f"{looks}-{name}")
        found = portal.accessibility_faults()
        if portal.is_wider_than_the_window():
            found.append("the page is wider than the window")
        if found:
            faults[name] = found
    assert faults == {}
