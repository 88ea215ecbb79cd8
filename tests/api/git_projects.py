"""What the tests of projects in Git share: a served repository, a project with steps, and its conversion."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE
from tests.git_server import PASSWORD, USERNAME, Repository


def step(name: str, script: str = "echo hello", **more: Any) -> dict[str, Any]:
    action = {
        "Name": name,
        "ActionType": "Octopus.Script",
        "Properties": {
            "Octopus.Action.Script.ScriptSource": "Inline",
            "Octopus.Action.Script.Syntax": "Bash",
            "Octopus.Action.Script.ScriptBody": script,
            "Octopus.Action.RunOnServer": "true",
        },
        **more,
    }
    return {"Name": name, "Actions": [action]}


def settings_for(repository: Repository, **more: Any) -> dict[str, Any]:
    """What a client sends about the repository."""
    password = {"HasValue": True, "NewValue": PASSWORD, "Hint": None}
    return {
        "Type": "VersionControlled",
        "Url": repository.url,
        "DefaultBranch": "main",
        "BasePath": ".octopus/web",
        "ProtectedDefaultBranch": False,
        "ProtectedBranchNamePatterns": [],
        "Credentials": {"Type": "UsernamePassword", "Username": USERNAME, "Password": password},
        **more,
    }


async def convert(
    client: httpx.AsyncClient, project: Any, repository: Repository, *, branch: str | None = None, **settings: Any
) -> httpx.Response:
    body = {
        "CommitMessage": "Initial commit of deployment process",
        "InitialCommitBranchName": branch,
        "VersionControlSettings": settings_for(repository, **settings),
    }
    return await client.post(f"{SPACE}/projects/{project['Id']}/git/convert", json=body)


async def change_process(client: httpx.AsyncClient, project: Any, *steps: dict[str, Any]) -> Any:
    """Gives a project in the database these steps."""
    path = f"{SPACE}/projects/{project['Id']}/deploymentprocesses"
    process = (await client.get(path)).json()
    answer = await client.put(path, json={**process, "Steps": list(steps)})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def change_variables(client: httpx.AsyncClient, project: Any, *variables: dict[str, Any]) -> Any:
    """Gives a project in the database these variables."""
    path = f"{SPACE}/variables/{project['VariableSetId']}"
    found = (await client.get(path)).json()
    answer = await client.put(path, json={**found, "Variables": list(variables)})
    assert answer.status_code == 200, answer.text
    return answer.json()
