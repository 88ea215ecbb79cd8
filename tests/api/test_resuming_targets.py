"""Going on where a task stood when its targets are not what they were; scripts run on the server on their behalf."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.runbooks import Care, cared_for
from tests.api.test_deployments import Shop, script, shop

from polpo.engine import TaskState
from polpo.server.application import Server

__all__ = ["shop"]

_TAGS = {"Octopus.Action.TargetRoles": "web"}
_ROLLING = {**_TAGS, "Octopus.Action.MaxParallelism": "1"}


def marks(folder: Path) -> list[str]:
    path = folder / "ran"
    return path.read_text().split("\n")[:-1] if path.exists() else []


class Fleet:
    """The targets web-1 to web-3; a step `Roll` that fails on web-2 until there is a file `mended`, then `Later`."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop = shop
        self.client = shop.client
        self.folder = folder
        self.ids: dict[str, str] = {}

    async def add(self, name: str, environment: str = "Dev") -> None:
        body = {"EnvironmentIds": [self.shop.environments[environment]], "Roles": ["web"]}
        made = await create(self.client, "machines", Name=name, Endpoint={"CommunicationStyle": "None"}, **body)
        self.ids[name] = made["Id"]

    def noting(self, name: str, more: str = "true", **others: Any) -> dict[str, Any]:
        here = "$(get_octopusvariable Octopus.Machine.Name)"
        return script(name, f'echo "{name} {here}" >> "{self.folder}/ran"; {more}', **others)

    async def begin(self, **wish: Any) -> str:
        fails = f'[ "$(get_octopusvariable Octopus.Machine.Name)" != web-2 ] || test -e "{self.folder}/mended"'
        await self.shop.process(
            self.noting("Roll", fails, StepProperties=_ROLLING),
            self.noting("Later", StepProperties=_TAGS),
        )
        await self.shop.release()
        return await self.shop.deploy(**wish)

    async def resume(self, task_id: str, query: str = "") -> tuple[Any, list[str]]:
        """The ended task that went on, and its log."""
        answer = await self.client.post(f"/api/tasks/{task_id}/resume{query}")
        assert answer.status_code == 201, answer.text
        task = await self.shop.ended(answer.json()["Id"])
        return task, await self.shop.lines(task["Id"])

    async def disable(self, name: str) -> None:
        path = f"{SPACE}/machines/{self.ids[name]}"
        machine = (await self.client.get(path)).json()
        assert (await self.client.put(path, json={**machine, "IsDisabled": True})).is_success

    async def say(self, task_id: str, guidance: str) -> None:
        async for change in self.shop.server.engine.watch(task_id):
            if change.state is TaskState.PAUSED:
                break
        path = f"{SPACE}/interruptions?regarding={task_id}&pendingOnly=true"
        asked = (await self.client.get(path)).json()["Items"][0]
        await self.client.put(asked["Links"]["Responsible"])
        assert (await self.client.post(asked["Links"]["Submit"], json={"Guidance": guidance})).is_success


@pytest.fixture
async def fleet(shop: Shop, tmp_path: Path) -> Fleet:
    fleet = Fleet(shop, tmp_path)
    for number in (1, 2, 3):
        await fleet.add(f"web-{number}")
    return fleet


async def test_roll_goes_on_with_the_target_that_failed_and_those_that_had_not_begun(fleet: Fleet) -> None:
    task_id = await fleet.begin()
    assert (await fleet.shop.ended(task_id))["State"] == "Failed"
    assert marks(fleet.folder) == ["Roll web-1", "Roll web-2"]
    (fleet.folder / "mended").touch()
    (fleet.folder / "ran").unlink()
    task, lines = await fleet.resume(task_id)
    assert task["State"] == "Success"
    ran = marks(fleet.folder)
    assert ran[:2] == ["Roll web-2", "Roll web-3"]
    assert sorted(ran[2:]) == ["Later web-1", "Later web-2", "Later web-3"]
    assert lines.count(f"Done by {task_id}, not repeated.") == 1


async def test_target_that_is_disabled_now_is_left_out_of_the_rest(fleet: Fleet) -> None:
    task_id = await fleet.begin()
    await fleet.shop.ended(task_id)
    await fleet.disable("web-2")
    (fleet.folder / "ran").unlink()
    task, lines = await fleet.resume(task_id)
    assert (task["State"], task["HasWarningsOrErrors"]) == ("Success", True)
    ran = marks(fleet.folder)
    assert (ran[0], sorted(ran[1:])) == ("Roll web-3", ["Later web-1", "Later web-3"])
    assert "web-2 is disabled now and is left out." in lines
    assert "Left out: It is disabled now." in lines


async def test_target_that_is_deleted_now_is_named_before_anything_runs(fleet: Fleet) -> None:
    task_id = await fleet.begin()
    await fleet.shop.ended(task_id)
    assert (await fleet.client.delete(f"{SPACE}/machines/{fleet.ids['web-3']}")).is_success
    (fleet.folder / "mended").touch()
    (fleet.folder / "ran").unlink()
    answer = await fleet.client.post(f"/api/tasks/{task_id}/resume")
    sentence = f"web-3 was deleted since {task_id} used it; start from the first step."
    assert answer.status_code == 400
    assert sentence in answer.text
    assert marks(fleet.folder) == []


@pytest.mark.parametrize(
    ("query", "ran"),
    [("", ["Last web-1", "Last web-3"]), ("?includeExcluded=true", ["Last web-1", "Last web-2", "Last web-3"])],
)
async def test_target_that_a_person_excluded_comes_back_only_when_that_is_asked_for(
    fleet: Fleet, query: str, ran: list[str]
) -> None:
    mended = f'test -e "{fleet.folder}/mended"'
    fails = f'[ "$(get_octopusvariable Octopus.Machine.Name)" != web-2 ] || {mended}'
    await fleet.shop.process(
        fleet.noting("First", fails, StepProperties=_TAGS),
        script("Stop", mended),
        fleet.noting("Last", StepProperties=_TAGS),
    )
    await fleet.shop.release()
    task_id = await fleet.shop.deploy(useGuidedFailure=True)
    await fleet.say(task_id, "Exclude")
    await fleet.say(task_id, "Fail")
    assert (await fleet.shop.ended(task_id))["State"] == "Failed"
    (fleet.folder / "mended").touch()
    (fleet.folder / "ran").unlink()
    task, _ = await fleet.resume(task_id, query)
    assert task["State"] == "Success"
    assert sorted(mark for mark in marks(fleet.folder) if mark.startswith("Last")) == ran


async def test_run_of_a_runbook_goes_on_from_the_step_that_failed(
    client: httpx.AsyncClient, server: Server, project: Any, tmp_path: Path
) -> None:
    care: Care = await cared_for(client, server)
    await care.process(
        script("First", f'echo first >> "{tmp_path}/ran"; set_octopusvariable Word hello'),
        script("Second", f'echo second >> "{tmp_path}/ran"; test -e "{tmp_path}/mended"'),
        script("Third", f'echo "third $(get_octopusvariable "Octopus.Action[First].Output.Word")" >> "{tmp_path}/ran"'),
    )
    await care.publish()
    task = await care.ended(await care.run())
    assert (task["State"], task["CanResume"]) == ("Failed", True)
    (tmp_path / "mended").touch()
    answer = await client.post(task["Links"]["Resume"])
    assert answer.status_code == 201, answer.text
    resumed = await care.ended(answer.json()["Id"])
    assert resumed["State"] == "Success", resumed["ErrorMessage"]
    assert marks(tmp_path) == ["first", "second", "second", "third hello"]
    assert f"Done by {task['Id']}, not repeated." in await care.lines(resumed["Id"])
    run = (await client.get(f"{SPACE}/runbookRuns/{resumed['Arguments']['RunbookRunId']}")).json()
    assert run["ResumedFrom"] == task["Id"]
