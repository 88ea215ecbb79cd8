"""The library and the tenants in the browser: packages pushed by hand, tags, and who gets what."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from browser.conftest import Shop
from browser.portal import Portal


def package() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", "hello")
    return file.getvalue()


def drop(page: Page, name: str, content: bytes) -> None:
    """Drops a file where packages are dropped, as a file manager would."""
    transfer = page.evaluate_handle(
        """([name, content]) => {
            const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name));
            return transfer;
        }""",
        [name, base64.b64encode(content).decode()],
    )
    page.get_by_text("Drop packages here").dispatch_event("drop", {"dataTransfer": transfer})


def held(page: Page) -> Callable[[], None]:
    """Keeps files on their way until what is returned is called; those that were kept never arrive."""
    kept: list[Route] = []

    def keep(route: Route) -> None:
        kept.append(route)

    page.route("**/packages/raw*", keep)

    def let_go() -> None:
        for route in kept:
            route.abort()
        page.unroute("**/packages/raw*")

    return let_go


def test_packages_are_dropped_chosen_refused_and_deleted(shop_portal: Portal, tmp_path: Path) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/Spaces-1/library/packages")
    uploads = page.get_by_role("region", name="Uploads")

    let_go = held(page)
    drop(page, "Acme.Depot.1.0.0.zip", package())
    expect(page.get_by_role("progressbar", name="Sending Acme.Depot.1.0.0.zip")).to_have_count(1)
    page.get_by_role("button", name="Cancel Acme.Depot.1.0.0.zip").click()
    expect(uploads.get_by_text("Cancelled before all of it was sent.")).to_be_visible()
    let_go()
    uploads.get_by_role("button", name="Try again").click()
    expect(uploads.get_by_text("1 of 1 file stored", exact=True)).to_be_visible()

    files = []
    for name in ("Acme.Depot.1.1.0-beta.1.zip", "Acme.Depot.1.1.0.zip", "no-package.txt"):
        (tmp_path / name).write_bytes(package())
        files.append(tmp_path / name)
    page.get_by_label("Package files").set_input_files(files)
    expect(uploads.get_by_text("3 of 4 files stored, 1 refused")).to_be_visible()
    expect(uploads.get_by_role("alert")).to_contain_text("'no-package.txt' was not stored")

    page.get_by_role("link", name="Acme.Depot", exact=True).click()
    versions = page.get_by_role("table", name="Versions")
    expect(versions.get_by_role("row")).to_have_count(4)
    page.get_by_label("Leave out pre-releases").check(force=True)
    expect(versions.get_by_role("row")).to_have_count(3)
    versions.get_by_role("checkbox", name=re.compile("1.0.0")).check()
    page.get_by_role("button", name="Delete them").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(versions.get_by_role("row")).to_have_count(2)

    versions.get_by_role("link", name="1.1.0", exact=True).click()
    expect(shop_portal.heading("Acme.Depot 1.1.0")).to_be_visible()
    expect(page.get_by_text("No release, no runbook snapshot and no step uses it.")).to_be_visible()
    assert shop_portal.accessibility_faults() == []
    shop_portal.shoot("package-version")
    assert [one for one in shop_portal.complaints if "400" not in one and "ERR_FAILED" not in one] == []
    shop_portal.complaints.clear()


def test_a_tag_set_is_made_and_its_tags_are_put_in_order(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/Spaces-1/library/tag-sets")
    page.get_by_role("button", name="Add a tag set").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Ring")
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    expect(shop_portal.heading("Ring")).to_be_visible()

    for name in ("Late", "Early"):
        page.get_by_role("button", name="Add a tag", exact=True).click()
        page.get_by_label("Name of the new tag").last.fill(name)
    page.get_by_role("button", name="Move Early", exact=True).press("Space")
    expect(page.get_by_text("Early is at place 2 of 2.")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("Early is at place 1 of 2.")).to_have_count(1)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save", exact=True).click()

    tags = page.get_by_role("list", name="Tags").get_by_role("textbox", name=re.compile("^Name of"))
    expect(tags.nth(0)).to_have_accessible_name("Name of Ring/Early")
    expect(tags.nth(1)).to_have_accessible_name("Name of Ring/Late")
    assert shop_portal.accessibility_faults() == []
    shop_portal.shoot("tag-set")


def test_a_tenant_is_made_connected_and_seen_in_its_project(shop_portal: Portal, shop: Shop) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/Spaces-1/tenants")
    page.get_by_role("button", name="Add a tenant").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Adventure Works")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(shop_portal.heading("Adventure Works")).to_be_visible()
    expect(page.get_by_text("Not connected to any project")).to_be_visible()

    page.get_by_role("button", name="Connect to projects").click()
    dialog = page.get_by_role("dialog", name="Connect Adventure Works")
    dialog.get_by_label("Projects").first.fill("Web")
    page.get_by_role("option", name="Web Shop").click()
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Choose all environments").click()
    dialog.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("1 tenant is connected to something new.")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("table", name="Connections").get_by_text("Nothing yet").first).to_be_visible()
    shop_portal.shoot("tenant")

    page.get_by_role("link", name="Web Shop").click()
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Tenants").click()
    tenants = page.get_by_role("table", name="Tenants of the project")
    expect(tenants.get_by_role("link", name="Adventure Works")).to_be_visible()
    page.get_by_label("Find a tenant").fill("adventure")
    expect(tenants.get_by_role("row")).to_have_count(2)
    assert shop_portal.accessibility_faults() == []
    shop_portal.shoot("project-tenants")
