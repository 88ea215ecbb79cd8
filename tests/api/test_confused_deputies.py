"""What the server does on behalf of somebody: never more than they may do themselves."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.people import person
from tests.api.runbooks import cared_for
from tests.api.test_deployments import script
from tests.api.test_release_steps import deploy, put_process

from polpo.server.application import Server


async def test_a_runbook_deploys_no_release_that_whoever_runs_it_may_not(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    care = await cared_for(client, server)
    settings = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    child = (await create(client, "projects", Name="Engine", **settings))["Id"]
    await put_process(client, child, script("Say", "true"))
    await create(client, "releases/create/v1", projectName="Engine", releaseVersion="1.0.0")
    await care.process(deploy(child))
    await care.publish()
    eva = await person(server, "eva", "RunbookRunCreate", "TaskView", project_ids=[project["Id"]])
    body = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": ["Dev"]}
    answer = await client.post(f"{SPACE}/runbook-runs/create/v1", json=body, headers=eva)
    assert answer.status_code == 200, answer.text
    ended = await care.ended(answer.json()["RunbookRunServerTasks"][0]["ServerTaskId"])
    assert (await client.get(f"{SPACE}/deployments")).json()["TotalResults"] == 0
    assert "DeploymentCreate" in ended["ErrorMessage"]
