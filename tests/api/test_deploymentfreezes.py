"""Deployment freezes over HTTP: kept, found, and holding deployments off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import V1, Shop, script

from polpo.engine import Engine
from polpo.features.deployments.commands import wish_of
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.deployments.service import create_deployment
from polpo.rest.call import Caller
from polpo.server.application import Server
from polpo.steps.work import Catalogue
from polpo.store.session import Session

FREEZES = "/api/deploymentfreezes"


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Shop(client, server, made)
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    return shop


def span(begins: float = -1, ends: float = 1) -> dict[str, str]:
    """From so many hours from now to so many hours from now."""
    now = datetime.now(UTC)
    return {"Start": (now + timedelta(hours=begins)).isoformat(), "End": (now + timedelta(hours=ends)).isoformat()}


async def freeze(shop: Shop, name: str = "Holidays", environment: str = "Dev", **more: Any) -> Any:
    scope = {"Projects-1": [shop.environments[environment]]}
    body = {"Name": name, "ProjectEnvironmentScope": scope, **span(), **more}
    answer = await shop.client.post(FREEZES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def names(client: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = await client.get(f"{FREEZES}?{query}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["Count"] == len(found["DeploymentFreezes"])
    return [one["Name"] for one in found["DeploymentFreezes"]]


async def test_a_freeze_comes_back_as_it_was_written(shop: Shop) -> None:
    body = {
        "Name": "Nights",
        "Description": "Nobody is there.",
        "Start": "2030-01-07T22:00:00+02:00",
        "End": "2030-01-08T06:00:00+02:00",
        "OwnerId": "",
        "ProjectEnvironmentScope": {"Projects-1": [shop.environments["Prod"], shop.environments["Dev"]]},
        "TenantProjectEnvironmentScope": [],
        "RecurringSchedule": {
            "Type": "Weekly",
            "Unit": 2,
            "UserUtcOffsetInMinutes": 120,
            "EndType": "AfterOccurrences",
            "EndAfterOccurrences": 3,
            "DaysOfWeek": ["Wednesday", "Monday"],
        },
    }
    made = (await shop.client.post(FREEZES, json=body)).json()

    read = (await shop.client.get(made["Links"]["Self"])).json()
    assert read == made
    schedule = read["RecurringSchedule"]
    assert {**read, "RecurringSchedule": {key: schedule[key] for key in body["RecurringSchedule"]}} == {**read, **body}
    assert (schedule["StartDate"], schedule["EndDate"]) == ("2030-01-07T20:00:00Z", "2030-01-08T04:00:00Z")
    # Monday, the Wednesday of the same week, and the Monday two weeks later
    assert read["FinalEnd"] == "2030-01-22T04:00:00Z"

    changed = (await shop.client.put(f"{FREEZES}/{made['Id']}", json={**read, "Name": "Late"})).json()
    assert changed == {**read, "Name": "Late", "LastModifiedOn": changed["LastModifiedOn"]}
    assert (await shop.client.delete(f"{FREEZES}/{made['Id']}")).json() == {}
    assert (await shop.client.get(f"{FREEZES}/{made['Id']}")).status_code == 404


async def test_a_freeze_may_be_made_before_it_names_anything(client: httpx.AsyncClient) -> None:
    answer = await client.post(FREEZES, json={"Name": "Empty", "ProjectEnvironmentScope": {}, **span()})
    assert (answer.status_code, answer.json()["ProjectEnvironmentScope"]) == (201, {})


async def test_freezes_are_found_by_what_they_name_and_when(shop: Shop) -> None:
    await freeze(shop, "Past", **span(-3, -2))
    await freeze(shop, "Now", "Prod", **span())
    await freeze(shop, "Later", **span(2, 3))
    day = {"Type": "Daily", "Unit": 1, "EndType": "Never"}
    await freeze(shop, "Nights", RecurringSchedule=day, **span(-12, -11))

    assert await names(shop.client) == ["Nights", "Now", "Later"]
    assert await names(shop.client, "includeComplete=true") == ["Nights", "Past", "Now", "Later"]
    assert await names(shop.client, "status=active") == ["Now"]
    assert await names(shop.client, "status=Scheduled") == ["Later"]
    assert await names(shop.client, "status=Complete") == ["Past"]
    assert await names(shop.client, "ids=DeploymentFreezes-1,DeploymentFreezes-2") == ["Past", "Now"]
    assert await names(shop.client, f"environmentIds={shop.environments['Prod']}") == ["Now"]
    assert await names(shop.client, "projectIds=Projects-2") == []
    assert await names(shop.client, "partialName=LAT") == ["Later"]
    page = (await shop.client.get(f"{FREEZES}?skip=1&take=1")).json()
    assert ([one["Name"] for one in page["DeploymentFreezes"]], page["Count"]) == (["Now"], 3)
    assert (await shop.client.get(f"{FREEZES}?status=frozen")).status_code == 400


async def test_the_next_times_of_a_freeze_are_told_before_it_is_saved(shop: Shop) -> None:
    async def ahead(**wanted: Any) -> dict[str, Any]:
        return dict((await shop.client.post(f"{FREEZES}/occurrences", json=wanted)).json())

    days = await ahead(
        RecurringSchedule={"Type": "Daily", "EndType": "AfterOccurrences", "EndAfterOccurrences": 3}, **span()
    )
    assert (len(days["Occurrences"]), days["Faults"]) == (3, [])
    assert len((await ahead(**span()))["Occurrences"]) == 1
    assert (await ahead(**span(-3, -2)))["Occurrences"] == []
    assert await ahead(Start=span()["Start"]) == {"Occurrences": [], "Faults": ["End is missing."]}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"Name": " "}, "Name: the deployment freeze needs a name."),
        ({"Start": None}, "Start is missing."),
        ({"End": "2029-01-01T00:00:00Z"}, "End must be later than Start."),
        ({"Start": "0001-01-01T00:00:00Z"}, "Start must lie in the years from 2000 to 2199; it is in 1."),
        ({"ProjectEnvironmentScope": {"Projects-9": []}}, "names the project 'Projects-9', which does not exist"),
        ({"ProjectEnvironmentScope": {"Projects-1": ["Environments-9"]}}, "the environment 'Environments-9'"),
        ({"OwnerId": "Projects-2"}, "A freeze of the project Projects-2 (OwnerId) cannot name other projects."),
        ({"TenantProjectEnvironmentScope": [{"TenantId": "Tenants-1"}]}, "TenantProjectEnvironmentScope[0] must name"),
        ({"RecurringSchedule": {"Type": "Hourly"}}, "RecurringSchedule.Type"),
        ({"RecurringSchedule": {"Type": "Daily", "Unit": 0}}, "RecurringSchedule.Unit must be from 1"),
        ({"RecurringSchedule": {"Type": "Daily", "UserUtcOffsetInMinutes": 1440}}, "must be less than a day"),
        ({"RecurringSchedule": {"Type": "Daily", "EndType": "OnDate"}}, "RecurringSchedule.EndOnDate is missing."),
        ({"RecurringSchedule": {"Type": "Daily", "EndType": "AfterOccurrences"}}, "EndAfterOccurrences must be"),
        ({"RecurringSchedule": {"Type": "Weekly"}}, "RecurringSchedule.DaysOfWeek must name at least one day."),
        ({"RecurringSchedule": {"Type": "Monthly"}}, "RecurringSchedule.MonthlyScheduleType is missing"),
        (
            {"RecurringSchedule": {"Type": "Monthly", "MonthlyScheduleType": "DateOfMonth", "DateOfMonth": "32"}},
            "RecurringSchedule.DateOfMonth must be 1 to 31, or L.",
        ),
        (
            {"RecurringSchedule": {"Type": "Monthly", "MonthlyScheduleType": "DayOfMonth", "DayNumberOfMonth": "5"}},
            "RecurringSchedule.DayNumberOfMonth must be 1 to 4, or L.",
        ),
    ],
)
async def test_a_freeze_that_means_nothing_is_refused(shop: Shop, change: dict[str, Any], fault: str) -> None:
    times = {"Start": "2030-01-01T00:00:00Z", "End": "2030-01-02T00:00:00Z"}
    body = {"Name": "A", "ProjectEnvironmentScope": {"Projects-1": []}, **times, **change}

    answer = await shop.client.post(FREEZES, json=body)

    assert answer.status_code == 400
    assert fault in " ".join(answer.json()["Errors"])


async def test_a_name_is_taken_once(shop: Shop) -> None:
    await freeze(shop)
    answer = await shop.client.post(FREEZES, json={"Name": "holidays", **span()})
    assert "already taken" in answer.json()["ErrorMessage"]


async def test_what_a_freeze_names_is_in_use(shop: Shop) -> None:
    await freeze(shop)
    answer = await shop.client.delete(f"{SPACE}/environments/{shop.environments['Dev']}")
    assert (answer.status_code, answer.json()["Errors"]) == (409, ["In use by the deployment freeze 'Holidays'."])


async def test_a_projects_own_freeze_goes_with_the_project(shop: Shop) -> None:
    await freeze(shop, OwnerId="Projects-1")
    assert (await shop.client.delete(f"{SPACE}/projects/Projects-1")).status_code == 200
    assert await names(shop.client) == []


# -- holding off


async def test_a_freeze_refuses_new_deployments_there_only(shop: Shop) -> None:
    made = await freeze(shop, **span(-1, 1))

    said = await shop.refused()
    assert said.startswith("The deployment freeze 'Holidays' holds until ")
    assert made["End"][:10] in said
    body = {"ReleaseId": "Releases-1", "EnvironmentId": shop.environments["Dev"]}
    assert (await shop.client.post(f"{SPACE}/deployments", json=body)).status_code == 400

    await shop.client.put(f"{FREEZES}/{made['Id']}", json={**made, **span(1, 2)})
    assert (await shop.ended(await shop.deploy()))["State"] == "Success"


async def test_a_deployment_for_later_is_asked_about_its_time(shop: Shop) -> None:
    await freeze(shop, **span(10, 12))
    await freeze(shop, "Now", "Prod", **span(-1, 1))

    said = await shop.refused(runAt=(datetime.now(UTC) + timedelta(hours=11)).isoformat())
    assert "'Holidays'" in said
    for far in ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"):
        assert "within 30 days" in await shop.refused(runAt=far)
        assert "before the year 9999" in await shop.refused(noRunAfter=far)
    assert "has passed" in await shop.refused(runAt="0001-01-01T00:00:00+14:00")
    after = (datetime.now(UTC) + timedelta(hours=13)).replace(tzinfo=None).isoformat()
    await shop.deploy(runAt=after)


async def test_a_freeze_is_overridden_by_its_name_with_a_reason(shop: Shop) -> None:
    made = await freeze(shop)
    await freeze(shop, "Audit")

    assert await shop.refused(deploymentFreezeNames=["Holidays"], deploymentFreezeOverrideReason="a fix") == (
        await shop.refused(deploymentFreezeNames=["holidays"])
    )
    both = {"deploymentFreezeNames": ["holidays", made["Id"], "AUDIT"]}
    assert "say why" in await shop.refused(**both)

    task = await shop.ended(await shop.deploy(**both, deploymentFreezeOverrideReason="a fix"))
    deployment = (await shop.client.get(f"{SPACE}/deployments/{task['Arguments']['DeploymentId']}")).json()
    assert task["State"] == "Success"
    assert deployment["OverriddenFreezeIds"] == ["DeploymentFreezes-1", "DeploymentFreezes-2"]
    assert deployment["FreezeOverrideReason"] == "a fix"
    events = (await shop.client.get(f"{SPACE}/events?regarding={deployment['Id']}&regarding={made['Id']}")).json()
    assert [event["Message"] for event in events["Items"]] == [
        "Deploy Web Shop release 1.0.0 to Dev: the deployment freeze 'Holidays' and 'Audit' was overridden. a fix"
    ]


async def test_a_deployment_by_ids_overrides_by_ids(shop: Shop) -> None:
    made = await freeze(shop)
    wanted = {"ReleaseId": "Releases-1", "EnvironmentId": shop.environments["Dev"]}
    body = {"CreateDeploymentCommand": wanted, "FreezeIds": [made["Id"]], "Reason": "a fix"}

    answer = await shop.client.post(f"{SPACE}/deployments/override", json=body)

    assert answer.status_code == 201, answer.text
    assert answer.json()["Deployment"]["Links"]["Self"].endswith("/deployments/Deployments-1")
    assert (await shop.ended(answer.json()["Deployment"]["TaskId"]))["State"] == "Success"


async def test_what_waits_when_a_freeze_begins_does_not_begin(shop: Shop) -> None:
    await shop.process(script("Slow", "echo begun; sleep 2"))
    await shop.release("2.0.0")
    first, second = await shop.deploy(version="2.0.0"), await shop.deploy(version="2.0.0")
    async for _ in shop.server.engine.watch(first):
        if "begun" in await shop.lines(first):
            break
    await freeze(shop)

    ended = [await shop.ended(one) for one in (first, second)]

    assert [task["State"] for task in ended] == ["Success", "Failed"]
    assert ended[1]["ErrorMessage"].startswith("The deployment freeze 'Holidays' holds until ")


async def test_what_waits_is_told_of_a_freeze_ahead(shop: Shop) -> None:
    later = (datetime.now(UTC) + timedelta(hours=11)).isoformat()
    task_id = await shop.deploy(runAt=later)
    made = await freeze(shop, **span(10, 12))

    schedule, ahead = (await shop.client.get(f"/api/tasks/{task_id}/waiting")).json()["Reasons"]

    assert (schedule["Kind"], ahead["Kind"], ahead["FreezeIds"]) == ("schedule", "freeze", [made["Id"]])
    assert ahead["Text"].startswith("Would be refused if it began at ")
    assert "The deployment freeze 'Holidays' holds until " in ahead["Text"]
    await shop.client.delete(f"{FREEZES}/{made['Id']}")
    assert len((await shop.client.get(f"/api/tasks/{task_id}/waiting")).json()["Reasons"]) == 1


async def test_no_freeze_holds_off_what_catches_up(shop: Shop) -> None:
    """Such deployments are the server's own: no client can say that its is one."""
    body = {"ReleaseId": "Releases-1", "EnvironmentId": shop.environments["Dev"], "IsCatchUp": True}
    made = await create(shop.client, "deployments", **body)
    assert made["IsCatchUp"] is False
    await freeze(shop)

    def catch_up(session: Session) -> str:
        wanted = session.get(DEPLOYMENTS, made["Id"])
        wish = replace(wish_of(session, "Spaces-1", wanted), is_catch_up=True, not_before=None, expiry=None)
        parts = shop.server.parts
        caller = Caller("Users-1", "admin", "", "api key")
        return create_deployment(session, parts.get(Engine), parts.get(Catalogue), caller, wish).task_id

    await shop.ended(made["TaskId"])
    assert (await shop.ended(await shop.server.database.write(catch_up)))["State"] == "Success"


async def test_the_command_line_client_overrides_a_freeze(shop: Shop) -> None:
    await freeze(shop, "F")
    body = {
        "spaceIdOrName": "Spaces-1",
        "releaseVersion": "1.0.0",
        "environmentNames": ["Dev"],
        "forcePackageRedeployment": False,
        "updateVariableSnapshot": False,
        "spaceId": "Spaces-1",
        "projectName": "Web Shop",
        "forcePackageDownload": False,
        "useGuidedFailure": None,
        "deploymentFreezeNames": ["F"],
        "deploymentFreezeOverrideReason": "r",
    }
    answer = await shop.client.post(V1, json=body)
    assert (answer.status_code, answer.json()["DeploymentServerTasks"][0]["ServerTaskId"]) == (200, "ServerTasks-1")


async def test_freezes_are_for_who_is_signed_in(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get(FREEZES)).status_code == 401
