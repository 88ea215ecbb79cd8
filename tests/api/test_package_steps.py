"""Steps with packages, scripts and what scripts tell: over HTTP, run for real on the server's own worker."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from tests.api.conftest import SPACE, create
from tests.api.packages import push
from tests.api.test_deployments import Shop, script, shop
from tests.git_server import PASSWORD, USERNAME, Repository

__all__ = ["shop"]

FEED = "feeds-builtin"


def packed(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def reference(name: str, package_id: str, location: str = "Server", **properties: str) -> dict[str, Any]:
    known = {"Name": name, "PackageId": package_id, "FeedId": FEED, "Properties": properties}
    return {**known, "AcquisitionLocation": location}


async def ran(shop: Shop, *steps: dict[str, Any], **release: Any) -> tuple[Any, list[str]]:
    """The task of a deployment of these steps, and the lines of its log."""
    await shop.process(*steps)
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", **release}
    answer = await shop.client.post(f"{SPACE}/releases/create/v1", json=body)
    assert answer.is_success, answer.text
    task = await shop.ended(await shop.deploy())
    return task, await shop.lines(task["Id"])


# -- packages of scripts

REFERENCES = """\
cat tools/readme.txt
ls raw.zip
echo "tools in $(basename "$(get_octopusvariable "Octopus.Action.Package[tools].ExtractedPath")")"
echo "raw is $(get_octopusvariable "Octopus.Action.Package[raw].PackageFileName")"
echo "version $(get_octopusvariable "Octopus.Action.Package[tools].PackageVersion")"
test -f "$(get_octopusvariable "Octopus.Action.Package[raw].PackageFilePath")" && echo "the file is there"
echo "image $(get_octopusvariable "Octopus.Action.Package[image].Image")"
"""


async def test_packages_that_a_script_refers_to_lie_beside_it(shop: Shop) -> None:
    await push(shop.client, "Acme.Tools.1.2.0.zip", packed({"readme.txt": "from the package\n"}))
    await push(shop.client, "Acme.Raw.2.0.0.zip")
    packages = [
        reference("tools", "Acme.Tools", Extract="True"),
        reference("raw", "Acme.Raw", "ExecutionTarget", Extract="False"),
        reference("image", "Acme.Raw", "NotAcquired"),
    ]
    task, lines = await ran(shop, script("Use", REFERENCES, Packages=packages))
    assert task["State"] == "Success", lines
    wanted = ["from the package", "raw.zip", "tools in tools", "raw is raw.zip", "version 1.2.0", "the file is there"]
    assert [line for line in lines if line in wanted] == wanted
    downloading = "The built-in worker was to download Acme.Raw 2.0.0 itself."
    assert f"{downloading} Polpo cannot do that yet: the server sends it." in lines
    assert "image Acme.Raw:2.0.0" in lines


async def test_script_of_a_package_runs_with_its_parameters(shop: Shop) -> None:
    await push(
        shop.client, "Acme.Scripts.1.0.0.zip", packed({"sub/run.sh": 'echo "$1 in #{Octopus.Environment.Name}"'})
    )
    step = script("Run", "", Packages=[reference("", "Acme.Scripts")])
    step["Actions"][0]["Properties"] |= {
        "Octopus.Action.Script.ScriptSource": "Package",
        "Octopus.Action.Script.ScriptFileName": "sub/run.sh",
        "Octopus.Action.Script.ScriptParameters": '"hello #{Octopus.Project.Name}"',
        "Octopus.Action.Package.PackageId": "Acme.Scripts",
        "Octopus.Action.Package.FeedId": FEED,
    }
    task, lines = await ran(shop, step)
    assert task["State"] == "Success", lines
    assert "hello Web Shop in Dev" in lines


@pytest.mark.parametrize(
    ("module", "language", "syntax", "body"),
    [
        ('say_hello() { echo "Hello $1"; }', "Bash", "Bash", "source Mymodule.sh\nsay_hello Ann"),
        (
            'def say_hello(n):\n    print("Hello " + n)',
            "Python",
            "Python",
            "import Mymodule\nMymodule.say_hello('Ann')",
        ),
    ],
)
async def test_script_module_of_the_release_is_there(
    shop: Shop, module: str, language: str, syntax: str, body: str
) -> None:
    """It is frozen with the release: what is changed afterwards does not count."""
    made = (
        await shop.client.post(
            f"{SPACE}/libraryvariablesets", json={"Name": "My module", "ContentType": "ScriptModule"}
        )
    ).json()
    place = f"{SPACE}/variables/{made['VariableSetId']}"

    async def write(text: str) -> None:
        known = (await shop.client.get(place)).json()
        values = {"Octopus.Script.Module[My module]": text, "Octopus.Script.Module.Language[My module]": language}
        known["Variables"] = [{"Name": name, "Value": value} for name, value in values.items()]
        assert (await shop.client.put(place, json=known)).is_success

    await write(module)
    project = (await shop.client.get(f"{SPACE}/projects/Projects-1")).json()
    project["IncludedLibraryVariableSetIds"] = [made["Id"]]
    assert (await shop.client.put(f"{SPACE}/projects/Projects-1", json=project)).is_success
    step = script("Greet", body)
    step["Actions"][0]["Properties"]["Octopus.Action.Script.Syntax"] = syntax
    await shop.process(step)
    await shop.release()
    await write("exit 7")
    task = await shop.ended(await shop.deploy())
    lines = await shop.lines(task["Id"])
    assert task["State"] == "Success", lines
    assert "Hello Ann" in lines


# -- scripts that stand in Git


def git_script(name: str, repository: Repository, credential: str, file: str, **dependency: Any) -> dict[str, Any]:
    step = script(name, "")
    action = step["Actions"][0]
    action["Properties"] |= {
        "Octopus.Action.Script.ScriptSource": "GitRepository",
        "Octopus.Action.GitRepository.Source": "External",
        "Octopus.Action.Script.ScriptFileName": file,
        "Octopus.Action.Script.ScriptParameters": "one",
    }
    known = {"Name": "", "RepositoryUri": repository.url, "DefaultBranch": "main", "GitCredentialType": "Library"}
    action["GitDependencies"] = [{**known, "GitCredentialId": credential, **dependency}]
    return step


async def credential_of(shop: Shop) -> str:
    details = {"Type": "UsernamePassword", "Username": USERNAME, "Password": {"HasValue": True, "NewValue": PASSWORD}}
    made = await create(shop.client, "git-credentials", Name="Git", Details=details)
    return str(made["Id"])


async def test_script_of_a_repository_runs_at_the_chosen_commit_with_its_files(
    shop: Shop, repository: Repository
) -> None:
    body = 'echo "$1 in #{Octopus.Environment.Name}"; cat "$(dirname "$0")/data.txt"; ls'
    commit = repository.write({"deploy/run.sh": body, "deploy/data.txt": "of the first commit\n", "other/x.txt": "x"})
    step = git_script("Run", repository, await credential_of(shop), "deploy/run.sh", FilePathFilters=["deploy/**"])
    await shop.process(step)
    chosen = {"ActionName": "Run", "GitReferenceResource": {"GitRef": "main", "GitCommit": commit}}
    release = {"ProjectId": "Projects-1", "ChannelId": "Channels-1", "Version": "1.0.0"}
    answer = await shop.client.post(f"{SPACE}/releases", json={**release, "SelectedGitResources": [chosen]})
    assert answer.is_success, answer.text
    repository.write({"deploy/data.txt": "of a later commit\n"})
    task = await shop.ended(await shop.deploy())
    lines = await shop.lines(task["Id"])
    assert task["State"] == "Success", lines
    assert "one in Dev" in lines
    assert "of the first commit" in lines
    assert f"The script comes from {repository.url}, main, commit {commit[:10]}." in lines
    assert not [line for line in lines if PASSWORD in line or line == "other"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"DefaultBranch": "gone"}, "no branch, tag or commit 'gone'"),
        ({"GitCredentialId": "", "GitCredentialType": "Anonymous"}, "asks for a user name and a password"),
        ({"file": "missing.sh"}, 'There is no script "missing.sh" in the repository'),
    ],
)
async def test_script_that_cannot_be_had_from_a_repository_fails_with_the_reason(
    shop: Shop, repository: Repository, more: dict[str, str], sentence: str
) -> None:
    more = {"file": "README.md", **more}
    task, _ = await ran(shop, git_script("Run", repository, await credential_of(shop), **more))
    assert task["State"] == "Failed"
    assert sentence in task["ErrorMessage"]
