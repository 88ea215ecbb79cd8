"""Releases in the portal: what has changed since, a deployment for later, one for many tenants."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.conftest import Shop
from browser.portal import DEPLOYED, Portal

DEPLOY = "/app/Spaces-1/projects/{project}/releases/{version}/deploy"


def test_person_sees_what_changed_since_a_release_and_takes_the_variables(shop: Shop, shop_portal: Portal) -> None:
    page, project = shop_portal.page, shop.scene.projects["Checkout"]["Id"]
    shop.scene.release("Checkout", "5.0.0")
    variables = shop.api.get(f"/projects/{project}/variables")
    for one in variables["Variables"]:
        one["Value"] = "The better shop" if one["Name"] == "Site:Title" else one["Value"]
    shop.api.put(f"/projects/{project}/variables", variables)

    shop_portal.sign_in("/app/Spaces-1/projects/checkout/releases/5.0.0")
    page.get_by_role("link", name="Snapshot").click()
    page.get_by_text("Difference from today").click()
    values = page.get_by_role("region", name="Variables")
    expect(values.get_by_role("row", name=re.compile("Site:Title.*Changed.*The Shop.*The better shop"))).to_be_visible()
    expect(page.get_by_text("The process is the same as today's.")).to_be_visible()
    assert shop_portal.accessibility_faults() == []
    shop_portal.shoot("release-difference")
    values.get_by_role("button", name="Update variables").click()
    page.get_by_role("dialog").get_by_role("button", name="Update variables").click()
    expect(page.get_by_text("The variables are the same as today's.")).to_be_visible()


def test_person_schedules_a_deployment_and_lets_it_begin(shop: Shop, shop_portal: Portal) -> None:
    page = shop_portal.page
    shop.scene.release("Identity", "5.0.0")
    shop_portal.sign_in(DEPLOY.format(project="identity", version="5.0.0"))
    page.get_by_role("checkbox", name="Development").check()
    expect(page.get_by_role("region", name="What will happen")).to_be_visible()
    page.get_by_text("Later", exact=True).click()
    expect(page.get_by_text(re.compile("5.0.0 goes to Development, on "))).to_be_visible()
    page.get_by_role("button", name="Deploy", exact=True).click()
    shop_portal.expect_state("Scheduled")
    shop_portal.shoot("scheduled")
    page.get_by_role("button", name="Begin now").click()
    shop_portal.expect_state("Succeeded")


def test_person_deploys_for_all_tenants_at_once(shop: Shop, shop_portal: Portal) -> None:
    page, project = shop_portal.page, shop.scene.projects["Notifications"]
    mode = {"TenantedDeploymentMode": "TenantedOrUntenanted"}
    shop.api.put(f"/projects/{project['Id']}", shop.api.get(f"/projects/{project['Id']}") | mode)
    tenants = shop.api.get("/tenants/all")
    for tenant in tenants:
        tenant["ProjectEnvironments"][project["Id"]] = [shop.scene.environments["Development"]]
        shop.api.put(f"/tenants/{tenant['Id']}", tenant)
    (target,) = shop.api.get("/machines", name="Development Dublin")["Items"]
    theirs = {"TenantedDeploymentParticipation": "Tenanted", "TenantIds": [one["Id"] for one in tenants]}
    shop.api.put(f"/machines/{target['Id']}", target | theirs)
    shop.scene.release("Notifications", "5.0.0")

    shop_portal.sign_in(DEPLOY.format(project="notifications", version="5.0.0"))
    page.get_by_text("All that may get it").click()
    page.get_by_role("checkbox", name="Development (4 tenants)").check()
    expect(page.get_by_text("5.0.0 goes to Development for 4 tenants, in 4 deployments, now.")).to_be_visible()
    expect(page.get_by_role("region", name="What will happen")).to_be_visible()
    shop_portal.shoot("deploy-for-tenants")
    page.get_by_role("button", name="Deploy", exact=True).click()
    expect(shop_portal.heading("4 deployments of 5.0.0")).to_be_visible()
    expect(page.get_by_text("4 succeeded")).to_be_visible(timeout=DEPLOYED)
    page.get_by_role("link", name="Development for Contoso").click()
    expect(shop_portal.heading("5.0.0 to Development for Contoso")).to_be_visible()
