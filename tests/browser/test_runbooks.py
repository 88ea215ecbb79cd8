"""Beside the releases: a runbook is published and run, versions are tried, a lifecycle and a trigger are made."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from browser.conftest import Shop
from browser.portal import DEPLOYED, Portal

PROJECT = "/app/Spaces-1/projects/web-shop"


def test_a_runbook_is_published_and_run(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in(f"{PROJECT}/runbooks")
    page.get_by_role("link", name="Restart the site", exact=True).click()
    expect(page.get_by_text("Nothing is published yet")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    form = page.get_by_role("dialog", name="Publish the runbook as it is now")
    form.get_by_label("Notes").fill("The first one.")
    form.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("region", name="Published")).to_contain_text("The first one.")
    assert shop_portal.accessibility_faults() == []

    page.get_by_role("link", name="Run in Test").click()
    expect(page.get_by_role("region", name="What will happen")).to_contain_text("Restart the site")
    assert shop_portal.accessibility_faults() == []
    shop_portal.shoot("run-form")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page).to_have_url(re.compile(r"/tasks/ServerTasks-\d+|/runs/RunbookRuns-\d+"))

    shop_portal.open(f"{PROJECT}/runbooks/restart-the-site/runs")
    row = page.get_by_role("row").filter(has_text="Test")
    expect(row).to_contain_text("Succeeded", timeout=DEPLOYED)
    shop_portal.shoot("runbook-runs")
    page.get_by_role("link", name="Snapshots", exact=True).click()
    page.get_by_role("table", name="Snapshots").get_by_role("link").first.click()
    page.get_by_text("Difference from today").click()
    expect(page.get_by_text("The steps are as they were frozen.")).to_be_visible()


def test_versions_are_tried_against_a_rule_before_it_is_saved(shop: Shop, shop_portal: Portal) -> None:
    _use_a_package(shop)
    page = shop_portal.page
    shop_portal.sign_in(f"{PROJECT}/channels")
    page.get_by_role("button", name="Add a channel").click()
    form = page.get_by_role("dialog", name="Add a channel")
    form.get_by_label("Name").fill("Stable")
    form.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_role("combobox", name="Packages of").click()
    page.get_by_role("option", name="Unpack the site").click()
    page.keyboard.press("Escape")
    page.get_by_label("Version range").fill("[1.0,2.0)")
    page.get_by_role("combobox", name="Pre-release tag").fill("^$")
    trial = page.get_by_role("region", name="Try versions")
    for version, verdict in (
        ("1.5.0", "Accepted"),
        ("2.0.0", "Refused: it is outside the range"),
        ("1.5.0-beta", "Refused: it has a pre-release tag that does not match"),
    ):
        trial.get_by_label("A version").fill(version)
        expect(trial.get_by_role("row").filter(has_text=version).first).to_contain_text(verdict)
    shop_portal.shoot("rule-tester")
    assert shop_portal.accessibility_faults() == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The channel is saved.")).to_be_visible()


def test_a_phase_of_a_lifecycle_is_moved_by_keyboard_and_saved(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in("/app/Spaces-1/library/lifecycles")
    page.get_by_role("button", name="Add a lifecycle").click()
    form = page.get_by_role("dialog", name="Add a lifecycle")
    form.get_by_label("Name").fill("Straight on")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(shop_portal.heading("Straight on")).to_be_visible()
    for name, environment in (("Live", "Production"), ("Trial", "Test")):
        page.get_by_role("button", name="Add a phase").click()
        phase = page.get_by_role("region", name="Phases").get_by_role("listitem").last
        phase.get_by_label("Name").fill(name)
        page.get_by_role("combobox", name="Add an environment").click()
        page.get_by_role("option", name=environment).click()
    page.get_by_role("button", name="More for Trial").click()
    page.get_by_role("menuitem", name="Move up").click()
    expect(_phases(page)).to_have_text([re.compile("Trial"), re.compile("Live")])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The lifecycle is saved.")).to_be_visible()
    page.reload()
    expect(_phases(page)).to_have_text([re.compile("Trial"), re.compile("Live")])
    shop_portal.shoot("lifecycle")
    assert shop_portal.accessibility_faults() == []


def test_a_schedule_tells_its_next_times_and_is_switched_off(shop_portal: Portal) -> None:
    page = shop_portal.page
    shop_portal.sign_in(f"{PROJECT}/triggers/new?kind=schedule")
    page.get_by_label("Name", exact=True).fill("Nightly backup")
    page.get_by_role("combobox", name="How").click()
    page.get_by_role("option", name="By a cron expression").click()
    page.get_by_label("Cron expression").fill("0 30 2 * * Mon-Fri")
    expect(page.get_by_text("At 02:30, Monday through Friday")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="02:30")).to_have_count(5)
    page.get_by_role("combobox", name="Action").click()
    page.get_by_role("option", name="Run a runbook").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It is missing; name it by its id.").first).to_be_visible()  # refused, and nothing is lost
    shop_portal.complaints.clear()  # the browser tells of the refusal
    page.get_by_role("combobox", name="Runbook", exact=True).click()
    page.get_by_role("option", name="Back up the database").click()
    page.get_by_role("combobox", name="In", exact=True).click()
    page.get_by_role("option", name="Production").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="Nightly backup")
    expect(row).to_contain_text("Run Back up the database in Production")
    row.get_by_label("Nightly backup is on").press("Space")
    expect(row.get_by_label("Nightly backup is on")).not_to_be_checked()
    shop_portal.shoot("triggers")
    assert shop_portal.accessibility_faults() == []


def _phases(page: Page) -> Locator:
    return page.get_by_role("list", name="Phases").locator("> li")


def _use_a_package(shop: Shop) -> None:
    """A step of the Web Shop that deploys a package, so that there is something to make rules for."""
    project = shop.api.get("/projects/web-shop")
    process = shop.api.get(f"/projects/{project['Id']}/deploymentprocesses")
    feed = next(one for one in shop.api.get("/feeds/all") if one["FeedType"] == "BuiltIn")
    package = {"Name": "", "PackageId": "Web.Site", "FeedId": feed["Id"], "AcquisitionLocation": "Server"}
    action = {"Name": "Unpack the site", "ActionType": "Octopus.TentaclePackage", "Packages": [package]}
    step = {"Name": "Unpack the site", "Properties": {"Octopus.Action.TargetRoles": "web"}, "Actions": [action]}
    process["Steps"].append(step)
    shop.api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
