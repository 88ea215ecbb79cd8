"""A project with a runbook for tests: changed, published and run over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from tests.api.conftest import SPACE, create

from polpo.engine import TaskState
from polpo.server.application import Server

V1 = f"{SPACE}/runbook-runs/create/v1"
RUNS = f"{SPACE}/runbookRuns"


class Care:
    """A project with one runbook and two environments, and how a test uses it."""

    def __init__(self, client: httpx.AsyncClient, server: Server, environments: dict[str, str]) -> None:
        self.client = client
        self.server = server
        self.environments = environments

    async def process(self, *steps: dict[str, Any], runbook: str = "Runbooks-1") -> None:
        path = f"{SPACE}/runbookProcesses/RunbookProcess-{runbook}"
        version = (await self.client.get(path)).json()["Version"]
        answer = await self.client.put(path, json={"Version": version, "Steps": list(steps)})
        assert answer.status_code == 200, answer.text

    async def variables(self, *variables: dict[str, Any]) -> None:
        path = f"{SPACE}/projects/Projects-1/variables"
        known = (await self.client.get(path)).json()
        answer = await self.client.put(path, json={**known, "Variables": list(variables)})
        assert answer.status_code == 200, answer.text

    async def settings(self, **more: Any) -> None:
        path = f"{SPACE}/runbooks/Runbooks-1"
        known = (await self.client.get(path)).json()
        answer = await self.client.put(path, json={**known, **more})
        assert answer.status_code == 200, answer.text

    async def publish(self, name: str = "S1", runbook: str = "Runbooks-1") -> Any:
        return await create(self.client, "runbookSnapshots?publish=true", RunbookId=runbook, Name=name)

    async def run(self, environment: str = "Dev", **more: Any) -> str:
        body = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": [environment], **more}
        answer = await self.client.post(V1, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["RunbookRunServerTasks"][0]["ServerTaskId"])

    async def refused(self, environment: str = "Dev", **more: Any) -> str:
        body = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": [environment], **more}
        answer = await self.client.post(V1, json=body)
        assert answer.status_code in {400, 404}, answer.text
        assert (await self.client.get("/api/tasks?name=RunbookRun")).json()["TotalResults"] == 0
        assert (await self.client.get(RUNS)).json()["TotalResults"] == 0
        return " ".join(answer.json().get("Errors") or [answer.json()["ErrorMessage"]])

    async def ended(self, task_id: str) -> Any:
        async with asyncio.timeout(60):
            async for _ in self.server.engine.watch(task_id):
                pass
        return (await self.client.get(f"/api/tasks/{task_id}")).json()

    async def in_state(self, task_id: str, state: TaskState) -> None:
        async with asyncio.timeout(60):
            async for change in self.server.engine.watch(task_id):
                if change.state is state:
                    return

    async def lines(self, task_id: str) -> list[str]:
        part = (await self.client.get(f"/api/tasks/{task_id}/log?take=5000")).json()
        return [line["Text"] for line in part["Lines"]]

    async def steps_of(self, task_id: str) -> dict[str, str]:
        details = (await self.client.get(f"/api/tasks/{task_id}/details")).json()
        return {step["Name"]: step["Status"] for step in details["ActivityLogs"][0]["Children"]}


async def cared_for(client: httpx.AsyncClient, server: Server) -> Care:
    """The first project with the runbook `Restart` and two environments."""
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    await create(client, "runbooks", Name="Restart", ProjectId="Projects-1")
    return Care(client, server, made)
