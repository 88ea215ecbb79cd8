"""Finding one's way: search, spaces, what the dashboard shows, and what a project is called."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import expect

from browser.conftest import Shop
from browser.portal import Portal


def test_person_jumps_to_anything_by_a_few_letters(shop_portal: Portal) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in()
    expect(portal.heading("Dashboard")).to_be_visible()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search or jump to")
    field.fill("catal")
    expect(page.get_by_role("option", name="Catalogue API")).to_be_visible()
    assert portal.accessibility_faults() == []
    field.press("Enter")
    expect(portal.heading("Catalogue API")).to_be_visible()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Recent").get_by_role("option", name="Catalogue API")).to_be_visible()
    field.fill("environments")
    page.get_by_role("option", name=re.compile("^Environments")).click()
    expect(portal.heading("Environments")).to_be_visible()
    expect(page.get_by_role("button", name="Infrastructure")).to_have_attribute("aria-expanded", "true")

    page.locator("body").press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(portal.heading("Projects")).to_be_visible()


def test_dashboard_is_narrowed_for_now_and_configured_for_good(shop_portal: Portal) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in()
    page.get_by_role("searchbox", name="Find a project").fill("check")
    expect(page.get_by_role("row", name=re.compile("Checkout"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Billing"))).to_have_count(0)
    expect(page).to_have_url(re.compile("q=check"))
    page.get_by_role("button", name="Show all").click()

    page.get_by_role("button", name="Configure").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Project groups").click()
    page.get_by_role("option", name="Platform").click()
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("Billing"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Checkout"))).to_have_count(0)
    page.reload()
    expect(page.get_by_role("row", name=re.compile("Billing"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Checkout"))).to_have_count(0)

    page.get_by_role("button", name="Configured").click()
    dialog.get_by_role("button", name="Show everything").click()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("Checkout"))).to_be_visible()
    page.get_by_role("button", name="Platform").click()
    expect(page.get_by_role("row", name=re.compile("Billing"))).to_have_count(0)


def test_person_switches_the_space_and_stays_in_the_section(shop_portal: Portal, shop: Shop) -> None:
    portal, page = shop_portal, shop_portal.page
    with httpx.Client(base_url=shop.demo.address, headers={"X-Octopus-ApiKey": shop.demo.api_key}) as administrator:
        me = administrator.get("/api/users/me").json()["Id"]
        research = {"Name": "Research", "SpaceManagersTeamMembers": [me]}
        other = administrator.post("/api/spaces", json=research).json()["Id"]
    portal.sign_in("/app/Spaces-1/infrastructure/environments")
    page.get_by_role("button", name="Space: Default. Change it").click()
    page.get_by_role("menuitem", name="Research").click()
    expect(page.get_by_text("No environment yet")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/app/{other}/infrastructure/environments"))
    portal.open("/app")
    expect(page).to_have_url(re.compile(f"/app/{other}$"))


def test_person_renames_a_project_clones_it_and_moves_it(shop_portal: Portal) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in("/app/Spaces-1/projects/notifications/settings")
    page.get_by_role("textbox", name="Name").fill("Messages")
    page.get_by_role("textbox", name="Slug").fill("messages")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(portal.heading("Messages")).to_be_visible()
    expect(page).to_have_url(re.compile("/projects/messages/settings"))

    page.get_by_role("link", name="Deployments", exact=True).click()
    page.get_by_role("textbox", name="Version template").fill("5.2.i")
    expect(page.get_by_text("The next release would be 5.2.0.")).to_be_visible()
    page.get_by_role("button", name="Discard").click()

    page.get_by_role("link", name="General", exact=True).click()
    page.get_by_role("button", name="Clone").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Post")
    dialog.get_by_role("button", name="Clone").click()
    expect(portal.heading("Post")).to_be_visible()

    page.get_by_role("link", name="Projects", exact=True).first.click()
    page.get_by_role("checkbox", name="Choose Post").check()
    page.get_by_role("button", name="Move 1 project").click()
    dialog.get_by_role("combobox", name="To the group").click()
    page.get_by_role("option", name="Data").click()
    dialog.get_by_role("button", name="Move").click()
    expect(page.get_by_role("row", name=re.compile("Post"))).to_contain_text("Data")
