"""Deployments to machines that are reached by SSH, by a real server over a real sshd."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import story
from run import Demo
from scripts import COUNTING, lines_of, make_script_project, marks
from test_durability import until
from test_packages import deployed, make_project

from openssh import Sshd, sshd_for_tests


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd_for_tests(tmp_path_factory.mktemp("machines"), machines=2) as server:
        yield server


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server for all tests of this module."""
    demo = Demo(tmp_path_factory.mktemp("ssh"), say=lambda _text: None, listen=0)
    demo.start_server()
    yield demo
    demo.stop()


@pytest.fixture(scope="module")
def api(demo: Demo, server: Sshd) -> story.Api:
    """It has two targets by SSH that are healthy."""
    api = demo.connect()
    environments = story.make_environments(api)
    endpoint = {"CommunicationStyle": "Ssh", "Host": "127.0.0.1", "AccountId": make_account(api, server)}
    for number, port in enumerate(server.ports):
        known = {"Port": port, "Fingerprint": server.fingerprint(md5=number == 0)}
        told = {"Name": f"ssh-{number}", "Roles": [story.ROLE], "EnvironmentIds": [environments["Development"]]}
        api.post("/machines", {**told, "Endpoint": {**endpoint, **known}})
    until(lambda: not api.get("/tasks", active="true")["TotalResults"], "the end of the health checks")
    assert [one["HealthStatus"] for one in api.get("/machines/all")] == ["Healthy", "Healthy"], api.get("/machines/all")
    return api


def make_account(api: story.Api, server: Sshd) -> str:
    key = base64.b64encode(server.key.read_bytes()).decode()
    told = {"AccountType": "SshKeyPair", "Name": "SSH", "Username": server.user}
    account: str = api.post("/accounts", {**told, "PrivateKeyFile": {"HasValue": True, "NewValue": key}})["Id"]
    return account


def test_package_is_installed_with_its_scripts_outputs_and_artifacts(
    api: story.Api, server: Sshd, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "Acme.Web.1.0.0.zip", "w") as archive:
        archive.writestr("site.conf", "server #{Octopus.Machine.Name};")
        archive.writestr(
            "PostDeploy.sh", 'echo "in $PWD"; set_octopusvariable Url x; new_octopusartifact "$PWD/site.conf"'
        )
    api.upload(tmp_path / "Acme.Web.1.0.0.zip")
    features = {
        "Octopus.Action.EnabledFeatures": "Octopus.Features.SubstituteInFiles",
        "Octopus.Action.SubstituteInFiles.TargetFiles": "site.conf",
    }
    make_project(api, "Web", "Acme.Web", features)

    lines = deployed(api, "Web", "1.0.0")

    for number, home in enumerate(server.homes):
        folder = home / ".octopus/Applications/Development/Acme.Web/1.0.0"
        assert f"in {folder}" in lines["Step 1: Install"]
        assert (folder / "site.conf").read_text() == f"server ssh-{number};"
        work = home / ".octopus/OctopusServer/Work"
        until(lambda work=work: not any(work.iterdir()), "that the scripts are forgotten")
    assert {one["Filename"] for one in api.get("/artifacts")["Items"]} == {"site.conf"}
    assert "The output variable Url was set." in lines["Step 1: Install"]
    again = deployed(api, "Web", "1.0.1")
    assert "ssh-0 has Acme.Web 1.0.0 already; nothing is sent." in again["Acquire packages"]


def test_server_is_killed_in_mid_script_and_finds_it_again(
    demo: Demo, api: story.Api, server: Sshd, tmp_path: Path
) -> None:
    """And the connections are cut once it is back."""
    folder = tmp_path / "marks"
    folder.mkdir()
    make_script_project(api, "Counting", COUNTING.format(marks=folder, lines=40, pause=0.1))
    task_id = story.deploy(api, "1.0.0", "Development", "Counting")
    until(lambda: len(lines_of(api, task_id)) == 2, "the first line of each target")
    demo.programs[-1].kill()
    demo.server(int(demo.address.rpartition(":")[2]))
    before = sum(map(len, lines_of(api, task_id).values()))
    until(lambda: sum(map(len, lines_of(api, task_id).values())) > before, "a line after the restart")
    assert server.cut() >= 2

    task = story.follow(api, task_id)

    assert task["State"] == "Success", task["ErrorMessage"]
    expected = [f"line {number}" for number in range(1, 41)]
    assert lines_of(api, task_id) == {"ssh-0": expected, "ssh-1": expected}
    assert marks(folder) == {"ssh-0": ["begun", "ended"], "ssh-1": ["begun", "ended"]}


def test_raw_scripts_need_no_runner_and_steps_that_do_are_refused(api: story.Api, server: Sshd, tmp_path: Path) -> None:
    body = 'echo "#{Greeting} from $0 in #{Octopus.Environment.Name}"; echo "##octopus[stdout-warning]"; echo careful'
    make_script_project(api, "Raw", body, {"OctopusUseRawScript": "True", "Greeting": "Hello"})
    task = story.follow(api, story.deploy(api, "1.0.0", "Development", "Raw"))
    said = [line["Text"] for line in api.get(f"/tasks/{task['Id']}/log", after=0, take=1000)["Lines"]]
    assert task["State"] == "Success", said
    assert said.count("Hello from ./Bootstrap.sh in Development") == 2
    assert task["HasWarningsOrErrors"]
    assert not any("runner" in line for line in said), said

    with zipfile.ZipFile(tmp_path / "Acme.Raw.1.0.0.zip", "w") as archive:
        archive.writestr("a", "a")
    api.upload(tmp_path / "Acme.Raw.1.0.0.zip")
    make_project(api, "Package", "Acme.Raw", {}, [{"Name": "OctopusUseRawScript", "Value": "True"}])
    with pytest.raises(story.StoryError, match="Step 'Install' cannot run on ssh-0: there OctopusUseRawScript says"):
        deployed(api, "Package", "1.0.0")


def test_worker_by_ssh_runs_a_step(api: story.Api, server: Sshd) -> None:
    pool = api.post("/workerpools", {"Name": "SSH", "WorkerPoolType": "StaticWorkerPool"})["Id"]
    endpoint: dict[str, Any] = {"CommunicationStyle": "Ssh", "Host": "127.0.0.1", "Port": server.ports[1]}
    endpoint |= {"AccountId": api.get("/accounts/all")[0]["Id"], "Fingerprint": server.fingerprint()}
    api.post("/workers", {"Name": "ssh worker", "WorkerPoolIds": [pool], "Endpoint": endpoint})
    until(lambda: not api.get("/tasks", active="true")["TotalResults"], "the end of the health check")
    project = make_script_project(api, "On a worker", 'echo "home $TentacleHome"')
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    [action] = process["Steps"][0]["Actions"]
    action["WorkerPoolId"] = pool
    action["Properties"]["Octopus.Action.RunOnServer"] = "true"
    process["Steps"][0]["Properties"] = {}
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    lines = deployed(api, "On a worker", "1.0.1")
    assert f"home {server.homes[1]}/.octopus/OctopusServer" in lines["Step 1: Run"]
