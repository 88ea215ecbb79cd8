"""Branches, tags and commits of a project's repository."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE
from tests.api.git_projects import convert
from tests.git_server import Repository


@pytest.fixture
async def path(client: httpx.AsyncClient, project: Any, repository: Repository) -> str:
    """The address of a project in Git."""
    answer = await convert(client, project, repository)
    assert answer.status_code == 200, answer.text
    return f"{SPACE}/projects/{project['Id']}"


async def test_branches_are_listed_by_name(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    repository.git("branch", "feature/login", "main")
    repository.git("branch", "feature/pay", "main")
    found = (await client.get(f"{path}/git/branches?refresh=true&take=2")).json()
    assert found["ItemType"] == "GitBranch"
    assert found["TotalResults"] == 3
    assert [one["CanonicalName"] for one in found["Items"]] == ["refs/heads/feature/login", "refs/heads/feature/pay"]
    searched = (await client.get(f"{path}/git/branches?searchByName=LOGIN&take=1")).json()
    assert [one["Name"] for one in searched["Items"]] == ["feature/login"]


async def test_branch_is_found_by_name_and_names_its_parts(
    client: httpx.AsyncClient, path: str, repository: Repository
) -> None:
    repository.git("branch", "feature/login", "main")
    branch = (await client.get(f"{path}/git/branches/feature%2Flogin?refresh=true")).json()
    assert branch["Name"] == "feature/login"
    assert branch["IsProtected"] is False
    assert branch["LastModifiedBy"] == "admin"
    assert branch["Links"]["DeploymentProcess"] == f"{path}/refs%2Fheads%2Ffeature%2Flogin/deploymentprocesses"
    assert (await client.get(branch["Links"]["Self"])).json() == branch


async def test_branch_is_made_from_another(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    body = {"BaseGitRef": "main", "NewBranchName": "x"}
    answer = await client.post(f"{path}/git/branches/v2", json=body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["Name"], answer.json()["CanonicalName"]) == ("x", "refs/heads/x")
    assert repository.head("x") == repository.head("main")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"BaseGitRef": "main"}, "NewBranchName is missing."),
        ({"BaseGitRef": "main", "NewBranchName": "a b"}, "NewBranchName must be"),
        ({"BaseGitRef": "main", "NewBranchName": "a..b"}, "NewBranchName must be"),
        ({"BaseGitRef": "main", "NewBranchName": "-x"}, "NewBranchName must be"),
        ({"BaseGitRef": "main", "NewBranchName": "main"}, "has a branch 'main' already"),
        ({"BaseGitRef": "nowhere", "NewBranchName": "x"}, "BaseGitRef names 'nowhere'"),
    ],
)
async def test_branch_that_cannot_be_is_refused(
    client: httpx.AsyncClient, path: str, body: dict[str, str], sentence: str
) -> None:
    answer = await client.post(f"{path}/git/branches/v2", json=body)
    assert answer.status_code == 400
    assert sentence in answer.json()["Errors"][0]


async def test_tags_and_commits_are_told(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    repository.git("tag", "v1", "main")
    [tag] = (await client.get(f"{path}/git/tags?refresh=true")).json()["Items"]
    assert (tag["Name"], tag["CanonicalName"]) == ("v1", "refs/tags/v1")
    assert (await client.get(tag["Links"]["Self"])).json() == tag
    commits = (await client.get(f"{path}/git/commits?take=1")).json()
    assert commits["TotalResults"] == 2
    assert commits["Items"][0]["Name"] == repository.head()
    commit = (await client.get(f"{path}/git/commits/{repository.head()}")).json()
    assert commit == commits["Items"][0]


@pytest.mark.parametrize("tail", ["branches/x", "tags/x", "commits/abcdef1", "commits/main", "branches/a~b"])
async def test_what_the_repository_has_not_is_not_found(client: httpx.AsyncClient, path: str, tail: str) -> None:
    answer = await client.get(f"{path}/git/{tail}")
    assert answer.status_code == 404
    assert "Errors" not in answer.json()


async def test_repository_that_is_gone_is_told(client: httpx.AsyncClient, path: str, repository: Repository) -> None:
    repository.bare.rename(repository.bare.with_suffix(".away"))
    answer = await client.get(f"{path}/git/branches?refresh=true")
    assert answer.status_code == 400
    assert "no repository at this address" in answer.json()["Errors"][0]


async def test_project_in_the_database_has_no_branches(client: httpx.AsyncClient, project: Any) -> None:
    answer = await client.get(f"{SPACE}/projects/{project['Id']}/git/branches")
    assert answer.status_code == 400
    assert "is not in Git" in answer.json()["Errors"][0]
