"""Steps that wait for a person: who may answer, and what remains of the answer."""

from __future__ import annotations

import asyncio

import httpx
from tests.api.conftest import SPACE
from tests.api.people import also
from tests.api.test_deployments import Shop, shop

from polpo.engine import TaskState

__all__ = ["shop"]


async def member(client: httpx.AsyncClient, name: str) -> tuple[str, dict[str, str]]:
    """A user's id, and the header that signs them in."""
    body = {"Username": name, "DisplayName": name.title(), "EmailAddress": f"{name}@example.org"}
    answer = await client.post("/api/users", json={**body, "Password": "a good pass"})
    user = answer.json()["Id"]
    key = (await client.post(f"/api/users/{user}/apikeys", json={"Purpose": "p"})).json()["ApiKey"]
    return user, {"X-Octopus-ApiKey": key}


async def test_only_members_of_the_responsible_teams_answer(shop: Shop) -> None:
    client = shop.client
    user, eva = await member(client, "eva")
    await also(shop.server, user, "eva", "userroles-projectdeployer")
    teams = [
        (await client.post("/api/teams", json={"Name": name, "MemberUserIds": members})).json()
        for name, members in (("Operators", [user]), ("Lawyers", []))
    ]
    properties = {
        "Octopus.Action.Manual.Instructions": "Look at **#{Octopus.Environment.Name}**.",
        "Octopus.Action.Manual.ResponsibleTeamIds": ",".join(team["Id"] for team in teams),
        "Octopus.Action.Manual.BlockConcurrentDeployments": "False",
    }
    manual = {"Name": "Ask", "ActionType": "Octopus.Manual", "Properties": properties}
    await shop.process({"Name": "Ask", "Actions": [manual]})
    await shop.release()
    task_id = await shop.deploy()
    async with asyncio.timeout(60):
        async for change in shop.server.engine.watch(task_id):
            if change.state is TaskState.PAUSED:
                break
    pending = f"{SPACE}/interruptions?regarding={task_id}&pendingOnly=true"
    [asked] = (await client.get(pending)).json()["Items"]
    [hers] = (await client.get(pending, headers=eva)).json()["Items"]
    assert (asked["CanTakeResponsibility"], hers["CanTakeResponsibility"]) == (False, True)
    assert asked["Form"]["Elements"][0]["Control"]["Text"] == "Look at **Dev**."
    responsible, submit = asked["Links"]["Responsible"], asked["Links"]["Submit"]
    assert (await client.get(responsible)).status_code == 204
    for refused in (await client.put(responsible), await client.post(submit, json={"Result": "Proceed"})):
        assert refused.status_code == 403
        assert refused.json()["Errors"] == ["Only members of the teams Operators and Lawyers may answer 'Ask'."]
    assert (await client.put(responsible, headers=eva)).json()["Username"] == "eva"
    assert (await client.get(responsible)).json()["Username"] == "eva"
    done = await client.post(submit, json={"Result": "Proceed", "Notes": "fine"}, headers=eva)
    assert done.status_code == 200, done.text
    assert (await shop.ended(task_id))["FinishedSuccessfully"]
    assert "Eva said to proceed: fine" in await shop.lines(task_id)
    events = (await client.get(f"{SPACE}/events?regarding={asked['Id']}")).json()["Items"]
    assert [(one["Category"], one["Username"]) for one in events] == [
        ("Modified", "eva"), ("Modified", "eva"), ("ManualInterventionInterruptionRaised", "system")
    ]  # fmt: skip


async def test_question_to_teams_that_are_gone_is_the_administrators(shop: Shop) -> None:
    team = (await shop.client.post("/api/teams", json={"Name": "Operators"})).json()
    properties = {"Octopus.Action.Manual.ResponsibleTeamIds": team["Id"]}
    await shop.process(
        {"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual", "Properties": properties}]}
    )
    await shop.release()
    task_id = await shop.deploy()
    assert (await shop.client.delete(f"/api/teams/{team['Id']}")).is_success
    await shop.answer(task_id)
    assert (await shop.ended(task_id))["FinishedSuccessfully"]
