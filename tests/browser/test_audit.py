"""A change that is made in the portal is found in the audit trail with its difference, and is in what is exported."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from browser.portal import Portal


def test_a_change_is_found_with_its_difference_and_exported(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/spaces/Spaces-1")
    page.get_by_label("Description").fill("Where the shop is made.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The space Default is saved.")).to_be_visible()

    shop_portal.open("/app/audit")
    event = page.get_by_role("list", name="Events").get_by_role("button", name="Space Default was changed").first
    event.click()
    change = page.get_by_role("region", name="Description", exact=True)
    expect(change).to_contain_text("The space that everything belongs to")
    expect(change).to_contain_text("Where the shop is made.")
    expect(page.get_by_role("link", name="admin").first).to_be_visible()
    shop_portal.shoot("audit-difference")
    assert shop_portal.accessibility_faults() == []

    _narrow(page)
    assert "Where the shop is made." in _exported(page)
    shop_portal.open("/app/audit/archives")
    expect(page.get_by_text("No file yet")).to_be_visible()


def test_a_secret_is_told_as_one(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/settings/smtp")
    page.get_by_label("Port", exact=True).fill("0")
    page.get_by_label("Password", exact=True).fill("never-to-be-seen")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("must be from 1 to 65535"))).to_be_visible()  # at the field, nothing is lost
    page.get_by_label("Port", exact=True).fill("587")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("SMTP: saved.")).to_be_visible()
    shop_portal.complaints.clear()  # the browser tells of the refused save

    page.get_by_role("link", name="Who changed these settings").click()
    page.get_by_role("list", name="Events").get_by_role("button").first.click()
    expect(page.get_by_text("587").first).to_be_visible()
    expect(page.get_by_text("never-to-be-seen")).to_have_count(0)


def _narrow(page: Page) -> None:
    """To what concerns documents of the space's kind, as the address then says."""
    field = page.get_by_role("combobox", name="Kind of document")
    field.fill("Space")
    page.get_by_role("option", name="Space", exact=True).click()
    expect(page).to_have_url(re.compile("documentTypes=Spaces"))
    expect(page.get_by_role("status").filter(has_text="found")).to_be_visible()


def _exported(page: Page) -> str:
    """The file of lines of JSON, each with its hash."""
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=re.compile("As lines of JSON")).click()
    text = download.value.path().read_text()
    assert all("Id" in json.loads(line) or "Hash" in json.loads(line) for line in text.splitlines())
    return text
