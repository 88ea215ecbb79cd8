"""Who goes first, who gives way, how long somebody waits, and what is done once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create, tomorrow
from tests.api.test_deployments import V1, Shop, script

from polpo.engine import NewTask, TaskState
from polpo.server.application import Server

ASK = {"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]}


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Shop(client, server, made)
    await shop.process(ASK)
    await shop.release()
    return shop


async def settings(shop: Shop, **changed: bool) -> None:
    where = f"{SPACE}/projects/Projects-1/deploymentsettings"
    before = (await shop.client.get(where)).json()
    answer = await shop.client.put(where, json={**before, **changed})
    assert answer.status_code == 200, answer.text


async def asking(shop: Shop) -> str:
    """A deployment that waits for a person."""
    task_id = await shop.deploy()
    async for change in shop.server.engine.watch(task_id):
        if change.state is TaskState.PAUSED:
            break
    return task_id


async def task(shop: Shop, task_id: str) -> Any:
    return (await shop.client.get(f"/api/tasks/{task_id}")).json()


async def test_a_new_deployment_cancels_those_that_wait_and_says_so(shop: Shop) -> None:
    running, waiting = await asking(shop), await shop.deploy()
    await settings(shop, CancelQueuedTasks=True)

    newest = await shop.deploy()

    gone = await task(shop, waiting)
    assert (gone["State"], gone["CancelledBy"]) == ("Canceled", "admin")
    reason = f"{newest} (Deploy Web Shop release 1.0.0 to Dev) takes its place."
    assert gone["ErrorMessage"] == f"The task was cancelled by admin: {reason}"
    events = (await shop.client.get(f"{SPACE}/events?regarding={waiting}&eventCategories=DeploymentCanceled")).json()[
        "Items"
    ]
    assert [reason in event["Message"] for event in events] == [True]
    assert (await task(shop, running))["State"] == "Executing"


async def test_a_new_deployment_takes_over_from_what_runs(shop: Shop) -> None:
    running, waiting = await asking(shop), await shop.deploy()
    await settings(shop, CancelRunningTasks=True)

    newest = await shop.deploy()

    assert "takes its place" in (await task(shop, running))["ErrorMessage"]
    assert (await shop.client.get(f"{SPACE}/interruptions?regarding={running}&pendingOnly=true")).json()["Items"] == []
    assert [(await task(shop, one))["IsCompleted"] for one in (waiting, newest)] == [False, False]


async def test_what_begins_later_and_what_goes_elsewhere_replaces_nothing(shop: Shop) -> None:
    running = await asking(shop)
    await settings(shop, CancelQueuedTasks=True, CancelRunningTasks=True)
    later = await shop.deploy(runAt=tomorrow())
    assert [(await task(shop, one))["IsCompleted"] for one in (running, later)] == [False, False]
    await shop.answer(running)
    await shop.ended(running)
    await shop.deploy("Prod")
    assert not (await task(shop, later))["IsCompleted"]


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ({"runAt": timedelta(days=31)}, "must be within 30 days"),
        ({"runAt": timedelta(days=-1)}, "has passed"),
        ({"runAt": timedelta(days=2), "noRunAfter": timedelta(days=1)}, "would expire before it starts"),
        ({"noRunAfter": timedelta(days=-1)}, "would expire before it starts"),
    ],
)
async def test_times_without_sense_are_refused(shop: Shop, times: dict[str, timedelta], sentence: str) -> None:
    now = datetime.now(UTC)
    body = {name: (now + delay).isoformat() for name, delay in times.items()}
    places = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "environmentNames": ["Dev"]}
    answer = await shop.client.post(V1, json={**places, **body})
    assert answer.status_code == 400
    assert sentence in answer.json()["ErrorMessage"]


async def test_what_waits_expires_a_day_after_it_could_have_begun(shop: Shop) -> None:
    for body in ({}, {"runAt": tomorrow()}):
        shown = await task(shop, await shop.deploy(**body))
        wait = datetime.fromisoformat(shown["QueueTimeExpiry"]) - datetime.fromisoformat(shown["QueueTime"])
        assert abs(wait - timedelta(days=1)) < timedelta(minutes=1)
    health = NewTask(kind="Nothing", description="Do nothing")
    other = await shop.server.database.write(lambda session: shop.server.engine.enqueue(session, health))
    assert (await task(shop, other))["QueueTimeExpiry"] is not None


async def test_a_deployment_for_later_gets_another_time(shop: Shop) -> None:
    task_id = await shop.deploy(runAt=tomorrow())
    deployment = (await task(shop, task_id))["Arguments"]["DeploymentId"]
    where, later = f"{SPACE}/deployments/{deployment}/schedule", datetime.now(UTC) + timedelta(days=2)

    moved = (await shop.client.post(where, json={"QueueTime": later.isoformat()})).json()
    past = await shop.client.post(where, json={"QueueTime": "2020-01-01T00:00:00Z"})
    told = datetime.fromisoformat((await task(shop, task_id))["QueueTime"])

    assert abs(told - later) < timedelta(seconds=1)
    assert abs(datetime.fromisoformat(moved["QueueTime"]) - later) < timedelta(seconds=1)
    assert (past.status_code, "has passed" in past.json()["ErrorMessage"]) == (400, True)
    assert (await shop.client.post(where, json={})).status_code == 200
    async for change in shop.server.engine.watch(task_id):
        if change.state is TaskState.PAUSED:
            break
    begun = await shop.client.post(where, json={"QueueTime": later.isoformat()})
    assert (begun.status_code, "not waiting" in begun.json()["ErrorMessage"]) == (409, True)


async def test_a_deployment_goes_first_on_demand(shop: Shop) -> None:
    first, second = await shop.deploy(runAt=tomorrow()), await shop.deploy(runAt=tomorrow(), priority="On")
    assert [(await task(shop, one))["IsPrioritized"] for one in (first, second)] == [False, True]
    assert 86_000 < (await task(shop, first))["EstimatedRemainingQueueDurationSeconds"] <= 86_400
    assert (await shop.client.post(f"/api/tasks/{first}/prioritize")).status_code == 200
    assert (await task(shop, first))["IsPrioritized"]
    places = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "environmentNames": ["Dev"]}
    answer = await shop.client.post(V1, json={**places, "priority": "Now"})
    assert "Priority is 'Now'" in answer.json()["ErrorMessage"]


async def test_a_deployment_done_once_more_has_the_same_choices_and_names_the_first(shop: Shop) -> None:
    await shop.process(script("One", "echo one"), script("Two", "echo two"))
    await shop.release("1.0.1")
    first = await shop.ended(await shop.deploy("Dev", "1.0.1", skipStepNames=["Two"], comments="in a hurry"))

    again = (await shop.client.post(first["Links"]["Rerun"])).json()

    assert (again["RerunOf"], first["RerunOf"]) == (first["Id"], None)
    assert await shop.steps_of((await shop.ended(again["Id"]))["Id"]) == await shop.steps_of(first["Id"])
    deployments = (await shop.client.get(f"{SPACE}/deployments")).json()["Items"]
    assert [one["Comments"] for one in deployments] == ["in a hurry", "in a hurry"]
    assert deployments[0]["Id"] != deployments[1]["Id"]


async def test_a_state_set_by_hand_opens_and_closes_the_next_phase(shop: Shop) -> None:
    await shop.process(script("Fail", "exit 1"))
    await shop.release("1.0.1")
    failed = await shop.ended(await shop.deploy("Dev", "1.0.1"))
    prod = {"projectName": "Web Shop", "releaseVersion": "1.0.1", "environmentNames": ["Prod"]}
    assert (await shop.client.post(V1, json=prod)).status_code == 400

    mended = {"State": "Success", "Reason": "mended by hand"}
    assert (await shop.client.post(f"/api/tasks/{failed['Id']}/state", json=mended)).status_code == 200

    assert (await shop.client.post(V1, json=prod)).status_code == 200
    broken = {"State": "Failed", "Reason": "it was not"}
    assert (await shop.client.post(f"/api/tasks/{failed['Id']}/state", json=broken)).status_code == 200
    refused = await shop.client.post(V1, json=prod)
    assert "needs one more successful deployment" in refused.json()["ErrorMessage"]
    events = (await shop.client.get(f"{SPACE}/events?regarding={failed['Id']}")).json()["Items"]
    told = [event["Message"] for event in events if "by hand" in event["Message"] or "it was not" in event["Message"]]
    assert len(told) == 2
