"""Runbooks of projects in Git: files on branches, and runs of what a commit says."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.git_projects import change_variables, convert, step
from tests.git_server import Repository

FOLDER = ".octopus/web/runbooks"


@pytest.fixture
async def environment(client: httpx.AsyncClient) -> Any:
    return await create(client, "environments", Name="Production")


@pytest.fixture
async def runbook(client: httpx.AsyncClient, project: Any) -> Any:
    """A runbook with one step, of a project that is still in the database."""
    runbook = await create(client, "runbooks", Name="Restart", ProjectId=project["Id"], Description="Off and on")
    path = f"{SPACE}/runbookProcesses/{runbook['RunbookProcessId']}"
    process = (await client.get(path)).json()
    answer = await client.put(path, json={**process, "Steps": [step("Restart it", "echo restart")]})
    assert answer.status_code == 200, answer.text
    return runbook


@pytest.fixture
async def path(client: httpx.AsyncClient, project: Any, repository: Repository, runbook: Any, environment: Any) -> str:
    """The address of the project in Git."""
    await change_variables(
        client,
        project,
        {"Name": "Url", "Value": "https://shop.example", "Scope": {"ProcessOwner": [runbook["Id"]]}},
        {"Name": "Password", "Value": "hush", "Type": "Sensitive"},
    )
    answer = await convert(client, project, repository)
    assert answer.status_code == 200, answer.text
    return f"{SPACE}/projects/{project['Id']}"


async def test_runbooks_become_files_and_keep_their_ids(
    client: httpx.AsyncClient, path: str, repository: Repository, runbook: Any
) -> None:
    text = repository.read(f"{FOLDER}/restart.ocl")
    assert 'name = "Restart"' in text
    assert "echo restart" in text
    assert 'process = ["runbook/restart"]' in repository.read(".octopus/web/variables.ocl")
    for named in (runbook["Id"], "restart"):
        found = (await client.get(f"{path}/refs%2Fheads%2Fmain/runbooks/{named}")).json()
        assert (found["Id"], found["Slug"], found["Description"]) == (runbook["Id"], "restart", "Off and on")
        assert (await client.get(found["Links"]["Self"])).json() == found
    variables = (await client.get(f"{path}/main/variables")).json()["Variables"]
    assert variables[0]["Scope"] == {"ProcessOwner": [runbook["Id"]]}
    project = (await client.get(path)).json()
    assert project["Links"]["Runbooks"].endswith("/{gitRef}/runbooks{/id}{?skip,take,partialName}")


async def test_runbooks_are_listed_and_searched(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    repository.write({f"{FOLDER}/backup.ocl": 'name = "Back up"', f"{FOLDER}/read.me": "x"})
    found = (await client.get(f"{path}/refs/heads/main/runbooks?take=2147483647&refresh=true")).json()
    assert [(one["Name"], one["Slug"]) for one in found["Items"]] == [("Back up", "backup"), ("Restart", "restart")]
    assert (await client.get(f"{path}/main/runbooks?partialName=back")).json()["TotalResults"] == 1
    assert (await client.get(f"{path}/main/runbooks/Restart")).status_code == 404


async def test_runbook_is_made_changed_and_deleted_on_a_branch(
    client: httpx.AsyncClient, path: str, repository: Repository, environment: Any
) -> None:
    repository.git("branch", "side", "main")
    body = {"Name": "Back up", "ChangeDescription": "Back up as well"}
    answer = await client.post(f"{path}/side/runbooks/v2", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["Slug"] == "back-up"
    assert repository.messages("side")[0] == "Back up as well"

    wanted = {**made, "EnvironmentScope": "Specified", "Environments": [environment["Id"]], "Name": "Back it up"}
    changed = (await client.put(made["Links"]["Self"], json=wanted)).json()
    assert (changed["Name"], changed["Slug"], changed["Environments"]) == ("Back it up", "back-up", [environment["Id"]])
    assert 'environments = ["production"]' in repository.read(f"{FOLDER}/back-up.ocl", "side")
    places = (await client.get(f"{path}/side/runbooks/{made['Id']}/environments")).json()
    assert [one["Name"] for one in places] == ["Production"]

    again = await client.post(f"{path}/side/runbooks/v2", json={"Name": "RESTART"})
    assert again.status_code == 400
    assert "already taken" in again.json()["Errors"][0]

    gone = await client.request("DELETE", made["Links"]["Self"], json={"ChangeDescription": "No more"})
    assert gone.status_code == 200
    assert repository.messages("side")[0] == "No more"
    assert (await client.get(made["Links"]["Self"])).status_code == 404
    assert f"{FOLDER}/restart.ocl" in repository.files("side")


async def test_process_is_changed_with_its_version(
    client: httpx.AsyncClient, path: str, repository: Repository, runbook: Any
) -> None:
    where = f"{path}/main/runbookProcesses/{runbook['RunbookProcessId']}"
    process = (await client.get(where)).json()
    assert process["RunbookId"] == runbook["Id"]
    assert (await client.get(f"{path}/main/runbookProcesses/restart")).json() == process
    process["Steps"].append(step("Tell", "echo told"))
    answer = await client.put(where, json=process)
    assert answer.status_code == 200, answer.text
    assert [one["Name"] for one in answer.json()["Steps"]] == ["Restart it", "Tell"]
    stale = await client.put(where, json=process)
    assert stale.status_code == 409
    text = repository.read(f"{FOLDER}/restart.ocl")
    assert "echo told" in text
    assert "Off and on" in text


async def test_run_takes_what_the_commit_says(
    client: httpx.AsyncClient, path: str, repository: Repository, environment: Any, runbook: Any
) -> None:
    changed = repository.read(f"{FOLDER}/restart.ocl").replace("echo restart", "echo again")
    repository.write({f"{FOLDER}/restart.ocl": changed})
    body = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": ["Production"]}
    answer = await client.post(f"{SPACE}/runbook-runs/git/create/v1", json={**body, "gitRef": "refs/heads/main"})
    assert answer.status_code == 200, answer.text
    [task] = answer.json()["RunbookRunServerTasks"]

    run = (await client.get(f"{SPACE}/runbookRuns/{task['RunbookRunId']}")).json()
    assert run["RunbookId"] == runbook["Id"]
    snapshot = (await client.get(run["Links"]["RunbookSnapshot"])).json()
    assert snapshot["GitReference"]["GitCommit"] == repository.head()
    process = (await client.get(run["Links"]["RunbookProcess"])).json()
    script = process["Steps"][0]["Actions"][0]["Properties"]["Octopus.Action.Script.ScriptBody"]
    assert script == "echo again"
    variables = (await client.get(run["Links"]["Variables"])).json()["Variables"]
    assert [one["Name"] for one in variables] == ["Url", "Password"]


async def test_new_runbook_runs_that_was_never_in_the_database(
    client: httpx.AsyncClient, path: str, repository: Repository, environment: Any
) -> None:
    text = repository.read(f"{FOLDER}/restart.ocl").replace('"Restart"', '"Back up"', 1)
    repository.write({f"{FOLDER}/backup.ocl": text})
    run = {"EnvironmentId": environment["Id"]}
    answer = await client.post(f"{path}/main/runbooks/backup/run/v1", json={"Runs": [run]})
    assert answer.status_code == 201, answer.text
    [made] = answer.json()["Resources"]
    retried = await client.get(f"{SPACE}/runbookSnapshots/{made['RunbookSnapshotId']}/runbookRuns")
    assert retried.json()["TotalResults"] == 1
    assert (await client.delete(f"{SPACE}/environments/{environment['Id']}")).status_code == 409


async def test_preview_and_form_are_those_of_the_reference(
    client: httpx.AsyncClient, path: str, environment: Any, runbook: Any
) -> None:
    at = f"{path}/refs/heads/main/runbooks/{runbook['Id']}"
    preview = await client.get(f"{at}/runbookRuns/preview/{environment['Id']}?includeDisabledSteps=true")
    assert preview.status_code == 200, preview.text
    assert [one["ActionName"] for one in preview.json()["StepsToExecute"]] == ["Restart it"]
    body = {"DeploymentPreviews": [{"EnvironmentId": environment["Id"]}]}
    [same] = (await client.post(f"{at}/runbookRuns/previews", json=body)).json()
    assert same == preview.json()
    template = await client.get(f"{at}/runbookSnapshotTemplate")
    assert template.json()["RunbookId"] == runbook["Id"]


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"gitRef": "nowhere"}, "no branch, tag or commit 'nowhere'"),
        ({"runbookName": "Nothing"}, "has no runbook 'Nothing'"),
        ({"environmentNames": ["Nowhere"]}, "Nowhere"),
        ({"packages": ["x:1"]}, "'x'"),
        ({"projectName": ""}, "ProjectName is missing"),
    ],
)
async def test_run_that_cannot_be_is_refused(
    client: httpx.AsyncClient, path: str, environment: Any, wish: dict[str, Any], sentence: str
) -> None:
    body = {"projectName": "Web Shop", "runbookName": "restart", "environmentNames": ["Production"], **wish}
    answer = await client.post(f"{SPACE}/runbook-runs/git/create/v1", json=body)
    assert answer.status_code in {400, 404}, answer.text
    assert sentence in answer.json()["ErrorMessage"]


async def test_routes_of_the_database_refuse(
    client: httpx.AsyncClient, path: str, project: Any, runbook: Any, environment: Any
) -> None:
    process = (await client.get(f"{SPACE}/runbookProcesses/{runbook['RunbookProcessId']}")).json()
    command = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": ["Production"]}
    answers = [
        await client.post(f"{SPACE}/runbooks", json={"Name": "New", "ProjectId": project["Id"]}),
        await client.put(f"{SPACE}/runbooks/{runbook['Id']}", json=runbook),
        await client.put(f"{SPACE}/runbookProcesses/{process['Id']}", json=process),
        await client.post(f"{SPACE}/runbookSnapshots", json={"RunbookId": runbook["Id"], "ProjectId": project["Id"]}),
        await client.post(f"{SPACE}/runbook-runs/create/v1", json=command),
    ]
    assert [one.status_code for one in answers] == [400] * len(answers), [one.text for one in answers]
    assert all("Git" in one.json()["ErrorMessage"] for one in answers)
