"""Releases of projects in Git: everything of one commit, and the secrets of the database."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.git_projects import change_process, change_variables, convert, step
from tests.git_server import Repository

PROCESS = ".octopus/web/deployment_process.ocl"
VARIABLES = ".octopus/web/variables.ocl"
SETTINGS = ".octopus/web/deployment_settings.ocl"


@pytest.fixture
async def path(client: httpx.AsyncClient, project: Any, repository: Repository) -> str:
    """The address of a project in Git, with one step and two variables."""
    await change_process(client, project, step("Say hello"))
    await change_variables(
        client,
        project,
        {"Name": "Url", "Value": "https://shop.example"},
        {"Name": "Password", "Value": "hush", "Type": "Sensitive"},
    )
    answer = await convert(client, project, repository)
    assert answer.status_code == 200, answer.text
    return f"{SPACE}/projects/{project['Id']}"


async def _release(client: httpx.AsyncClient, **more: Any) -> Any:
    answer = await client.post(f"{SPACE}/releases/create/v1", json={"projectName": "Web Shop", **more})
    assert answer.status_code == 201, answer.text
    return (await client.get(f"{SPACE}/releases/{answer.json()['ReleaseId']}")).json()


async def _frozen(client: httpx.AsyncClient, release: Any) -> tuple[list[str], dict[str, str | None]]:
    """The scripts and the variables of a release."""
    process = (await client.get(release["Links"]["ProjectDeploymentProcessSnapshot"])).json()
    variables = (await client.get(release["Links"]["ProjectVariableSnapshot"])).json()
    scripts = [
        action["Properties"]["Octopus.Action.Script.ScriptBody"]
        for one in process["Steps"]
        for action in one["Actions"]
    ]
    return scripts, {one["Name"]: one["Value"] for one in variables["Variables"]}


async def test_release_takes_everything_from_the_default_branch(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    release = await _release(client)
    head = repository.head()
    assert release["Version"] == "0.0.1"
    assert release["VersionControlReference"] == {
        "GitRef": "refs/heads/main",
        "GitCommit": head,
        "VariablesGitCommit": head,
    }
    assert await _frozen(client, release) == (["echo hello"], {"Url": "https://shop.example", "Password": None})


async def test_commit_from_outside_is_in_the_next_release_and_in_no_earlier_one(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    first = await _release(client)
    repository.write({PROCESS: repository.read(PROCESS).replace("echo hello", "echo hi")})
    second = await _release(client)
    assert (await _frozen(client, second))[0] == ["echo hi"]
    assert (await _frozen(client, first))[0] == ["echo hello"]


async def test_release_is_made_from_a_branch_and_from_a_commit_of_it(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    repository.git("branch", "feature/hi", "main")
    commit = repository.write(
        {PROCESS: repository.read(PROCESS).replace("echo hello", "echo hi")}, ref="feature/hi", message="Hi"
    )
    repository.write({PROCESS: ""}, ref="feature/hi", message="Nothing")
    tip = await _release(client, gitRef="feature/hi")
    assert (await _frozen(client, tip))[0] == []
    pinned = await _release(client, gitRef="refs/heads/feature/hi", gitCommit=commit[:10])
    assert (await _frozen(client, pinned))[0] == ["echo hi"]
    assert pinned["VersionControlReference"]["GitRef"] == "refs/heads/feature/hi"
    assert pinned["VersionControlReference"]["GitCommit"] == commit
    alone = await _release(client, gitCommit=commit)
    assert alone["VersionControlReference"]["GitRef"] is None


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"gitRef": "nowhere"}, "no branch, tag or commit 'nowhere'"),
        ({"gitCommit": "abc"}, "no commit 'abc'"),
        ({"gitRef": "main", "gitCommit": "{other}"}, "not in the history"),
        ({"gitResources": ["Say hello:main"]}, "'Say hello'"),
        ({"gitResources": ["main"]}, "cannot be read"),
    ],
)
async def test_source_that_is_not_there_is_refused(
    client: httpx.AsyncClient, path: str, repository: Repository, wish: dict[str, Any], sentence: str
) -> None:
    other = repository.write({"x": "y"}, ref="side")
    wish = {name: text.replace("{other}", other) if isinstance(text, str) else text for name, text in wish.items()}
    answer = await client.post(f"{SPACE}/releases/create/v1", json={"projectName": "Web Shop", **wish})
    assert answer.status_code == 400, answer.text
    assert sentence in answer.json()["Errors"][0]


async def test_settings_of_the_commit_give_the_version(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    repository.write({SETTINGS: 'versioning_strategy {\n    template = "7.0.#{Octopus.Version.NextPatch}"\n}'})
    assert (await _release(client))["Version"] == "7.0.1"
    template = (await client.get(f"{path}/main/deploymentprocesses/template")).json()
    assert template["NextVersionIncrement"] == "7.0.2"
    raw = await client.get(f"{path}/refs/heads/main/deploymentprocesses/template?channel=Channels-1")
    assert {**raw.json(), "Links": None} == {**template, "Links": None}


async def test_step_with_a_repository_takes_the_chosen_branch(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    process = (await client.get(f"{path}/main/deploymentprocesses")).json()
    dependency = {"Name": "", "RepositoryUri": "https://example.test/x", "DefaultBranch": "trunk"}
    process["Steps"][0]["Actions"][0]["GitDependencies"] = [{**dependency, "GitCredentialType": "Anonymous"}]
    assert (await client.put(f"{path}/main/deploymentprocesses", json=process)).status_code == 200
    chosen = await _release(client, gitResources=["Say hello:refs/heads/rel"])
    default = await _release(client)
    refs = [one["SelectedGitResources"][0]["GitReferenceResource"]["GitRef"] for one in (chosen, default)]
    assert refs == ["refs/heads/rel", "trunk"]
    [asked] = (await client.get(f"{path}/main/deploymentprocesses/template")).json()["GitResources"]
    told = (asked["ActionName"], asked["DefaultBranch"], asked["GitResourceSelectedLastRelease"]["GitRef"])
    assert told == ("Say hello", "trunk", "trunk")


async def test_channel_takes_releases_from_its_branches_only(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    repository.git("branch", "side", "main")
    channel = (await client.get(f"{SPACE}/channels/Channels-1")).json()
    await client.put(channel["Links"]["Self"], json={**channel, "GitReferenceRules": ["main", "release/*"]})
    wanted = {"projectName": "Web Shop", "gitRef": "refs/heads/side"}

    refused = await client.post(f"{SPACE}/releases/create/v1", json=wanted)
    passed = await client.post(f"{SPACE}/releases/create/v1", json={**wanted, "ignoreChannelRules": True})
    taken = await _release(client)

    assert refused.status_code == 400
    assert "'refs/heads/side' is not allowed in the channel 'Default'" in refused.json()["ErrorMessage"]
    assert passed.status_code == 201
    assert taken["VersionControlReference"]["GitRef"] == "refs/heads/main"


async def test_variables_are_taken_anew_from_the_tip_of_the_branch(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    release = await _release(client)
    made_from = repository.head()
    tip = repository.write({VARIABLES: 'variable "Url" {\n    value "https://new.example" {}\n}'})
    [row] = (await client.get(release["Links"]["VariableDifference"])).json()["Differences"]
    assert (row["Name"], row["Before"], row["After"]) == ("Url", "https://shop.example", "https://new.example")
    answer = await client.post(f"{SPACE}/releases/{release['Id']}/snapshot-variables")
    assert answer.status_code == 200, answer.text
    assert answer.json()["VersionControlReference"] == {
        "GitRef": "refs/heads/main",
        "GitCommit": made_from,
        "VariablesGitCommit": tip,
    }
    assert await _frozen(client, answer.json()) == (["echo hello"], {"Url": "https://new.example", "Password": None})


async def test_variables_of_a_branch_that_is_gone_cannot_be_taken(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    repository.git("branch", "side", "main")
    release = await _release(client, gitRef="side")
    repository.git("branch", "-D", "side")
    answer = await client.post(f"{SPACE}/releases/{release['Id']}/snapshot-variables")
    difference = await client.get(f"{SPACE}/releases/{release['Id']}/variables/difference")
    assert answer.status_code == difference.status_code == 400
    assert "refs/heads/side" in answer.json()["ErrorMessage"]


async def test_release_from_before_the_conversion_keeps_its_variables(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    await change_variables(client, project, {"Name": "Url", "Value": "https://shop.example"})
    release = await _release(client)
    assert (await convert(client, project, repository)).status_code == 200
    anew = (await client.post(f"{SPACE}/releases/{release['Id']}/snapshot-variables")).json()
    assert (await _frozen(client, anew))[1] == {"Url": "https://shop.example"}


async def test_release_by_its_document_says_the_reference(
    client: httpx.AsyncClient, path: str, project: Any, repository: Repository
) -> None:
    repository.git("tag", "v1", "main")
    body = {"ProjectId": project["Id"], "Version": "1.0.0", "VersionControlReference": {"GitRef": "v1"}}
    release = await create(client, "releases", **body)
    assert release["VersionControlReference"]["GitRef"] == "refs/tags/v1"
    assert (await client.delete(f"{SPACE}/releases/{release['Id']}")).status_code == 200


async def test_project_in_the_database_takes_no_reference(client: httpx.AsyncClient, project: Any) -> None:
    body = {"projectName": "Web Shop", "gitRef": "main"}
    answer = await client.post(f"{SPACE}/releases/create/v1", json=body)
    assert answer.status_code == 400
    assert "keeps its steps here" in answer.json()["Errors"][0]


async def test_release_from_git_is_deployed(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    environment = await create(client, "environments", Name="Test")
    policy = "connectivity_policy {\n    allow_deployments_to_no_targets = true\n}"
    repository.write({SETTINGS: 'default_guided_failure_mode = "On"\n\n' + policy})
    release = await _release(client)
    body = {"ReleaseId": release["Id"], "EnvironmentId": environment["Id"]}
    deployment = await create(client, "deployments", **body)
    assert deployment["UseGuidedFailure"] is True
    preview = await client.get(f"{SPACE}/releases/{release['Id']}/deployments/preview/{environment['Id']}")
    assert [one["ActionName"] for one in preview.json()["StepsToExecute"]] == ["Say hello"]
    template = (await client.get(f"{SPACE}/releases/{release['Id']}/deployments/template")).json()
    assert template["IsDeploymentProcessModified"] is False
