"""A release engineer builds a process: steps, children, order, conditions, undo; and meets a colleague's change."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Shop
from browser.portal import Portal


@pytest.fixture
def project(shop: Shop) -> str:
    """The slug of a project without steps, in a space that has the sample scene."""
    api = shop.api
    group, lifecycle = api.get("/projectgroups/all")[0]["Id"], api.get("/lifecycles/all")[0]["Id"]
    found = [one for one in api.get("/projects/all") if one["Slug"] == "workbench"]
    if not found:
        found = [api.post("/projects", {"Name": "Workbench", "ProjectGroupId": group, "LifecycleId": lifecycle})]
    process = api.get(f"/projects/{found[0]['Id']}/deploymentprocesses")
    api.put(f"/projects/{found[0]['Id']}/deploymentprocesses", {**process, "Steps": []})
    return "workbench"


def _steps(page: Page) -> Locator:
    return page.get_by_role("list", name="Steps").get_by_role("listitem")


def _order(page: Page, *names: str) -> None:
    """The lines of the list, with their numbers, in this order."""
    expect(_steps(page)).to_have_text([re.compile(re.escape(name)) for name in names])


def _add(page: Page, kind: str) -> None:
    page.get_by_role("button", name="Add a step").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Find a kind of step").fill(kind)
    dialog.get_by_role("button", name=re.compile(f"^{kind}")).click()
    expect(dialog).to_be_hidden()


def _name(page: Page) -> Locator:
    return page.get_by_label("Name of the step")


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The process is saved.")).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_hidden()


def test_somebody_builds_a_process(shop: Shop, shop_portal: Portal, project: str) -> None:
    page = shop_portal.page
    shop_portal.sign_in(f"/app/Spaces-1/projects/{project}/process")
    expect(page.get_by_text("No step yet")).to_be_visible()

    _add(page, "Run a script")
    _name(page).fill("Prepare")
    page.get_by_role("textbox", name="Script", exact=True).fill("echo preparing #{Octopus.Environment.Name}")
    _add(page, "Deploy a package")
    _name(page).fill("Web")
    page.get_by_role("combobox", name="Package", exact=True).fill("Shop.Web")
    page.get_by_role("combobox", name="Target tags").fill("web")
    page.keyboard.press("Enter")
    _order(page, "1Prepare", "2Web")

    # A child makes the step a parent; it moves up by the keyboard.
    page.get_by_role("button", name="What to do with Web").click()
    page.get_by_role("menuitem", name="Add a child step").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Run a script")).click()
    _name(page).fill("Smoke test")
    _order(page, "1Prepare", "2Web", "2.1Web", "2.2Smoke test")
    page.get_by_role("button", name=re.compile(r"^2\.2\s*Smoke test")).press("Alt+ArrowUp")
    _order(page, "1Prepare", "2Web", "2.1Smoke test", "2.2Web")

    # The handle does the same for whoever drags by keyboard.
    handle = page.get_by_role("button", name="Move Prepare")
    handle.press("Space")
    expect(page.get_by_text("Prepare is at place 1.")).to_be_attached()
    handle.press("ArrowDown")
    expect(page.get_by_text("Prepare is at place 2.")).to_be_attached()
    handle.press("Escape")
    _order(page, "1Prepare", "2Web", "2.1Smoke test", "2.2Web")

    _save(page)
    page.reload()
    _order(page, "1Prepare", "2Web", "2.1Smoke test", "2.2Web")
    stored = shop.api.get(f"/projects/{project}/deploymentprocesses")["Steps"]
    assert [[one["Name"] for one in step["Actions"]] for step in stored] == [["Prepare"], ["Smoke test", "Web"]]
    assert stored[1]["Properties"]["Octopus.Action.TargetRoles"] == "web"
    assert stored[1]["Actions"][1]["Packages"][0]["PackageId"] == "Shop.Web"
    assert stored[0]["Actions"][0]["Properties"]["Octopus.Action.Script.ScriptBody"].startswith("echo preparing")


def test_conditions_are_set_undone_and_refused_at_the_step(shop: Shop, shop_portal: Portal, project: str) -> None:
    page = shop_portal.page
    _put(shop, project, "Prepare", "Tell")
    shop_portal.sign_in(f"/app/Spaces-1/projects/{project}/process?step=tell")
    page.get_by_role("button", name=re.compile("^Conditions")).click()
    page.get_by_label("When a condition of variables holds").check()
    page.get_by_label("Condition", exact=True).fill("#{if Go}True#{/if}")
    page.get_by_role("combobox", name="Only in these environments").click()
    page.get_by_role("option", name="Production").click()
    page.keyboard.press("Escape")
    expect(_steps(page).nth(1)).to_contain_text("Conditional")
    expect(_steps(page).nth(1)).to_contain_text("Only Production")
    _name(page).click()
    page.keyboard.press("Control+z")
    expect(_steps(page).nth(1)).not_to_contain_text("Only Production")
    page.keyboard.press("Control+y")
    expect(_steps(page).nth(1)).to_contain_text("Only Production")

    # What the server refuses is told at the step that it names.
    _name(page).fill("Prepare")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(_steps(page).nth(1)).to_contain_text("fault")
    expect(page.get_by_text("The server refused this step")).to_be_visible()
    shop_portal.complaints.clear()  # the browser notes the refusal
    _name(page).fill("Tell everybody")
    _save(page)
    stored = shop.api.get(f"/projects/{project}/deploymentprocesses")["Steps"][1]
    assert (stored["Slug"], stored["Condition"]) == ("tell", "Variable")


def test_changes_of_two_people_come_together(shop: Shop, shop_portal: Portal, project: str) -> None:
    page = shop_portal.page
    _put(shop, project, "Prepare", "Tell")
    shop_portal.sign_in(f"/app/Spaces-1/projects/{project}/process?step=tell")
    _name(page).fill("Tell everybody")
    process = shop.api.get(f"/projects/{project}/deploymentprocesses")
    process["Steps"][0]["Actions"][0]["Notes"] = "By a colleague."
    shop.api.put(f"/projects/{project}/deploymentprocesses", process)

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Somebody else saved this process in the meantime")).to_be_visible()
    expect(page.get_by_text(re.compile("They changed .Prepare."))).to_be_visible()
    shop_portal.complaints.clear()  # the browser notes the refusal
    page.get_by_role("button", name="Put my changes on top").click()
    _save(page)
    stored = shop.api.get(f"/projects/{project}/deploymentprocesses")["Steps"]
    assert [one["Actions"][0]["Notes"] for one in stored] == ["By a colleague.", None]
    assert stored[1]["Name"] == "Tell everybody"


def _put(shop: Shop, project: str, *names: str) -> None:
    process = shop.api.get(f"/projects/{project}/deploymentprocesses")
    script = {"Octopus.Action.Script.ScriptBody": "echo", "Octopus.Action.RunOnServer": "true"}
    steps = [
        {"Name": name, "Actions": [{"Name": name, "ActionType": "Octopus.Script", "Properties": script}]}
        for name in names
    ]
    shop.api.put(f"/projects/{project}/deploymentprocesses", {**process, "Steps": steps})
