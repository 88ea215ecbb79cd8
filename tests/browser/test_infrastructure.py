"""The machines that a team deploys to, as a person adds and changes them in the portal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from browser.conftest import Shop
from browser.portal import Portal

PLACE = "/app/Spaces-1/infrastructure"
_REGISTERED, _CHECKED = 30_000, 60_000


@contextmanager
def terminal(folder: Path, commands: str) -> Iterator[None]:
    """A shell on a machine where Polpo is installed; what runs in it ends with it."""
    programs = folder / "bin"
    programs.mkdir()
    polpo = programs / "polpo"
    polpo.write_text(f'#!/bin/sh\nexec {sys.executable} -m polpo "$@"\n')
    polpo.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "POLPO_AGENTS_FOLDER": str(folder / "agents"),
    }
    with (folder / "terminal.log").open("wb") as said:
        shell = subprocess.Popen(
            ["bash", "-ec", commands], env=environment, stdout=said, stderr=said, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(shell.pid, signal.SIGTERM)
            shell.wait(30)


def choose(page: Page, label: str, *names: str) -> None:
    """In a picker of many."""
    field = page.get_by_role("combobox", name=label)
    for name in names:
        field.fill(name)
        page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")


def tag(page: Page, *tags: str) -> None:
    field = page.locator("input[type=text]").and_(page.get_by_label("Target tags"))
    for one in tags:
        field.fill(one)
        page.keyboard.press("Enter")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def test_agent_is_added_by_the_command_that_the_screen_shows(shop: Shop, shop_portal: Portal, tmp_path: Path) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in(f"{PLACE}/targets")
    page.get_by_role("link", name="Add a target").click()
    expect(portal.heading("Add a target")).to_be_visible()
    portal.shoot("infrastructure-kinds")
    page.get_by_role("link", name="Polling agent").click()
    expect(page.get_by_text("when you have entered a name, an environment and a tag")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("till-1")
    choose(page, "Environments", "Development")
    tag(page, "till")
    page.get_by_role("button", name="Put a fresh API key into it").click()
    commands = page.get_by_role("region", name="Commands")
    expect(commands).to_contain_text("--environment Development")
    expect(commands).not_to_contain_text("API-YOUR-KEY")
    expect(page.get_by_text("Waiting for the agent to register…")).to_be_visible()
    assert portal.accessibility_faults() == []
    portal.shoot("infrastructure-agent-waiting")

    with terminal(tmp_path, commands.inner_text()):
        expect(page.get_by_text("The agent has registered as till-1.")).to_be_visible(timeout=_REGISTERED)
        expect(page.get_by_text(re.compile("^(Healthy|Has warnings): "))).to_be_visible(timeout=_CHECKED)
        portal.shoot("infrastructure-agent-healthy")
        page.get_by_role("link", name="Show the target").click()
        expect(portal.heading("till-1")).to_be_visible()
        expect(page.get_by_role("region", name="Agent", exact=True)).to_contain_text("Version")
        portal.shoot("infrastructure-target")


def test_region_is_added_found_and_disabled_with_others(shop_portal: Portal) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in(f"{PLACE}/targets/new?kind=None")
    page.get_by_role("textbox", name="Name").fill("Test Oslo")
    choose(page, "Environments", "Test")
    page.get_by_role("button", name="Add the target").click()
    expect(page.get_by_text("Give the target at least one tag, so that steps can find it.")).to_be_visible()
    portal.complaints.clear()  # the browser tells of the refusal
    tag(page, "north")
    page.get_by_role("button", name="Add the target").click()
    expect(portal.heading("Test Oslo")).to_be_visible()

    page.get_by_role("link", name="Targets", exact=True).first.click()
    page.get_by_role("searchbox", name="Find by name").fill("oslo")
    expect(page.get_by_text("1 found")).to_be_visible()
    page.get_by_role("button", name="Show all").first.click()
    choose(page, "Environment", "Test")
    expect(row(page, "Development Dublin")).to_have_count(0)
    page.get_by_label("Choose all that are shown").check()
    portal.shoot("infrastructure-bulk")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("3 targets are disabled.")).to_be_visible()
    expect(row(page, "Test Oslo")).to_contain_text("Disabled")
    page.reload()  # what is narrowed stands in the address
    expect(row(page, "Test Dublin")).to_contain_text("Disabled")
    expect(row(page, "Development Dublin")).to_have_count(0)


def test_account_shows_a_fault_at_its_field(shop_portal: Portal) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in(f"{PLACE}/accounts")
    page.get_by_role("link", name="Add an account").first.click()
    page.get_by_role("link", name="Azure by OpenID Connect").click()
    page.get_by_role("textbox", name="Name").fill("Cloud")
    page.get_by_role("textbox", name="Subscription id").fill("not-a-guid")
    for label in ("Directory (tenant) id", "Application (client) id"):
        page.get_by_role("textbox", name=label).fill("11111111-2222-3333-4444-555555555555")
    page.get_by_role("button", name="Add the account").click()
    field = page.get_by_role("textbox", name="Subscription id")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("must be a GUID")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Cloud")
    portal.complaints.clear()  # the browser tells of the refusal
    portal.shoot("infrastructure-account-fault")
    field.fill("11111111-2222-3333-4444-555555555555")
    page.get_by_role("button", name="Add the account").click()
    expect(portal.heading("Cloud")).to_be_visible()
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()
    assert portal.accessibility_faults() == []


def test_person_adds_an_environment_and_is_told_when_the_name_is_taken(shop_portal: Portal) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in(f"{PLACE}/environments")
    for _ in range(2):
        page.get_by_role("button", name="Add an environment").click()
        page.get_by_role("dialog").get_by_label("Name").fill("Canary")
        page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("cell", name="Canary")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Canary")
    assert [one for one in portal.complaints if " 40" not in one] == []
    portal.complaints.clear()
