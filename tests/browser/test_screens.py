"""What holds on every screen, and the small journeys beside the main one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

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


def test_visitor_with_a_wrong_password_is_told_so_and_stays(portal: Portal) -> None:
    portal.open("/app/Spaces-1/tasks")
    page = portal.page
    expect(portal.heading("Sign in to Polpo")).to_be_visible()
    assert portal.accessibility_faults() == []
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("password", re.IGNORECASE))
    portal.shoot("sign-in-refused")
    assert [one for one in portal.complaints if "401" not in one] == []
    portal.complaints.clear()
    portal.sign_in("/app/Spaces-1/tasks")
    expect(portal.heading("Tasks")).to_be_visible()


def test_person_signs_out_and_is_asked_to_sign_in_again(portal: Portal) -> None:
    portal.sign_in()
    portal.page.get_by_role("button", name="admin").click()
    portal.page.get_by_role("menuitem", name="Sign out").click()
    expect(portal.heading("Sign in to Polpo")).to_be_visible()
    portal.open("/app/Spaces-1/projects")
    expect(portal.heading("Sign in to Polpo")).to_be_visible()


@pytest.mark.parametrize(
    ("link", "heading"),
    [
        ("/app#/Spaces-1/tasks/{task}", "1.0.0 to Development"),
        (
            "/app#/Spaces-1/projects/sample-web/deployments/releases/1.0.0/deployments/Deployments-1",
            "1.0.0 to Development",
        ),
        ("/app#/releases/Releases-1", "Release 1.0.0"),
        ("/app#/Spaces-1/projects/Projects-1", "Sample Web"),
        ("/app/tasks", "Tasks"),
    ],
)
def test_link_of_any_form_leads_to_its_screen(portal: Portal, demo: Demo, link: str, heading: str) -> None:
    (deployment,) = demo.connect().get("/deployments")["Items"]
    portal.sign_in(link.replace("{task}", deployment["TaskId"]))
    expect(portal.heading(heading)).to_be_visible()


def test_link_to_nothing_says_so(portal: Portal) -> None:
    portal.open("/app/Spaces-1/nothing/here")
    expect(portal.heading("There is no such page")).to_be_visible()
    portal.sign_in("/app/Spaces-99/tasks")
    expect(portal.heading("There is no such page")).to_be_visible()


def test_person_pushes_a_package_twice_and_replaces_it(portal: Portal, tmp_path: Path) -> None:
    package = tmp_path / "Greeter.1.2.3.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("hello.txt", "hello")
    page = portal.page
    portal.sign_in("/app/Spaces-1/library/packages")
    files = page.get_by_label("Package files")
    files.set_input_files(package)
    expect(page.get_by_role("link", name="Greeter", exact=True)).to_be_visible()
    files.set_input_files(package)
    expect(page.get_by_text("already", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Replace it").click()
    expect(page.get_by_role("button", name="Replace it")).to_have_count(0)
    page.get_by_role("link", name="Greeter", exact=True).click()
    page.get_by_role("button", name="Delete 1.2.3").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No version of this package")).to_be_visible()
    assert [one for one in portal.complaints if "409" not in one] == []
    portal.complaints.clear()


def test_person_makes_an_api_key_that_works_until_it_is_revoked(portal: Portal) -> None:
    page = portal.page
    portal.sign_in("/app/profile")
    page.get_by_role("button", name="Create an API key").click()
    page.get_by_label("Purpose").fill("Build server")
    page.get_by_role("button", name="Create", exact=True).click()
    key = page.get_by_role("dialog").locator("pre").inner_text()
    assert portal.page.request.get(f"{portal.address}/api/users/me", headers={"X-Octopus-ApiKey": key}).ok
    page.get_by_role("button", name="Done").click()
    page.get_by_role("row", name=re.compile("Build server")).get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Build server")).to_have_count(0)
    assert not portal.page.request.get(f"{portal.address}/api/users/me", headers={"X-Octopus-ApiKey": key}).ok


def test_person_sees_where_they_are_signed_in_and_is_told_what_a_bad_password_is(portal: Portal) -> None:
    page = portal.page
    portal.sign_in("/app/profile")
    expect(page.get_by_role("row", name=re.compile("This one"))).to_contain_text("Chrome on Linux")
    page.get_by_role("button", name="Change the password").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New password").fill("password1")
    dialog.get_by_label("Once more").fill("password1")
    dialog.get_by_role("button", name="Change").click()
    expect(dialog.get_by_role("alert")).to_contain_text("one of those that are guessed first")
    portal.complaints.clear()


def test_person_chooses_the_dark_theme_and_keeps_it(portal: Portal) -> None:
    portal.sign_in()
    portal.page.get_by_role("button", name="admin").click()
    portal.page.get_by_role("radiogroup", name="Theme").locator("label").nth(1).click()
    scheme = "data-mantine-color-scheme"
    expect(portal.page.locator("html")).to_have_attribute(scheme, "dark")
    portal.page.reload()
    expect(portal.page.locator("html")).to_have_attribute(scheme, "dark")


def test_person_adds_an_environment_and_is_told_when_the_name_is_taken(portal: Portal) -> None:
    page = portal.page
    portal.sign_in("/app/Spaces-1/infrastructure/environments")
    for _ in range(2):
        page.get_by_role("button", name="Add an environment").click()
        page.get_by_role("dialog").get_by_label("Name").fill("Staging")
        page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("cell", name="Staging")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Staging")
    assert [one for one in portal.complaints if " 40" not in one] == []
    portal.complaints.clear()
