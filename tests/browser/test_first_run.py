"""The first hour of a newcomer: an empty server leads them to their first deployment."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from run import Demo

from browser.conftest import open_portal
from browser.portal import DEPLOYED, Portal


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server as it is after its first start, without agents."""
    demo = Demo(tmp_path_factory.mktemp("empty"), say=lambda _text: None, listen=0)
    try:
        demo.start_server()
        yield demo
    finally:
        demo.stop()


@pytest.fixture
def newcomer(chromium: Browser, empty: Demo) -> Iterator[Portal]:
    yield from open_portal(chromium, empty)


def _next_step(portal: Portal) -> Locator:
    """What the guide on the dashboard wants done now."""
    return portal.page.locator("[aria-current=step]")


def test_newcomer_is_led_from_nothing_to_the_first_deployment(newcomer: Portal) -> None:
    portal, page = newcomer, newcomer.page
    portal.sign_in()
    expect(portal.heading("Dashboard")).to_be_visible()
    expect(_next_step(portal)).to_contain_text("Add an environment")
    portal.shoot("first-run-guide")

    _next_step(portal).get_by_role("link", name="Add an environment").click()
    page.get_by_role("button", name="Add an environment").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Development")
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Development", exact=True)).to_be_visible()

    page.get_by_role("link", name="Dashboard", exact=True).click()
    _next_step(portal).get_by_role("link", name="Add a project").click()
    page.get_by_role("button", name="Add a project").first.click()
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Web shop")
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(portal.heading("Web shop")).to_be_visible()
    page.get_by_role("link", name="Write the process").click()

    page.get_by_role("button", name="Add a step").first.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Run a script")).click()
    script = page.locator(".cm-content").first
    script.click()
    page.keyboard.type('echo "Hello from the first deployment"')
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("There are changes that are not saved.")).to_have_count(0)

    page.get_by_role("link", name="Dashboard", exact=True).click()
    guide = page.get_by_role("region", name="First steps")
    expect(guide).to_contain_text("3 of 6 are done")
    guide.get_by_role("link", name="Go on").click()
    _next_step(portal).get_by_role("link", name="Create a release").click()
    page.get_by_role("button", name="Create the release").click()
    expect(portal.heading("Release 0.0.1")).to_be_visible()

    page.get_by_role("button", name="admin").click()
    page.get_by_role("menuitem", name="First steps").click()
    _next_step(portal).get_by_role("link", name="Deploy 0.0.1").click()
    page.get_by_role("link", name="Deploy to Development").first.click()
    portal.deploy_to("Development")
    portal.expect_state("Succeeded")
    portal.log().get_by_role("button", name="Open all").click()
    expect(portal.log().get_by_text("Hello from the first deployment")).to_be_visible(timeout=DEPLOYED)

    page.get_by_role("link", name="Dashboard", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Web shop"))).to_contain_text("0.0.1")
    expect(page.get_by_role("region", name="First steps")).to_have_count(0)
    portal.shoot("first-run-done")
