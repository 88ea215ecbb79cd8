"""A deployment that does not go smoothly: cancelled, failed and resumed, asked about, and waiting for another one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from story import Api

from browser.conftest import Shop
from browser.portal import DEPLOYED, Portal


def test_person_cancels_a_deployment_and_reads_who_did(shop: Shop, shop_portal: Portal) -> None:
    api = shop.api
    _make_server_project(api, "Slow", "echo started; sleep 600")
    portal, page = shop_portal, shop_portal.page
    portal.sign_in("/app/Spaces-1/projects/slow/releases/1.0.0/deploy?environment=Environments-1")
    portal.deploy_to("Development")
    expect(portal.log().get_by_text("started")).to_be_visible(timeout=DEPLOYED)
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the task").click()
    portal.expect_state("Cancelled")
    expect(page.locator("main header")).to_contain_text("cancelled by admin")
    portal.shoot("task-cancelled")


def test_person_reads_why_a_deployment_failed_and_resumes_it(shop: Shop, shop_portal: Portal, tmp_path: Path) -> None:
    api, mended = shop.api, tmp_path / "mended"
    _make_server_project(api, "Broken", f"[ -e {mended} ] || {{ echo the disk is full >&2; exit 3; }}")
    portal, page = shop_portal, shop_portal.page
    portal.sign_in("/app/Spaces-1/projects/broken/releases/1.0.0/deploy?environment=Environments-1")
    portal.deploy_to("Development")
    portal.expect_state("Failed")
    expect(page.get_by_role("alert")).to_contain_text("Say")
    expect(portal.log().get_by_text("the disk is full")).to_be_visible()
    portal.shoot("task-failed")
    mended.touch()
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    portal.expect_state("Succeeded")
    expect(page.locator("main header")).to_contain_text(re.compile("goes on where ServerTasks-[0-9]+ stood"))
    portal.shoot("task-resumed")


def test_person_is_asked_about_a_failure_and_tries_again(shop: Shop, shop_portal: Portal, tmp_path: Path) -> None:
    api, mended = shop.api, tmp_path / "mended"
    project = _make_server_project(api, "Guided", f"[ -e {mended} ] || {{ echo the disk is full >&2; exit 3; }}")
    api.put(f"/projects/{project['Id']}", {**project, "DefaultGuidedFailureMode": "On"})
    portal, page = shop_portal, shop_portal.page
    portal.sign_in("/app/Spaces-1/projects/guided/releases/1.0.0/deploy?environment=Environments-1")
    portal.deploy_to("Development")
    portal.expect_state("Waiting for a person")
    question = page.get_by_role("region", name=re.compile("failure guidance"))
    expect(question.get_by_role("button", name="Ignore")).to_be_visible()
    portal.shoot("task-guided-failure")
    mended.touch()
    question.get_by_label("Notes").fill("Made room.")
    question.get_by_role("button", name="Retry").click()
    portal.expect_state("Succeeded with warnings")
    expect(page.get_by_text("admin chose Retry and noted “Made room.”")).to_be_visible()


def test_person_sees_why_a_deployment_waits(shop: Shop, shop_portal: Portal) -> None:
    api = shop.api
    _make_server_project(api, "Busy", "echo started; sleep 600")
    portal, page = shop_portal, shop_portal.page
    form = "/app/Spaces-1/projects/busy/releases/1.0.0/deploy?environment=Environments-1"
    portal.sign_in(form)
    portal.deploy_to("Development")
    expect(portal.log().get_by_text("started")).to_be_visible(timeout=DEPLOYED)
    portal.open(form)
    portal.deploy_to("Development")
    portal.expect_state("Queued")
    expect(page.get_by_text("Why it is waiting")).to_be_visible()
    portal.shoot("task-why-waiting")
    page.get_by_role("link", name=re.compile("^Go to ServerTasks-")).first.click()
    portal.expect_state("Running")
    for task in api.get("/tasks", active="true")["Items"]:
        api.post(f"/tasks/{task['Id']}/cancel", {})
    portal.expect_state("Cancelled")


def _make_server_project(api: Api, name: str, body: str) -> Any:
    """A project whose one step runs a script on the server, with release 1.0.0; its document."""
    places = {
        "LifecycleId": api.get("/lifecycles/all")[0]["Id"],
        "ProjectGroupId": api.get("/projectgroups/all")[0]["Id"],
    }
    project = api.post("/projects", {"Name": name, **places})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    script = {
        "Octopus.Action.RunOnServer": "true",
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
    }
    process["Steps"] = [
        {"Name": "Say", "Actions": [{"Name": "Say", "ActionType": "Octopus.Script", "Properties": script}]}
    ]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    api.post("/releases", {"ProjectId": project["Id"], "Version": "1.0.0"})
    return project
