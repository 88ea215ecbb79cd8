"""Who one is in the portal: signing in and out, where links lead, API keys, passwords, and the theme."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.conftest import Shop
from browser.portal import Portal


def test_visitor_with_a_wrong_password_is_told_so_and_stays(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.open("/app/Spaces-1/tasks")
    expect(shop_portal.heading("Sign in to Polpo")).to_be_visible()
    assert shop_portal.accessibility_faults() == []
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("password", re.IGNORECASE))
    shop_portal.shoot("sign-in-refused")
    assert [one for one in shop_portal.complaints if "401" not in one] == []
    shop_portal.complaints.clear()
    shop_portal.sign_in("/app/Spaces-1/tasks")
    expect(shop_portal.heading("Tasks")).to_be_visible()


def test_person_signs_out_and_is_asked_to_sign_in_again(shop_portal: Portal) -> None:
    shop_portal.sign_in()
    shop_portal.page.get_by_role("button", name="admin").click()
    shop_portal.page.get_by_role("menuitem", name="Sign out").click()
    expect(shop_portal.heading("Sign in to Polpo")).to_be_visible()
    shop_portal.open("/app/Spaces-1/projects")
    expect(shop_portal.heading("Sign in to Polpo")).to_be_visible()


def test_link_of_any_form_leads_to_its_screen(shop: Shop, shop_portal: Portal) -> None:
    release = shop.scene.release("Web Shop", "6.0.0")
    place = {"ReleaseId": release["Id"], "EnvironmentId": shop.scene.environments["Development"]}
    deployment = shop.api.post("/deployments", place)
    long = f"/app#/Spaces-1/projects/web-shop/deployments/releases/6.0.0/deployments/{deployment['Id']}"
    shop_portal.sign_in(f"/app#/Spaces-1/tasks/{deployment['TaskId']}")
    expect(shop_portal.heading("6.0.0 to Development")).to_be_visible()
    for link, heading in {
        "/app/tasks": "Tasks",
        long: "6.0.0 to Development",
        f"/app#/releases/{release['Id']}": "Release 6.0.0",
        f"/app#/Spaces-1/projects/{release['ProjectId']}": "Web Shop",
    }.items():
        shop_portal.page.goto("about:blank")  # a link that differs in its fragment only would not be loaded
        shop_portal.open(link)
        expect(shop_portal.heading(heading)).to_be_visible()


def test_link_to_nothing_says_so(shop_portal: Portal) -> None:
    shop_portal.open("/app/Spaces-1/nothing/here")
    expect(shop_portal.heading("There is no such page")).to_be_visible()
    shop_portal.sign_in("/app/Spaces-99/tasks")
    expect(shop_portal.heading("There is no such page")).to_be_visible()


def test_person_makes_an_api_key_that_works_until_it_is_revoked(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/profile")
    page.get_by_role("button", name="Create an API key").click()
    page.get_by_label("Purpose").fill("Build server")
    page.get_by_role("button", name="Create", exact=True).click()
    key = page.get_by_role("dialog").locator("pre").inner_text()
    assert shop_portal.page.request.get(f"{shop_portal.address}/api/users/me", headers={"X-Octopus-ApiKey": key}).ok
    page.get_by_role("button", name="Done").click()
    page.get_by_role("row", name=re.compile("Build server")).get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Build server")).to_have_count(0)
    assert not shop_portal.page.request.get(f"{shop_portal.address}/api/users/me", headers={"X-Octopus-ApiKey": key}).ok


def test_person_sees_where_they_are_signed_in_and_is_told_what_a_bad_password_is(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/profile")
    expect(page.get_by_role("row", name=re.compile("This one"))).to_contain_text("Chrome on Linux")
    page.get_by_role("button", name="Change the password").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New password").fill("password1")
    dialog.get_by_label("Once more").fill("password1")
    dialog.get_by_role("button", name="Change").click()
    expect(dialog.get_by_role("alert")).to_contain_text("one of those that are guessed first")
    shop_portal.complaints.clear()


def test_person_chooses_the_dark_theme_and_keeps_it(shop_portal: Portal) -> None:
    shop_portal.sign_in()
    shop_portal.page.get_by_role("button", name="admin").click()
    shop_portal.page.get_by_role("radiogroup", name="Theme").locator("label").nth(1).click()
    scheme = "data-mantine-color-scheme"
    expect(shop_portal.page.locator("html")).to_have_attribute(scheme, "dark")
    shop_portal.page.reload()
    expect(shop_portal.page.locator("html")).to_have_attribute(scheme, "dark")
