"""Variables as a team keeps them: edited in the grid, shared with others, explained."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from browser.conftest import Shop
from browser.portal import Portal

PATH = "/app/Spaces-1/projects/web-shop/variables"
SET = "variables/variableset-Projects-1"


def _grid(page: Page) -> Locator:
    return page.get_by_role("grid", name="Variables of Web Shop")


def _row(page: Page, *texts: str) -> Locator:
    found = _grid(page).get_by_role("row")
    for text in texts:
        found = found.filter(has_text=text)
    return found


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The variables are saved.").last).to_be_visible()
    expect(page.get_by_text("Not saved: ")).to_have_count(0)


def test_variables_are_edited_by_keyboard_and_their_winner_is_explained(shop_portal: Portal, shop: Shop) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in(PATH)
    page.get_by_role("button", name="Add a variable").click()
    keyboard = page.keyboard
    keyboard.type("Cache:Host")
    keyboard.press("Tab")
    keyboard.type("cache.example")
    keyboard.press("Control+Enter")
    # The first takes the value over; the second begins another value of the same name.
    keyboard.press("Control+Enter")
    keyboard.type("cache.prod.example")
    keyboard.press("Tab")
    keyboard.press("Enter")
    page.get_by_label("Scope of Cache:Host").fill("prod")
    page.get_by_role("option", name="Production", exact=True).click()
    keyboard.press("Tab")
    expect(_row(page, "cache.prod.example", "Production")).to_be_visible()
    expect(page.get_by_text("Not saved: 2 new.")).to_be_visible()

    _grid(page).focus()
    keyboard.press("Control+End")
    keyboard.press("Enter")
    keyboard.type("Cache:Key")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Enter")
    page.get_by_role("option", name="Sensitive", exact=True).click()
    keyboard.press("ArrowLeft")
    keyboard.press("ArrowLeft")
    keyboard.type("hush-hush")
    keyboard.press("Enter")
    assert "hush-hush" not in page.evaluate("() => JSON.stringify(sessionStorage)")
    _save(page)

    page.reload()
    expect(_row(page, "Cache:Key", "Sensitive")).to_be_visible()
    expect(page.get_by_text("hush-hush")).to_have_count(0)
    portal.shoot("variables")
    portal.open(f"{PATH}?explain=cache:host&environment=Production")
    told = page.get_by_role("list", name="Values that were considered")
    expect(told.get_by_role("listitem").first).to_contain_text("cache.prod.example")
    expect(told.get_by_role("listitem").first).to_contain_text("1. Used")
    expect(told.get_by_role("listitem").nth(1)).to_contain_text("2. Less specific")
    portal.shoot("variables-explained")
    page.get_by_role("combobox", name="Environment").click()
    page.get_by_role("option", name="Test", exact=True).click()
    expect(told.get_by_role("listitem").first).to_contain_text("cache.example")
    expect(page).to_have_url(re.compile("environment="))


def test_what_others_save_meanwhile_is_merged_and_refusals_stand_at_their_rows(shop_portal: Portal, shop: Shop) -> None:
    portal, page = shop_portal, shop_portal.page
    portal.sign_in(PATH)
    page.get_by_role("button", name="Paste", exact=True).click()
    page.get_by_label("What you have").fill("Mail__From=shop@example.com\nSite:Title=Mine\n")
    expect(page.get_by_text("1 new, 1 replaced")).to_be_visible()
    page.get_by_role("button", name="Take over 2").click()
    expect(page.get_by_text("Not saved: 1 new, 1 changed.")).to_be_visible()

    theirs = shop.api.get(SET)
    theirs["Variables"].append({"Name": "Theirs", "Value": "x"})
    shop.api.put(SET, theirs)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The variables were changed in the meantime")).to_be_visible()
    expect(page.get_by_text("Somebody else saved these variables meanwhile")).to_be_visible()
    page.get_by_role("button", name="Take both together").click()
    _save(page)
    assert {"Theirs", "Mail__From"} <= {one["Name"] for one in shop.api.get(SET)["Variables"]}

    page.get_by_label("Find variables").fill("Mail__From")
    _row(page, "Mail__From").get_by_text("Mail__From").dblclick()
    page.get_by_label("Name", exact=True).fill("n" * 1001)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    refusal = page.get_by_role("alert").filter(has_text="The variables were not saved")
    expect(refusal).to_contain_text("The name has more than 1000 characters.")
    _grid(page).focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Not saved: ")).to_have_count(0)
    portal.complaints = [one for one in portal.complaints if "status of 4" not in one]
