"""Automatic deployments, with tasks that really run: what starts them, what does not, and that no crash loses one."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.api.conftest import SPACE, create
from tests.api.people import person
from tests.api.test_deployments import Shop, script
from tests.api.test_release_steps import deploy, put_process

from polpo.features.automaticdeployments.openings import release_opening
from polpo.features.deployments.service import create_deployment
from polpo.kernel.errors import StoreUnavailable
from polpo.server.application import Server

ENVIRONMENTS = ("Dev", "Test", "Prod")


class Line(Shop):
    """A shop whose lifecycle deploys by itself."""

    async def lifecycle(self, *phases: dict[str, Any]) -> None:
        path = f"{SPACE}/lifecycles/Lifecycles-1"
        known = (await self.client.get(path)).json()
        answer = await self.client.put(
            path, json={**known, "Phases": [self._phase(number, one) for number, one in enumerate(phases, 1)]}
        )
        assert answer.status_code == 200, answer.text

    def _phase(self, number: int, phase: dict[str, Any]) -> dict[str, Any]:
        ids = {
            f"{key}DeploymentTargets": [self.environments[name] for name in phase.get(key, [])]
            for key in ("Automatic", "Optional")
        }
        return {"Name": f"Phase {number}", "IsOptionalPhase": phase.get("IsOptionalPhase", False), **ids}

    async def settled(self) -> None:
        """Until everything that may have opened a phase is done with."""
        async with asyncio.timeout(60):
            while await asyncio.to_thread(self.openings):
                pass

    def openings(self) -> int:
        with self.server.database.read() as session:
            statement = sa.select(sa.func.count()).select_from(release_opening)
            return int(session.connection.execute(statement).scalar_one())

    async def deployed(self) -> list[Any]:
        """Everything that was deployed, oldest first, once it has ended and started nothing more."""
        found: list[Any] = []
        tasks: list[Any] = []
        while not tasks or len(found) < await self._count():
            await self.settled()
            found = (await self.client.get(f"{SPACE}/deployments?take=100")).json()["Items"]
            tasks = [await self.ended(one["TaskId"]) for one in found]
            await self.settled()
            if not found:
                break
        states = {task["Id"]: task["State"] for task in tasks}
        return [{**one, "State": states[one["TaskId"]], "Place": self.place(one)} for one in reversed(found)]

    async def _count(self) -> int:
        return int((await self.client.get(f"{SPACE}/deployments?take=0")).json()["TotalResults"])

    def place(self, deployment: Any) -> str:
        return next(name for name, identity in self.environments.items() if identity == deployment["EnvironmentId"])

    async def places(self) -> list[str]:
        return [f"{one['Place']} {one['State']}" for one in await self.deployed()]

    async def told(self, category: str) -> list[str]:
        found = (await self.client.get(f"/api/events?eventCategories={category}")).json()["Items"]
        return [event["Message"] for event in reversed(found)]

    async def outlook(self, **query: str) -> dict[str, str]:
        found = (await self.client.get(f"{SPACE}/releases/Releases-1/deployments/automatic", params=query)).json()
        return {one["EnvironmentName"]: f"{one['Outlook']}: {one['Reason']}" for one in found}


@pytest.fixture
async def line(client: httpx.AsyncClient, server: Server, project: Any) -> Line:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ENVIRONMENTS}
    line = Line(client, server, made)
    await line.process(script("Run", "true"))
    return line


async def _release(line: Line, version: str = "1.0.0") -> Any:
    body = {"projectName": "Web Shop", "releaseVersion": version}
    answer = await line.client.post(f"{SPACE}/releases/create/v1", json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def test_release_goes_on_by_itself_as_long_as_phases_are_automatic(line: Line) -> None:
    await line.lifecycle({"Automatic": ["Dev"]}, {"Automatic": ["Test"]}, {"Optional": ["Prod"]})

    made = await _release(line)

    assert made["AutomaticallyDeployedEnvironments"] == "Dev"
    deployed = await line.deployed()
    assert [one["Place"] for one in deployed] == ["Dev", "Test"]
    assert {one["DeployedBy"] for one in deployed} == {"System"}
    assert deployed[1]["AutomaticBecause"] == "The phase 'Phase 2' opened for release 1.0.0."
    assert await line.told("AutomaticDeploymentStarted") == [
        "Release 1.0.0 is deployed to Dev automatically: the phase 'Phase 1' opened.",
        "Release 1.0.0 is deployed to Test automatically: the phase 'Phase 2' opened.",
    ]
    assert (await line.outlook())["Test"].startswith("Deployed: The release has been sent here once (Deployments-2)")


@pytest.mark.parametrize(("more", "state"), [((), "Failed"), (("DeploymentCreate",), "Success")])
async def test_what_is_deployed_by_itself_deploys_others_by_the_rights_of_who_made_the_release(
    line: Line, more: tuple[str, ...], state: str
) -> None:
    calm = {"Name": "Calm", "Phases": [line._phase(1, {"Optional": ["Dev"]})]}
    calm_id = (await create(line.client, "lifecycles", **calm))["Id"]
    body = {"Name": "Engine", "ProjectGroupId": "ProjectGroups-1", "LifecycleId": calm_id}
    engine = (await create(line.client, "projects", **body))["Id"]
    await put_process(line.client, engine, script("Paint", "true"))
    made = {"projectName": "Engine", "releaseVersion": "5.0.0"}
    assert (await line.client.post(f"{SPACE}/releases/create/v1", json=made)).is_success
    await line.process(deploy(engine))
    await line.lifecycle({"Automatic": ["Dev"]}, {"Optional": ["Test", "Prod"]})
    views = ("ProjectView", "ProcessView", "ReleaseView", "LifecycleView", "EnvironmentView", "DeploymentView")
    eva = await person(line.server, "eva", *views, "ReleaseCreate", "ProcessEdit", *more, "FeedView")
    shop = {"projectName": "Web Shop", "releaseVersion": "1.0.0"}

    answer = await line.client.post(f"{SPACE}/releases/create/v1", json=shop, headers=eva)

    assert answer.is_success, answer.text
    [first, *children] = await line.deployed()
    assert (first["State"], len(children)) == (state, len(more))
    refused = "cannot be deployed: You do not have the permission DeploymentCreate for "
    assert any(refused in text for text in await line.lines(first["TaskId"])) is not bool(more)


async def test_failure_opens_nothing_until_it_counts_as_a_success(line: Line) -> None:
    await line.process(script("Run", '[ "$(get_octopusvariable Octopus.Environment.Name)" != Dev ]'))
    await line.lifecycle({"Automatic": ["Dev"]}, {"Automatic": ["Test"], "Optional": ["Prod"]})
    await _release(line)

    assert await line.places() == ["Dev Failed"]
    assert (await line.outlook())["Test"] == (
        "Waiting: The phase 'Phase 1' needs one more successful deployment before 'Phase 2' opens. Then it is deployed"
        " here at once."
    )
    by_hand = {"State": "Success", "Reason": "It is there."}
    task = (await line.client.get(f"{SPACE}/deployments")).json()["Items"][0]["TaskId"]
    assert (await line.client.post(f"/api/tasks/{task}/state", json=by_hand)).status_code == 200

    assert await line.places() == ["Dev Success", "Test Success"]


async def test_optional_phase_starts_nothing_but_lets_the_next_one_start(line: Line) -> None:
    await line.lifecycle(
        {"Optional": ["Dev"]}, {"Automatic": ["Test"], "IsOptionalPhase": True}, {"Automatic": ["Prod"]}
    )
    assert (await _release(line))["AutomaticallyDeployedEnvironments"] is None
    await line.ended(await line.deploy("Dev"))

    assert await line.places() == ["Dev Success", "Prod Success"]
    assert (await line.outlook())["Test"].startswith("Never: The phase 'Phase 2' is optional")


async def test_same_success_again_opens_nothing_again(line: Line) -> None:
    """What became automatic after a phase had opened is nobody's order, and a roll-back is none either."""
    await line.lifecycle({"Automatic": ["Dev"]}, {"Optional": ["Test", "Prod"]})
    await _release(line)
    assert await line.places() == ["Dev Success"]
    await line.lifecycle({"Automatic": ["Dev"]}, {"Automatic": ["Test"], "Optional": ["Prod"]})

    await line.ended(await line.deploy("Dev"))

    assert await line.places() == ["Dev Success", "Dev Success"]
    assert (await line.outlook())["Test"].startswith("Missed: The phase is open, but nothing was deployed here")


async def test_freeze_refuses_and_the_audit_trail_tells(line: Line) -> None:
    await line.lifecycle({"Automatic": ["Dev"]}, {"Optional": ["Test", "Prod"]})
    scope = {"Projects-1": [line.environments["Dev"]]}
    times = {"Start": "2020-01-01T00:00:00Z", "End": "2199-01-01T00:00:00Z"}
    body = {"Name": "Holidays", "ProjectEnvironmentScope": scope, **times}
    assert (await line.client.post("/api/deploymentfreezes", json=body)).status_code == 201

    await _release(line)

    assert await line.places() == []
    [refusal] = await line.told("AutomaticDeploymentRefused")
    assert refusal == (
        "Release 1.0.0 was not deployed to Dev automatically: The deployment freeze 'Holidays' holds until 2199-01-01"
        " 00:00 UTC."
    )
    assert (await line.outlook())["Dev"].startswith("Refused: The deployment freeze 'Holidays' holds")


async def test_database_that_is_away_for_a_moment_refuses_nothing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [StoreUnavailable("The database cannot be used at the moment.")]

    def fails_once(*args: Any) -> Any:
        if failures:
            raise failures.pop()
        return create_deployment(*args)

    monkeypatch.setattr("polpo.features.automaticdeployments.promoting.create_deployment", fails_once)
    monkeypatch.setattr("polpo.features.automaticdeployments.promoting._POLL", 0.05)
    await line.lifecycle({"Automatic": ["Dev"]}, {"Optional": ["Test", "Prod"]})

    await _release(line)

    assert await line.places() == ["Dev Success"]
    assert (failures, await line.told("AutomaticDeploymentRefused")) == ([], [])


async def test_defect_holds_the_release_back_until_it_is_resolved(line: Line) -> None:
    await line.lifecycle({"Optional": ["Dev"]}, {"Automatic": ["Test"]}, {"Optional": ["Prod"]})
    made = await _release(line)
    defects = f"{SPACE}/releases/{made['ReleaseId']}/defects"
    await line.client.post(defects, json={"Description": "Wrong prices."})
    await line.ended(await line.deploy("Dev"))

    assert await line.places() == ["Dev Success"]
    assert "prevented until the defect is resolved" in (await line.outlook())["Test"]
    await line.client.post(f"{defects}/resolve")

    assert await line.places() == ["Dev Success", "Test Success"]


async def test_each_tenant_goes_its_own_way(line: Line) -> None:
    """With the tags of the channel, where it is connected, and by its own progress; one without tenants besides."""
    tags = {"Tags": [{"Name": "Early", "Color": "#333333"}]}
    await create(line.client, "tagsets", Name="Ring", **tags)
    dev, test, prod = (line.environments[name] for name in ENVIRONMENTS)
    for name, places, ring in (
        ("Ann", [dev, test], ["Ring/Early"]),
        ("Ben", [test], ["Ring/Early"]),
        ("Cyd", [dev, test, prod], []),
    ):
        await create(line.client, "tenants", Name=name, TenantTags=ring, ProjectEnvironments={"Projects-1": places})
    project = (await line.client.get(f"{SPACE}/projects/Projects-1")).json()
    await line.client.put(project["Links"]["Self"], json={**project, "TenantedDeploymentMode": "TenantedOrUntenanted"})
    channel = (await line.client.get(f"{SPACE}/channels/Channels-1")).json()
    await line.client.put(channel["Links"]["Self"], json={**channel, "TenantTags": ["Ring/Early"]})
    await line.lifecycle({"Automatic": ["Dev"]}, {"Automatic": ["Test"]}, {"Optional": ["Prod"]})

    await _release(line)

    tenants = {"Tenants-1": "Ann", "Tenants-2": "Ben", "Tenants-3": "Cyd", None: "nobody"}
    places = sorted(f"{one['Place']} for {tenants[one['TenantId']]}" for one in await line.deployed())
    assert places == ["Dev for Ann", "Dev for nobody", "Test for Ann", "Test for Ben", "Test for nobody"]
    assert set(await line.outlook(tenants="Tenants-1")) == {"Dev", "Test"}


async def test_opening_that_a_dead_server_left_behind_is_done_with(line: Line) -> None:
    """The note is made with the end of the task; whoever starts next finds it."""
    await line.lifecycle({"Optional": ["Dev"]}, {"Automatic": ["Test"]}, {"Optional": ["Prod"]})
    await _release(line)
    await line.settled()
    await line.server.works.promoter.close()
    await line.ended(await line.deploy("Dev"))
    assert line.openings() == 1
    assert (await line.outlook())["Test"].startswith("Starting: The phase has just opened")

    await line.server.works.promoter.start()

    assert await line.places() == ["Dev Success", "Test Success"]
