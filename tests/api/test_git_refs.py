"""A project on its branches: what is read there, and what a change becomes in the repository."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.git_projects import change_process, change_variables, convert, step
from tests.git_server import GitServer, Repository

MAIN = "refs%2Fheads%2Fmain"
PROCESS = ".octopus/web/deployment_process.ocl"


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


def _names(process: Any) -> list[str]:
    return [one["Name"] for one in process["Steps"]]


@pytest.mark.parametrize(
    "written",
    ["main", "refs%2Fheads%2Fmain", "refs/heads/main", "{commit}", "{short}", "v1", "refs/tags/v1", "refs%2Ftags%2Fv1"],
)
async def test_process_is_read_at_any_reference(
    client: httpx.AsyncClient, path: str, repository: Repository, written: str
) -> None:
    repository.git("tag", "v1", "main")
    head = repository.head()
    ref = written.format(commit=head, short=head[:8])
    answer = await client.get(f"{path}/{ref}/deploymentprocesses?refresh=true")
    assert answer.status_code == 200, answer.text
    process = answer.json()
    assert _names(process) == ["Say hello"]
    assert process["Steps"][0]["Actions"][0]["Properties"]["Octopus.Action.Script.ScriptBody"] == "echo hello"
    assert process["Steps"][0]["Id"] == "say-hello"
    assert (await client.get(process["Links"]["Self"])).json() == process


async def test_branch_with_slashes_is_read_in_both_spellings(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    repository.git("branch", "feature/variables/x", "main")
    spellings = ("feature%2Fvariables%2Fx", "refs/heads/feature/variables/x", "refs%2Fheads%2Ffeature%2Fvariables%2Fx")
    for ref in spellings:
        answer = await client.get(f"{path}/{ref}/variables?refresh=true")
        assert answer.status_code == 200, answer.text
        assert [one["Name"] for one in answer.json()["Variables"]] == ["Url"]


async def test_change_of_the_process_becomes_a_commit(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    process = (await client.get(f"{path}/{MAIN}/deploymentprocesses")).json()
    process["Steps"].append(step("Say goodbye", "echo goodbye"))
    process["ChangeDescription"] = "Say goodbye as well"

    answer = await client.put(process["Links"]["Self"], json=process)

    assert answer.status_code == 200, answer.text
    assert _names(answer.json()) == ["Say hello", "Say goodbye"]
    assert answer.json()["Version"] != process["Version"]
    assert repository.messages()[0] == "Say goodbye as well"
    assert 'step "say-goodbye"' in repository.read(PROCESS)
    assert _names((await client.get(process["Links"]["Self"])).json()) == ["Say hello", "Say goodbye"]


async def test_writing_what_was_read_commits_nothing(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    head = repository.head()
    for part in ("deploymentprocesses", "deploymentsettings", "variables"):
        found = (await client.get(f"{path}/main/{part}")).json()
        answer = await client.put(f"{path}/main/{part}", json=found)
        assert answer.json() == found
    assert repository.head() == head


async def test_commit_from_outside_is_seen_and_not_overwritten(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    stale = (await client.get(f"{path}/main/deploymentprocesses")).json()
    repository.write({PROCESS: repository.read(PROCESS).replace("echo hello", "echo hi")})

    refused = await client.put(f"{path}/main/deploymentprocesses", json=stale)

    assert refused.status_code == 409
    assert "changed in the meantime" in refused.json()["ErrorMessage"]
    found = (await client.get(f"{path}/main/deploymentprocesses?refresh=true")).json()
    assert found["Steps"][0]["Actions"][0]["Properties"]["Octopus.Action.Script.ScriptBody"] == "echo hi"


async def test_change_that_the_repository_rejects_is_a_conflict(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    hook = repository.bare / "hooks" / "update"
    hook.write_text('#!/bin/sh\necho "main is protected"\nexit 1\n')
    hook.chmod(0o755)
    found = (await client.get(f"{path}/main/deploymentsettings")).json()
    answer = await client.put(f"{path}/main/deploymentsettings", json={**found, "ForcePackageDownload": True})
    assert answer.status_code == 409
    assert "did not take the change" in answer.json()["ErrorMessage"]
    assert (await client.get(f"{path}/main/deploymentsettings")).json()["ForcePackageDownload"] is False


async def test_settings_are_changed_on_their_branch_only(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    repository.git("branch", "quiet", "main")
    found = (await client.get(f"{path}/quiet/deploymentsettings?refresh=true")).json()
    assert found["VersioningStrategy"]["Template"].startswith("#{Octopus.Version.LastMajor}")
    answer = await client.put(found["Links"]["Self"], json={**found, "DefaultGuidedFailureMode": "On"})
    assert answer.json()["DefaultGuidedFailureMode"] == "On"
    assert repository.messages("quiet")[0] == "Update deployment settings"
    main = (await client.get(f"{path}/main/deploymentsettings")).json()
    assert main["DefaultGuidedFailureMode"] == "EnvironmentDefault"


async def test_variables_are_written_and_secrets_kept_out_of_git(
    client: httpx.AsyncClient, path: str, repository: Repository, project: Any
) -> None:
    environment = await create(client, "environments", Name="Production")
    found = (await client.get(f"{path}/main/variables")).json()
    assert [one["Name"] for one in found["Variables"]] == ["Url"]
    assert found["ScopeValues"]["Actions"] == [{"Id": "say-hello", "Name": "Say hello"}]
    found["Variables"] += [
        {"Name": "Size", "Value": "2", "Scope": {"Environment": [environment["Id"]], "Action": ["say-hello"]}},
        {"Name": "Token", "Value": "hush-hush", "Type": "Sensitive", "IsSensitive": True},
    ]

    answer = await client.put(f"{path}/main/variables", json=found)

    assert answer.status_code == 200, answer.text
    assert [(one["Name"], one["Value"]) for one in answer.json()["Variables"]] == [
        ("Url", "https://shop.example"),
        ("Size", "2"),
    ]
    text = repository.read(".octopus/web/variables.ocl")
    assert 'environment = ["production"]' in text
    assert "hush-hush" not in text
    assert "Token" not in text
    told = (
        await client.get(f"{path}/main/variables/explanation?name=size&environment=Production&action=Say%20hello")
    ).json()
    assert (told["Value"], [one["Outcome"] for one in told["Considered"]]) == ("2", ["Won"])
    preview = (await client.get(f"{path}/main/variables/preview")).json()["Variables"]
    assert {one["Name"]: one["Value"] for one in preview} == {
        "Url": "https://shop.example",
        "Password": None,
        "Token": None,
    }
    secrets = (await client.get(f"{SPACE}/variables/{project['VariableSetId']}")).json()["Variables"]
    assert [(one["Name"], one["Value"], one["IsSensitive"]) for one in secrets] == [
        ("Password", None, True),
        ("Token", None, True),
    ]


async def test_variable_keeps_its_id_from_reading_to_reading(client: httpx.AsyncClient, path: str) -> None:
    first = (await client.get(f"{path}/main/variables")).json()["Variables"]
    assert (await client.get(f"{path}/main/variables?refresh=true")).json()["Variables"] == first


async def test_secrets_are_changed_where_the_secrets_are(client: httpx.AsyncClient, path: str, project: Any) -> None:
    where = f"{SPACE}/variables/{project['VariableSetId']}"
    found = (await client.get(where)).json()
    found["Variables"].append({"Name": "Token", "Value": "x", "Type": "Sensitive"})
    assert (await client.put(where, json=found)).status_code == 200
    found = (await client.get(where)).json()
    found["Variables"].append({"Name": "Plain", "Value": "x"})
    refused = await client.put(where, json=found)
    assert refused.status_code == 400
    assert "{gitRef}/variables" in refused.json()["ErrorMessage"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("step {", "Expected '}'"),
        ('step "a" { }', "has no action"),
        ('step "a" {\n action {\n action_type = "Octopus.Script"\n environments = ["nowhere"]\n} }', "'nowhere'"),
        ('step "a" {\n action {\n action_type = "Octopus.Script"\n condition = "Perhaps"\n} }', "'condition' must be"),
        ('step "a" {\n action {\n properties = { a = 1 \n} } }', "ActionType of 'a' is missing"),
    ],
)
async def test_file_that_cannot_be_used_is_told_and_mended(
    client: httpx.AsyncClient, path: str, repository: Repository, text: str, sentence: str
) -> None:
    process = (await client.get(f"{path}/main/deploymentprocesses")).json()
    repository.write({PROCESS: text})
    answer = await client.get(f"{path}/main/deploymentprocesses?refresh=true")
    assert answer.status_code == 400
    assert sentence in answer.json()["ErrorMessage"]
    assert "deployment_process.ocl" in answer.json()["Errors"][0]
    repository.write({PROCESS: ""})
    empty = (await client.get(f"{path}/main/deploymentprocesses?refresh=true")).json()
    mended = await client.put(f"{path}/main/deploymentprocesses", json={**process, "Version": empty["Version"]})
    assert mended.status_code == 200, mended.text


async def test_change_that_could_not_be_read_again_is_refused(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    head = repository.head()
    process = (await client.get(f"{path}/main/deploymentprocesses")).json()
    process["Steps"][0]["Actions"][0]["Environments"] = ["Environments-99"]
    answer = await client.put(f"{path}/main/deploymentprocesses", json=process)
    assert answer.status_code == 400
    assert "Environments-99" in answer.json()["Errors"][0]
    assert repository.head() == head


@pytest.mark.parametrize(
    "ref", ["nowhere", "refs%2Fheads%2Fnowhere", "main~1", "deadbeef", "..", "HEAD", "refs/heads/a%00"]
)
async def test_unknown_reference_is_not_found(client: httpx.AsyncClient, path: str, ref: str) -> None:
    answer = await client.get(f"{path}/{ref}/deploymentprocesses")
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("ref", ["v1", "{commit}"])
async def test_only_branches_can_be_changed(
    client: httpx.AsyncClient, path: str, repository: Repository, ref: str
) -> None:
    repository.git("tag", "v1", "main")
    ref = ref.format(commit=repository.head())
    found = (await client.get(f"{path}/{ref}/deploymentsettings?refresh=true")).json()
    answer = await client.put(f"{path}/{ref}/deploymentsettings", json=found)
    assert answer.status_code == 400
    assert "only branches can be changed" in answer.json()["ErrorMessage"]


async def test_branch_without_the_project_says_so(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    first = repository.git("rev-list", "--max-parents=0", "main").strip()
    repository.git("branch", "old", first)
    answer = await client.get(f"{path}/old/variables?refresh=true")
    assert answer.status_code == 400
    assert ".octopus/web" in answer.json()["ErrorMessage"]


async def test_routes_of_the_database_name_the_routes_of_git(
    client: httpx.AsyncClient, path: str, project: Any
) -> None:
    process = f"{SPACE}/deploymentprocesses/{project['DeploymentProcessId']}"
    body = {"Steps": [], "Version": 1, "ProjectId": project["Id"]}
    answers = [
        await client.get(process),
        await client.put(process, json=body),
        await client.get(f"{path}/deploymentprocesses"),
        await client.put(f"{path}/deploymentprocesses", json=body),
        await client.get(f"{path}/deploymentsettings"),
        await client.put(f"{path}/deploymentsettings", json={}),
        await client.get(f"{path}/deploymentprocesses/template"),
    ]
    assert [one.status_code for one in answers] == [400] * len(answers)
    assert all(f"/projects/{project['Id']}/{{gitRef}}/deployment" in one.json()["ErrorMessage"] for one in answers)


async def test_project_in_the_database_knows_no_references(client: httpx.AsyncClient, project: Any) -> None:
    base = f"{SPACE}/projects/{project['Id']}/main"
    for part in ("deploymentprocesses", "deploymentsettings", "variables"):
        for answer in (await client.get(f"{base}/{part}"), await client.put(f"{base}/{part}", json={"Version": 1})):
            assert answer.status_code == 400
            assert "is not in Git" in answer.json()["Errors"][0]


async def test_two_projects_share_a_repository(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    other = await create(client, "projects", Name="Other", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1")
    assert (await convert(client, other, repository, BasePath="/.octopus/other/")).status_code == 200
    empty = (await client.get(f"{SPACE}/projects/{other['Id']}/main/deploymentprocesses")).json()
    assert empty["Steps"] == []
    assert _names((await client.get(f"{path}/main/deploymentprocesses?refresh=true")).json()) == ["Say hello"]


async def test_project_follows_its_repository_to_another_address(
    client: httpx.AsyncClient, path: str, repository: Repository, git: GitServer
) -> None:
    moved = repository.bare.with_name(f"new-{repository.bare.name}")
    repository.bare.rename(moved)
    found = (await client.get(path)).json()
    found["PersistenceSettings"]["Url"] = repository.url.replace(repository.bare.name, moved.name)
    assert (await client.put(path, json=found)).status_code == 200
    assert _names((await client.get(f"{path}/main/deploymentprocesses")).json()) == ["Say hello"]
