"""Projects move to Git: what is written, what stays, and what stands against it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.git_projects import change_process, change_variables, convert, step
from tests.git_server import PASSWORD, USERNAME, GitServer, Repository

from polpo.server.application import Server

FILES = ["deployment_process.ocl", "deployment_settings.ocl", "schema_version.ocl", "variables.ocl"]


async def test_conversion_writes_the_project_as_files_and_says_where(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    environment = await create(client, "environments", Name="Production")
    await change_process(client, project, step("Say hello", Environments=[environment["Id"]]))
    await change_variables(
        client,
        project,
        {"Name": "Url", "Value": "https://shop.example", "Scope": {"Environment": [environment["Id"]]}},
        {"Name": "Password", "Value": "hush", "Type": "Sensitive", "IsSensitive": True},
    )

    answer = await convert(client, project, repository)

    assert answer.status_code == 200, answer.text
    assert answer.json() == {"Messages": []}
    assert repository.files() == [*(f".octopus/web/{name}" for name in FILES), "README.md"]
    assert repository.messages() == ["Initial commit of deployment process", "Begin"]
    process = repository.read(".octopus/web/deployment_process.ocl")
    assert 'step "say-hello"' in process
    assert 'environments = ["production"]' in process
    variables = repository.read(".octopus/web/variables.ocl")
    assert 'value "https://shop.example"' in variables
    assert "hush" not in variables
    assert "Password" not in variables

    converted = (await client.get(f"{SPACE}/projects/{project['Id']}")).json()
    assert converted["IsVersionControlled"] is True
    assert converted["PersistenceSettings"] == {
        "Type": "VersionControlled",
        "Url": repository.url,
        "DefaultBranch": "main",
        "BasePath": ".octopus/web",
        "ProtectedDefaultBranch": False,
        "ProtectedBranchNamePatterns": [],
        "Credentials": {
            "Type": "UsernamePassword",
            "Username": "robot",
            "Password": {"HasValue": True, "NewValue": None, "Hint": None},
        },
        "ConversionState": {"VariablesAreInGit": True, "RunbooksAreInGit": True},
    }
    base = f"/api/Spaces-1/projects/{project['Id']}"
    assert converted["Links"]["DeploymentProcess"] == base + "/{gitRef}/deploymentprocesses"
    assert converted["Links"]["Branches"] == base + "/git/branches{/name}{?skip,take,searchByName,refresh}"
    assert "ConvertToVcs" not in converted["Links"]


async def test_author_of_the_commit_is_who_converted(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    await convert(client, project, repository)
    assert repository.git("log", "-1", "--format=%an", "main").strip() == "admin"


async def test_secrets_stay_in_the_database_scoped_by_the_slug_of_the_step(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    process = await change_process(client, project, step("Say hello"))
    action = process["Steps"][0]["Actions"][0]["Id"]
    await change_variables(
        client,
        project,
        {"Name": "Plain", "Value": "x"},
        {"Name": "Password", "Value": "hush", "Type": "Sensitive", "Scope": {"Action": [action]}},
    )

    await convert(client, project, repository)

    kept = (await client.get(f"{SPACE}/variables/{project['VariableSetId']}")).json()["Variables"]
    assert [(one["Name"], one["Scope"]) for one in kept] == [("Password", {"Action": ["say-hello"]})]


async def test_protected_default_branch_is_left_alone(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    answer = await convert(client, project, repository, branch="octopus-vcs-conversion", ProtectedDefaultBranch=True)
    assert answer.status_code == 200, answer.text
    assert repository.files("main") == ["README.md"]
    assert ".octopus/web/deployment_process.ocl" in repository.files("octopus-vcs-conversion")


async def test_empty_repository_gets_its_first_branch(client: httpx.AsyncClient, project: Any, git: GitServer) -> None:
    repository = git.create("empty", empty=True)
    assert (await convert(client, project, repository, DefaultBranch="trunk")).status_code == 200
    assert repository.files("trunk") == [f".octopus/web/{name}" for name in FILES]


async def test_public_repository_needs_no_password_to_be_read(
    client: httpx.AsyncClient, project: Any, git: GitServer
) -> None:
    repository = git.create("public")
    assert (await convert(client, project, repository, Credentials={"Type": "Anonymous"})).status_code == 200


async def test_new_project_takes_over_the_files_that_are_there(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    repository.write({".octopus/web/deployment_process.ocl": ""}, message="Prepare")
    answer = await convert(client, project, repository)
    assert answer.status_code == 200, answer.text
    assert ".octopus/web" in answer.json()["Messages"][0]
    assert repository.messages()[0] == "Prepare"


async def test_project_with_steps_overwrites_no_other_project(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    repository.write({".octopus/web/deployment_process.ocl": ""})
    await change_process(client, project, step("Say hello"))
    answer = await convert(client, project, repository)
    assert answer.status_code == 400
    assert "choose another BasePath" in answer.json()["ErrorMessage"]


async def test_second_conversion_is_refused(client: httpx.AsyncClient, project: Any, repository: Repository) -> None:
    await convert(client, project, repository)
    answer = await convert(client, project, repository)
    assert answer.status_code == 400
    assert answer.json()["Errors"] == ["The project 'Web Shop' is in Git already."]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"Url": ""}, "must be an http:// or https:// address"),
        ({"Url": "file:///etc"}, "must be an http:// or https:// address"),
        ({"Url": "/etc"}, "must be an http:// or https:// address"),
        ({"Url": "ssh://git@example.test/x"}, "must be an http:// or https:// address"),
        ({"Url": "https://a:b@example.test/x"}, "must not hold a user name or a password"),
        ({"Url": "http://127.0.0.1:9/x.git"}, "Connection refused"),
        ({"Url": "http://exa mple.test/x"}, "must be an http:// or https:// address"),
        ({"BasePath": "../elsewhere"}, "BasePath must be a folder"),
        ({"BasePath": ".git/hooks"}, "BasePath must be a folder"),
        ({"DefaultBranch": "trunk"}, "no branch 'trunk'"),
        ({"Credentials": {"Type": "Anonymous"}}, "asks for a user name and a password"),
        ({"Credentials": {"Type": "UsernamePassword", "Username": "robot"}}, "was not accepted"),
        (
            {"Credentials": {"Type": "UsernamePassword", "Username": "x", "Password": {"NewValue": "y"}}},
            "was not accepted",
        ),
        ({"Credentials": {"Type": "Reference", "Id": "GitCredentials-99"}}, "which does not exist"),
        ({"Credentials": {"Type": "GitHub", "Id": "x"}}, "GitHub App"),
        ({"Credentials": {"Type": "Smoke"}}, "Smoke"),
    ],
)
async def test_wrong_settings_are_told_and_nothing_is_changed(
    client: httpx.AsyncClient, project: Any, repository: Repository, settings: dict[str, Any], sentence: str
) -> None:
    answer = await convert(client, project, repository, **settings)
    assert answer.status_code == 400, answer.text
    assert sentence in answer.json()["ErrorMessage"]
    assert (await client.get(f"{SPACE}/projects/{project['Id']}")).json()["IsVersionControlled"] is False
    assert repository.files() == ["README.md"]


async def test_repository_that_is_not_there_is_told(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    answer = await convert(client, project, repository, Url=repository.url.replace(".git", "-other.git"))
    assert answer.status_code == 400
    assert "no repository at this address" in answer.json()["ErrorMessage"]


async def test_secret_in_a_step_stands_against_the_conversion(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    secret = step("Say hello")
    secret["Actions"][0]["Properties"]["Token"] = {"HasValue": True, "NewValue": "hush"}
    await change_process(client, project, secret)
    answer = await convert(client, project, repository)
    assert answer.status_code == 400
    report = (await client.get(f"{SPACE}/projects/{project['Id']}/git/compatibility-report")).json()
    assert report["Errors"] == answer.json()["Errors"]
    assert "hush" not in answer.text


async def test_password_goes_to_the_host_that_it_was_entered_for(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    await convert(client, project, repository)
    path = f"{SPACE}/projects/{project['Id']}"
    found = (await client.get(path)).json()
    settings = found["PersistenceSettings"]
    elsewhere = repository.url.replace("127.0.0.1", "localhost")

    refused = await client.put(path, json={**found, "PersistenceSettings": {**settings, "Url": elsewhere}})

    assert refused.status_code == 400
    assert "another host than the password was entered for" in refused.json()["ErrorMessage"]
    entered = {**settings["Credentials"], "Password": {"HasValue": True, "NewValue": "new"}}
    told = {**settings, "Url": elsewhere, "Credentials": entered}
    assert (await client.put(path, json={**found, "PersistenceSettings": told})).status_code == 200


async def test_project_says_a_new_address_and_keeps_its_folder_and_password(
    client: httpx.AsyncClient, project: Any, repository: Repository, git: GitServer
) -> None:
    await convert(client, project, repository)
    moved = git.create("moved")
    path = f"{SPACE}/projects/{project['Id']}"
    found = (await client.get(path)).json()
    found["PersistenceSettings"] |= {
        "Url": moved.url,
        "BasePath": "elsewhere",
        "ProtectedBranchNamePatterns": ["rel-*"],
    }

    changed = (await client.put(path, json=found)).json()["PersistenceSettings"]

    assert (changed["Url"], changed["BasePath"]) == (moved.url, ".octopus/web")
    moved.write({"x": "y"}, ref="rel-1")
    branches = (await client.get(f"{path}/git/branches")).json()["Items"]
    assert [(one["Name"], one["IsProtected"]) for one in branches] == [("main", False), ("rel-1", True)]


async def test_client_that_knows_no_git_leaves_the_project_there(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    await convert(client, project, repository)
    path = f"{SPACE}/projects/{project['Id']}"
    found = (await client.get(path)).json()
    del found["PersistenceSettings"]
    changed = (await client.put(path, json={**found, "Description": "New"})).json()
    assert changed["PersistenceSettings"]["Type"] == "VersionControlled"
    assert (await client.get(f"{path}/git/branches")).status_code == 200


async def test_project_in_git_is_no_source_of_clones(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    await convert(client, project, repository)
    answer = await client.post(f"{SPACE}/projects?clone={project['Id']}", json={"Name": "Copy"})
    assert answer.status_code == 400
    assert "is in Git" in answer.json()["Errors"][0]


async def test_project_that_is_gone_leaves_the_repository_alone(
    client: httpx.AsyncClient, project: Any, repository: Repository, server: Server
) -> None:
    await convert(client, project, repository)
    mirror = server.settings.data / "git" / project["Id"]
    assert mirror.is_dir()
    assert (await client.delete(f"{SPACE}/projects/{project['Id']}")).status_code == 200
    await create(client, "environments", Name="Test")  # what the deletion leaves to do has begun by then
    await server.close()
    assert not mirror.exists()
    assert ".octopus/web/variables.ocl" in repository.files()


async def test_shared_credential_signs_in_where_it_may(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    password = {"HasValue": True, "NewValue": PASSWORD}
    details = {"Type": "UsernamePassword", "Username": USERNAME, "Password": password}
    bounds = {"Enabled": True, "AllowedRepositories": ["https://elsewhere.test/*"]}
    credential = await create(client, "git-credentials", Name="Robot", Details=details, RepositoryRestrictions=bounds)
    reference = {"Type": "Reference", "Id": credential["Id"]}
    refused = await convert(client, project, repository, Credentials=reference)
    assert refused.status_code == 400
    assert "may not be used for the repository" in refused.json()["ErrorMessage"]

    path = f"{SPACE}/git-credentials/{credential['Id']}"
    await client.put(path, json={**credential, "RepositoryRestrictions": {"Enabled": False}})
    assert (await convert(client, project, repository, Credentials=reference)).status_code == 200
    found = (await client.get(f"{SPACE}/projects/{project['Id']}")).json()
    assert found["PersistenceSettings"]["Credentials"] == reference
    assert (await client.get(f"{SPACE}/projects/{project['Id']}/git/branches")).json()["TotalResults"] == 1
    in_use = await client.delete(path)
    assert in_use.status_code == 409
    assert "Web Shop" in in_use.json()["ErrorMessage"]


async def test_address_that_cannot_be_is_not_taken(
    client: httpx.AsyncClient, project: Any, repository: Repository
) -> None:
    await convert(client, project, repository)
    path = f"{SPACE}/projects/{project['Id']}"
    found = (await client.get(path)).json()
    found["PersistenceSettings"]["Url"] = "file:///etc"
    answer = await client.put(path, json=found)
    assert answer.status_code == 400
    assert "Url must be" in answer.json()["Errors"][0]
