"""Adding somebody, giving them a role for one project only, and what they meet where they may do nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from browser.conftest import Shop, open_portal
from browser.portal import Portal

PASSWORD = "a-long-enough-secret"
PROJECT = "Checkout"


def test_somebody_joins_a_team_and_is_refused_what_they_may_not_do(
    chromium: Browser, shop: Shop, shop_portal: Portal
) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/users")
    _add_user(page, "eve", "Eve Example")
    shop_portal.complaints.clear()  # the browser tells of the refused password
    _add_team(page, "Checkout deployers")
    _give_role(page, "Project Deployer", PROJECT)
    _add_member(page, "Eve Example")
    shop_portal.shoot("team")
    assert shop_portal.accessibility_faults() == []

    for eve in open_portal(chromium, shop.demo):
        _sign_in(eve, "eve")
        _meets_what_eve_may_not_do(eve)

    _why_not(page, "Eve Example")
    shop_portal.shoot("why-not")
    assert shop_portal.accessibility_faults() == []


def _add_user(page: Page, name: str, shown: str) -> None:
    page.get_by_role("button", name="Add a user").click()
    form = page.get_by_role("dialog", name="Add a user")
    form.get_by_label("User name").fill(name)
    form.get_by_label("Name to show").fill(shown)
    form.get_by_label("Password", exact=True).fill("12345678")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_text(re.compile("password", re.IGNORECASE)).last).to_be_visible()  # refused, and nothing is lost
    expect(form.get_by_label("Name to show")).to_have_value(shown)
    form.get_by_label("Password", exact=True).fill(PASSWORD)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=shown)).to_be_visible()


def _add_team(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Teams").click()
    page.get_by_role("button", name="Add a team").click()
    form = page.get_by_role("dialog", name="Add a team")
    form.get_by_label("Name").fill(name)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_text("Of the space Default")).to_be_visible()


def _give_role(page: Page, role: str, project: str) -> None:
    page.get_by_role("button", name="Add a role").first.click()
    form = page.get_by_role("dialog", name=re.compile("^Give "))
    _choose(page, form.get_by_role("combobox", name="Role"), role)
    _choose(page, form.get_by_role("combobox", name="Projects"), project)
    form.get_by_role("button", name="Give").click()
    row = page.get_by_role("table", name="Roles of the team").get_by_role("row", name=re.compile(role))
    expect(row).to_contain_text(f"Projects: {project}")


def _choose(page: Page, field: Locator, name: str) -> None:
    field.fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Tab")  # what is offered would cover the buttons


def _add_member(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add members").click()
    form = page.get_by_role("dialog", name=re.compile("^Add members"))
    _choose(page, form.get_by_role("combobox", name="Users"), name)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("table", name="Members").get_by_role("link", name=name)).to_be_visible()


def _sign_in(portal: Portal, name: str) -> None:
    portal.open("/app")
    portal.page.get_by_label("User name").fill(name)
    portal.page.get_by_label("Password", exact=True).fill(PASSWORD)
    portal.page.get_by_role("button", name="Sign in").click()
    expect(portal.heading("Sign in to Polpo")).to_have_count(0)


def _meets_what_eve_may_not_do(eve: Portal) -> None:
    """The button says why, and the API refuses what the button would have done."""
    page = eve.page
    eve.open("/app/users")
    button = page.get_by_role("button", name="Add a user")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("no team of the user gives UserEdit")
    eve.shoot("refused-button")
    assert eve.accessibility_faults() == []
    token = next(one["value"] for one in page.context.cookies() if one["name"].startswith("Octopus-Csrf-Token_"))
    refused = page.request.post(
        f"{eve.address}/api/users", data={"Username": "mallory"}, headers={"X-Octopus-Csrf-Token": token}
    )
    assert refused.status == 403
    assert "UserEdit" in refused.json()["ErrorMessage"]

    eve.open("/app/Spaces-1/infrastructure/environments")
    expect(page.get_by_role("button", name="Add an environment")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("link", name="Audit")).to_have_count(1)
    expect(page.get_by_role("link", name="Settings")).to_have_count(0)


def _why_not(page: Page, name: str) -> None:
    """The administrator asks for Eve, at a project that is not hers and at hers."""
    page.get_by_role("table", name="Members").get_by_role("link", name=name).click()
    page.get_by_role("navigation", name="User").get_by_role("link", name="Permissions").click()
    why = page.get_by_role("region", name="Why can they, or why not?")
    _choose(page, why.get_by_role("combobox", name="Do what"), "ProcessEdit")
    _choose(page, why.get_by_role("combobox", name="Project"), "Web Shop")
    expect(why.get_by_text("Not allowed", exact=True)).to_be_visible()
    expect(why.get_by_text(re.compile("Project Deployer.*only, not for"))).to_be_visible()
    why.get_by_role("combobox", name="Project").fill("")
    _choose(page, why.get_by_role("combobox", name="Project"), PROJECT)
    expect(why.get_by_text("Allowed", exact=True)).to_be_visible()
