"""Snapshots of runbooks over HTTP: made, published, refreshed, and frozen otherwise."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.packages import push

SNAPSHOTS = f"{SPACE}/runbookSnapshots"
PROCESS = f"{SPACE}/runbookProcesses/RunbookProcess-Runbooks-1"
VARIABLES = f"{SPACE}/projects/Projects-1/variables"


@pytest.fixture
async def runbook(client: httpx.AsyncClient, project: Any) -> Any:
    return await create(client, "runbooks", Name="Restart", ProjectId=project["Id"])


async def save_steps(client: httpx.AsyncClient, *names: str, package: str | None = None) -> None:
    packages = [{"Name": "", "PackageId": package, "FeedId": "feeds-builtin"}] if package else []
    steps = [{"Name": one, "Actions": [{"ActionType": "Octopus.Script", "Packages": packages}]} for one in names]
    version = (await client.get(PROCESS)).json()["Version"]
    answer = await client.put(PROCESS, json={"Version": version, "Steps": steps})
    assert answer.status_code == 200, answer.text


async def save_variables(client: httpx.AsyncClient, **values: str) -> None:
    version = (await client.get(VARIABLES)).json()["Version"]
    variables = [{"Name": name, "Value": value} for name, value in values.items()]
    answer = await client.put(VARIABLES, json={"Version": version, "Variables": variables})
    assert answer.status_code == 200, answer.text


async def frozen_values(client: httpx.AsyncClient, snapshot: Any) -> dict[str, str]:
    found = (await client.get(f"{SPACE}/variables/{snapshot['FrozenProjectVariableSetId']}")).json()
    return {variable["Name"]: variable["Value"] for variable in found["Variables"]}


async def snapshot(client: httpx.AsyncClient, query: str = "", **more: Any) -> Any:
    body = {"ProjectId": "Projects-1", "RunbookId": "Runbooks-1", **more}
    return await create(client, f"runbookSnapshots{query}", **body)


async def test_snapshot_keeps_steps_and_variables(client: httpx.AsyncClient, runbook: Any) -> None:
    await save_steps(client, "Say")
    await save_variables(client, Word="before")
    made = await snapshot(client, Name="S1", Notes="first")
    await save_steps(client, "Shout")
    await save_variables(client, Word="after")
    read = (await client.get(made["Links"]["Self"])).json()
    assert (read["Id"], read["Name"], read["Notes"], read["RunbookId"]) == (
        "RunbookSnapshots-1", "S1", "first", "Runbooks-1"
    )  # fmt: skip
    assert read["Assembled"]
    assert read["ProjectVariableSetSnapshotId"] == read["FrozenProjectVariableSetId"]
    process = (await client.get(f"{SPACE}/runbookProcesses/{read['FrozenRunbookProcessId']}")).json()
    assert [step["Name"] for step in process["Steps"]] == ["Say"]
    assert await frozen_values(client, read) == {"Word": "before"}
    refused = await client.put(f"{SPACE}/runbookProcesses/{process['Id']}", json=process)
    assert refused.status_code == 409


async def test_snapshots_of_unchanged_steps_share_one_frozen_process(client: httpx.AsyncClient, runbook: Any) -> None:
    first, second = await snapshot(client), await snapshot(client)
    assert first["FrozenRunbookProcessId"] == second["FrozenRunbookProcessId"]
    assert first["Name"] != second["Name"]
    assert first["Name"].startswith("Snapshot ")


async def test_publishing(client: httpx.AsyncClient, runbook: Any) -> None:
    async def published() -> Any:
        return (await client.get(runbook["Links"]["Self"])).json()["PublishedRunbookSnapshotId"]

    first = await snapshot(client, Name="S1")
    assert await published() is None
    second = await snapshot(client, "?publish=true", Name="S2")
    assert await published() == second["Id"]
    answer = await client.put(runbook["Links"]["Self"], json={**runbook, "PublishedRunbookSnapshotId": first["Id"]})
    assert answer.status_code == 200, answer.text
    assert await published() == first["Id"]


async def test_snapshot_of_another_runbook_cannot_be_published(client: httpx.AsyncClient, runbook: Any) -> None:
    other = await create(client, "runbooks", Name="Backup", ProjectId="Projects-1")
    made = await create(client, "projects/web-shop/runbookSnapshots", Name="S1", RunbookId="backup")
    assert made["RunbookId"] == other["Id"]
    answer = await client.put(runbook["Links"]["Self"], json={**runbook, "PublishedRunbookSnapshotId": made["Id"]})
    assert answer.status_code == 400
    assert "which is no snapshot of this runbook" in answer.json()["Errors"][0]


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({}, 400, "RunbookId is missing"),
        ({"RunbookId": "Runbooks-9"}, 404, "There is no runbook with the id 'Runbooks-9'"),
        ({"RunbookId": "Runbooks-1", "Name": "S1"}, 400, "'S1' is already taken"),
        ({"RunbookId": "Runbooks-1", "Name": "x" * 201}, 400, "are too many"),
        ({"RunbookId": "Runbooks-1", "SelectedPackages": [{"ActionName": "No", "Version": "1"}]}, 400, "in the step"),
    ],
)
async def test_faults_are_told(
    client: httpx.AsyncClient, runbook: Any, body: dict[str, Any], status: int, sentence: str
) -> None:
    await snapshot(client, Name="S1")
    answer = await client.post(SNAPSHOTS, json=body)
    assert answer.status_code == status
    assert sentence in answer.json()["ErrorMessage"]


async def test_packages_are_chosen_or_the_latest(client: httpx.AsyncClient, runbook: Any) -> None:
    await save_steps(client, "Say", package="Acme.Tools")
    missing = await client.post(SNAPSHOTS, json={"RunbookId": "Runbooks-1"})
    assert missing.status_code == 400
    assert "no version of it" in missing.json()["Errors"][0]
    for version in ("1.0.0", "1.1.0"):
        await push(client, f"Acme.Tools.{version}.zip")
    latest = await snapshot(client, SelectedPackages=None)
    chosen = await snapshot(client, SelectedPackages=[{"ActionName": "Say", "Version": "1.0.0"}])
    assert [one["SelectedPackages"][0]["Version"] for one in (latest, chosen)] == ["1.1.0", "1.0.0"]
    template = (await client.get(f"{SPACE}/runbooks/Runbooks-1/runbookSnapshotTemplate")).json()
    [package] = template["Packages"]
    assert (package["ActionName"], package["PackageId"], package["VersionSelectedLastRelease"]) == (
        "Say", "Acme.Tools", "1.0.0"
    )  # fmt: skip
    assert template["NextNameIncrement"].startswith("Snapshot ")
    assert (template["RunbookId"], template["RunbookProcessId"]) == ("Runbooks-1", "RunbookProcess-Runbooks-1")
    of_process = await client.get(f"{PROCESS}/runbookSnapshotTemplate?runbookSnapshotId={latest['Id']}")
    assert of_process.json()["Packages"][0]["VersionSelectedLastRelease"] == "1.1.0"


async def test_snapshots_are_listed_newest_first(client: httpx.AsyncClient, runbook: Any) -> None:
    await create(client, "runbooks", Name="Backup", ProjectId="Projects-1")
    for name in ("Alpha", "Beta", "Alphabet"):
        await snapshot(client, Name=name)
    await snapshot(client, Name="Other", RunbookId="Runbooks-2")

    async def names(path: str) -> list[str]:
        return [one["Name"] for one in (await client.get(f"{SPACE}/{path}")).json()["Items"]]

    of_runbook = "projects/Projects-1/runbooks/Runbooks-1/runbookSnapshots"
    assert await names("runbookSnapshots?ids=RunbookSnapshots-1,RunbookSnapshots-4") == ["Other", "Alpha"]
    assert await names("projects/web-shop/runbookSnapshots?take=2") == ["Other", "Alphabet"]
    assert await names(f"{of_runbook}?take=2147483647") == ["Alphabet", "Beta", "Alpha"]
    assert await names(f"{of_runbook}?searchByName=ALPHA") == ["Alphabet", "Alpha"]


async def test_snapshot_is_found_by_name(client: httpx.AsyncClient, runbook: Any) -> None:
    made = await snapshot(client, Name="Snapshot 1")
    for path in ("runbookSnapshots/Snapshot%201", f"runbookSnapshots/{made['Id']}"):
        assert (await client.get(f"{SPACE}/projects/Projects-1/{path}")).json()["Id"] == made["Id"]
        assert (await client.get(f"{SPACE}/projects/Projects-1/runbooks/restart/{path}")).json()["Id"] == made["Id"]
    missing = await client.get(f"{SPACE}/projects/Projects-1/runbookSnapshots/Nope")
    assert missing.status_code == 404
    assert "has no snapshot with the id or name 'Nope'" in missing.json()["ErrorMessage"]


async def test_only_name_and_notes_can_be_changed(client: httpx.AsyncClient, runbook: Any) -> None:
    made = await snapshot(client, Name="S1")
    wanted = {**made, "Name": "S2", "Notes": "better", "RunbookId": "Runbooks-9", "FrozenRunbookProcessId": "x"}
    changed = (await client.put(made["Links"]["Self"], json=wanted)).json()
    assert (changed["Name"], changed["Notes"]) == ("S2", "better")
    assert [changed[name] for name in ("RunbookId", "FrozenRunbookProcessId")] == [
        made[name] for name in ("RunbookId", "FrozenRunbookProcessId")
    ]


async def test_variables_are_taken_anew(client: httpx.AsyncClient, runbook: Any) -> None:
    await save_variables(client, A="1", B="1")
    made = await snapshot(client)
    await save_variables(client, A="2", B="2")
    only_a = await client.post(f"{made['Links']['SnapshotVariables']}-by-name", json={"Variables": [{"Name": "a"}]})
    assert await frozen_values(client, only_a.json()) == {"A": "2", "B": "1"}
    unknown = await client.post(f"{made['Links']['SnapshotVariables']}-by-name", json={"Variables": [{"Name": "Z"}]})
    assert (unknown.status_code, unknown.json()["Errors"]) == (
        400, ["Variables names 'z', which neither the snapshot nor the project has."]
    )  # fmt: skip
    both = await client.post(made["Links"]["SnapshotVariables"])
    assert await frozen_values(client, both.json()) == {"A": "2", "B": "2"}


async def test_published_snapshot_stays_until_another_one_is(client: httpx.AsyncClient, runbook: Any) -> None:
    made = await snapshot(client, "?publish=true", Name="S1")
    refused = await client.delete(made["Links"]["Self"])
    assert refused.status_code == 409
    assert "'S1' is the published snapshot of the runbook 'Restart'" in refused.json()["ErrorMessage"]
    await snapshot(client, "?publish=true", Name="S2")
    assert (await client.delete(made["Links"]["Self"])).status_code == 200
    assert (await client.get(made["Links"]["Self"])).status_code == 404


@pytest.mark.parametrize("path", ["runbooks/Runbooks-1", "projects/Projects-1"])
async def test_snapshots_end_with_their_runbook(client: httpx.AsyncClient, runbook: Any, path: str) -> None:
    made = await snapshot(client, "?publish=true")
    deleted = await client.delete(f"{SPACE}/{path}")
    assert deleted.status_code == 200, deleted.text
    assert (await client.get(SNAPSHOTS)).json()["Items"] == []
    assert (await client.get(f"{SPACE}/runbookProcesses/{made['FrozenRunbookProcessId']}")).status_code == 404
