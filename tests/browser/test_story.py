"""The main job in the portal: promote, watch, approve, read the log, see that it is there."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import expect
from run import Demo

from browser.portal import DEPLOYED, Portal


def test_person_promotes_a_release_to_production_and_approves_it(portal: Portal, demo: Demo) -> None:
    page = portal.page
    portal.sign_in("/app")
    expect(portal.heading("Dashboard")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("Sample Web"))
    expect(row.get_by_role("link", name=re.compile("1.0.0"))).to_be_visible()
    portal.shoot("1-dashboard")

    row.get_by_role("link", name="Sample Web").click()
    page.get_by_role("link", name="Deploy 1.0.0 to Test").click()
    expect(page.get_by_text("The step does not run in Test.")).to_be_visible()
    portal.shoot("2-deploy-form")
    portal.deploy_to("Test")
    portal.expect_state("Succeeded")
    portal.shoot("3-deployment-to-test")

    page.get_by_role("link", name="Promote to Production").click()
    portal.deploy_to("Production")
    portal.expect_state("Waiting for a person")
    question = page.get_by_role("region", name=re.compile("Approve"))
    expect(question.get_by_text("Nobody has taken it on yet.")).to_be_visible()
    portal.shoot("4-waits-for-approval")
    question.get_by_label("Notes").fill("Looked at Test, all is well.")
    question.get_by_role("button", name="Proceed").click()
    portal.expect_state("Succeeded")
    expect(page.get_by_text("admin chose Proceed and noted “Looked at Test, all is well.”")).to_be_visible()

    log = portal.log()
    log.get_by_role("button", name="Open all").click()
    expect(log.get_by_text("healthy: version 1.0.0 in Production")).to_be_visible()
    portal.shoot("5-log-to-its-end")
    health = httpx.get(f"http://127.0.0.1:{demo.ports['site Production']}/health", trust_env=False, timeout=10).json()
    assert health["release"] == "1.0.0"

    page.get_by_role("link", name="Dashboard", exact=True).click()
    expect(row.get_by_role("img", name="Succeeded")).to_have_count(3, timeout=DEPLOYED)
    portal.shoot("6-everywhere")


def test_person_watches_a_log_grow_and_finds_a_line(portal: Portal) -> None:
    page = portal.page
    portal.sign_in("/app/Spaces-1/projects/sample-web/releases/1.0.0")
    page.get_by_role("link", name="Deploy again to Development").click()
    portal.deploy_to("Development")
    log = portal.log()
    expect(log.get_by_role("button", name=re.compile("Deploy the site"))).to_be_visible(timeout=DEPLOYED)
    portal.expect_state("Succeeded")
    expect(log.get_by_text("healthy: version 1.0.0 in Development")).to_be_visible()
    log.get_by_role("searchbox", name="Search the log").fill("HEALTHY")
    expect(log.get_by_role("status")).to_have_text(re.compile(r"of \d+$"))
    log.get_by_role("searchbox", name="Search the log").press("Enter")
    expect(log.locator("mark").first).to_have_text("healthy")
    log.get_by_role("switch", name="Verbose").click()
    expect(log.get_by_text("healthy: version 1.0.0 in Development")).to_be_visible()
    portal.shoot("7-search-in-log")
    with page.expect_popup() as opened:
        log.get_by_role("link", name="Whole log as text").click()
    expect(opened.value.locator("body")).to_contain_text("healthy: version 1.0.0 in Development")


def test_person_makes_a_release_and_deploys_it(portal: Portal, demo: Demo) -> None:
    page = portal.page
    portal.sign_in("/app/Spaces-1/projects/sample-web")
    page.get_by_role("link", name="Create a release").click()
    expect(page.get_by_role("combobox", name="Version of Polpo.Sample.Web")).to_have_value("1.0.0")
    page.get_by_label("Version", exact=True).fill("2.0.0")
    page.get_by_label("Release notes").fill("- a **new** greeting")
    page.get_by_role("button", name="Create the release").click()
    expect(portal.heading("Release 2.0.0")).to_be_visible()
    expect(page.get_by_role("region", name="Release notes").locator("strong")).to_have_text("new")
    portal.shoot("8-release")
    page.get_by_role("link", name="Deploy to Development", exact=True).first.click()
    portal.deploy_to("Development")
    portal.expect_state("Succeeded")
    assert demo.programs[0].is_alive()
