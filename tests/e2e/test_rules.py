"""Rules of deployments that only real scripts on real agents can prove: limits, locks, checks, and going on."""

from __future__ import annotations

import socket
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import story
from processes import Program
from run import Demo
from test_durability import until

_ON_TARGETS = {"Octopus.Action.TargetRoles": story.ROLE}
_HERE = "$(get_octopusvariable Octopus.Machine.Name)"
_HEALTH = "Octopus.Action.HealthCheck."


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server with the agents m1 and m2, for all tests of this module; who does not answer is given up quickly."""
    demo = Demo(tmp_path_factory.mktemp("rules"), say=lambda _text: None, listen=0)
    try:
        demo.start_server()
        api = demo.connect()
        story.make_environments(api)
        for name in ("m1", "m2"):
            start_agent(demo, name)
        policy = next(one for one in api.get("/machinepolicies/all") if one["IsDefault"])
        policy["MachineRpcCallRetryPolicy"]["Enabled"] = False
        api.put(f"/machinepolicies/{policy['Id']}", {**policy, "ConnectionRetryCountLimit": 2})
        yield demo
    finally:
        demo.stop()


def start_agent(demo: Demo, name: str) -> Program:
    """One that listens already."""
    agent = demo.start_agent("Development", name, "listening")
    until(lambda: _listens(demo.ports[name]), f"the agent {name}")
    return agent


def _listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def api(demo: Demo) -> story.Api:
    return demo.apis[0]


def script(name: str, body: str, **properties: str) -> dict[str, Any]:
    """A step that runs on all targets; dots in the names of properties are written as `__`."""
    written = {
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
        **{f"Octopus.Action.{key.replace('__', '.')}": text for key, text in properties.items()},
    }
    places = {} if "RunOnServer" in properties else _ON_TARGETS
    action = {"Name": name, "ActionType": "Octopus.Script", "Properties": written}
    return {"Name": name, "Properties": places, "Actions": [action]}


def make_project(api: story.Api, name: str, *steps: dict[str, Any], **variables: str) -> str:
    """The project's id, with a release 1.0.0."""
    lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
    project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle, "ProjectGroupId": group})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    api.put(f"/projects/{project['Id']}/deploymentprocesses", {**process, "Steps": list(steps)})
    known = api.get(f"/projects/{project['Id']}/variables")
    values = [{"Name": key, "Value": value, "Type": "String"} for key, value in variables.items()]
    api.put(f"/projects/{project['Id']}/variables", {**known, "Variables": values})
    story.create_release(api, "1.0.0", name)
    return str(project["Id"])


def deploy(api: story.Api, project: str, targets: Sequence[str] = ()) -> str:
    body = {"ProjectName": project, "ReleaseVersion": "1.0.0", "EnvironmentNames": ["Development"]}
    made = api.post("/deployments/create/untenanted/v1", {**body, "SpecificMachineNames": list(targets)})
    return str(made["DeploymentServerTasks"][0]["ServerTaskId"])


def said(api: story.Api, task_id: str) -> str:
    return "\n".join(line["Text"] for line in api.get(f"/tasks/{task_id}/log", after=0, take=10000)["Lines"])


def succeeded(api: story.Api, task_id: str) -> str:
    """What the log of a deployment says that has to end well."""
    task = story.follow(api, task_id)
    assert task["FinishedSuccessfully"], (task["ErrorMessage"], said(api, task_id))
    return said(api, task_id)


def written(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


# -- limits

_HANGS = """\
place={here}
if [ ! -e {folder}/$place ]; then
  [ $place = m1 ] || trap '' TERM INT HUP
  sleep 600 & echo $$ $! > {folder}/$place
  while :; do wait; done
fi
echo "done on $place"
"""


def _lives(pid: str) -> bool:
    """Nobody may be there to bury a process that has ended; that counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_script_that_takes_too_long_is_gone_from_the_machine_and_tried_again(api: story.Api, tmp_path: Path) -> None:
    """On m1 it ends when it is told to, on m2 it does not listen."""
    limits = {"ExecutionTimeout__Minutes": "0.05", "AutoRetry__MaximumCount": "3", "AutoRetry__MinimumBackoff": "0"}
    body = _HANGS.format(here=_HERE, folder=tmp_path)
    make_project(api, "Slow", script("First", "true"), script("Hang", body, **limits))
    log = succeeded(api, deploy(api, "Slow", ["m1", "m2"]))
    for name in ("m1", "m2"):
        assert f"Hang on {name} took longer than 3 seconds and was stopped." in log
        assert f"done on {name}" in log
        pids = (tmp_path / name).read_text().split()
        assert len(pids) == 2
        until(lambda pids=pids: not any(map(_lives, pids)), "the end of the script's processes")


# -- locks

_STANDS = """\
echo begun {name} >> {record}
for number in $(seq 600); do [ -e {until} ] && break; sleep 0.1; done
echo ended {name} >> {record}
"""
_GOES = "echo begun {name} >> {record}; touch {opens}; echo ended {name} >> {record}"


def test_scripts_of_two_deployments_do_not_meet_on_a_machine(api: story.Api, tmp_path: Path) -> None:
    record, go, other = tmp_path / "record", tmp_path / "go", tmp_path / "other"
    make_project(api, "One", script("Run", _STANDS.format(name="One", record=record, until=go)))
    make_project(api, "Two", script("Run", _GOES.format(name="Two", record=record, opens=other)))
    one = deploy(api, "One", ["m1"])
    until(lambda: written(record) == ["begun One"], "the first script")
    two = deploy(api, "Two", ["m1"])
    text = f"Waits for {one} (Deploy One release 1.0.0 to Development), which works on m1 since "
    until(lambda: text in said(api, two), "the line that says who is in the way")
    waiting = api.get(f"/tasks/{two}/waiting")
    [reason] = waiting["Reasons"]
    assert (waiting["IsWaiting"], reason["Kind"], reason["TaskIds"]) == (True, "lock", [one])
    assert reason["Text"].startswith(text)
    assert not api.get(f"/tasks/{one}/waiting")["IsWaiting"]
    go.touch()
    succeeded(api, one)
    succeeded(api, two)
    assert written(record) == ["begun One", "ended One", "begun Two", "ended Two"]


def test_scripts_of_two_deployments_that_bypass_the_lock_run_side_by_side(api: story.Api, tmp_path: Path) -> None:
    """The first one ends only when the second one has begun."""
    record, other = tmp_path / "record", tmp_path / "other"
    bypass = {"OctopusBypassDeploymentMutex": "True"}
    make_project(api, "Three", script("Run", _STANDS.format(name="Three", record=record, until=other)), **bypass)
    make_project(api, "Four", script("Run", _GOES.format(name="Four", record=record, opens=other)), **bypass)
    three = deploy(api, "Three", ["m1"])
    until(lambda: written(record) == ["begun Three"], "the first script")
    succeeded(api, deploy(api, "Four", ["m1"]))
    succeeded(api, three)
    lines = written(record)
    assert sorted(lines) == ["begun Four", "begun Three", "ended Four", "ended Three"]
    assert lines.index("begun Four") < lines.index("ended Three")


# -- going on


def test_packages_that_could_not_be_brought_are_brought_where_the_machine_is_now(
    api: story.Api, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "Acme.Note.1.0.0.zip", "w") as archive:
        archive.writestr("PostDeploy.sh", 'echo "installed as $(basename "$PWD")"\n')
    api.upload(tmp_path / "Acme.Note.1.0.0.zip")
    install = {
        "Name": "Install",
        "ActionType": "Octopus.TentaclePackage",
        "Packages": [{"Name": "", "PackageId": "Acme.Note", "FeedId": "feeds-builtin"}],
    }
    mark = script("Mark", f"echo marked >> {tmp_path}/record", RunOnServer="True")
    make_project(api, "Note", mark, {"Name": "Install", "Properties": _ON_TARGETS, "Actions": [install]})
    machine = next(one for one in api.get("/machines/all") if one["Name"] == "m1")
    path, address = f"/machines/{machine['Id']}", machine["Endpoint"]["Uri"]
    machine["Endpoint"]["Uri"] = machine["Uri"] = "https://127.0.0.1:1/"
    api.put(path, machine)
    task_id = deploy(api, "Note", ["m1", "m2"])
    task = story.follow(api, task_id)
    assert task["State"] == "Failed"
    assert "m1" in task["ErrorMessage"]
    machine = api.get(path)
    machine["Endpoint"]["Uri"] = machine["Uri"] = address
    api.put(path, machine)
    log = succeeded(api, api.post(f"/tasks/{task_id}/resume", {})["Id"])
    assert log.count("installed as 1.0.0") == 2
    assert f"Done by {task_id}, not repeated." in log
    assert written(tmp_path / "record") == ["marked"]


# -- other deployments


@pytest.fixture
def alone(demo: Demo, api: story.Api) -> Iterator[None]:
    """One task at a time. The server's node belongs to no space, as the paths of `api` do."""
    path = f"{demo.address}/api/octopusservernodes"
    node = api.client.get(f"{path}/all").json()[0]
    before = node["MaxConcurrentTasks"]
    assert api.client.put(f"{path}/{node['Id']}", json={**node, "MaxConcurrentTasks": 1}).is_success
    yield
    node = api.client.get(f"{path}/{node['Id']}").json()
    assert api.client.put(f"{path}/{node['Id']}", json={**node, "MaxConcurrentTasks": before}).is_success


@pytest.mark.usefixtures("alone")
def test_deployment_that_waits_for_another_leaves_it_the_only_place(api: story.Api) -> None:
    child = make_project(api, "Child", script("Say", f'set_octopusvariable Word "hello from {_HERE}"'))
    action = {
        "Name": "Deploy child",
        "ActionType": "Octopus.DeployRelease",
        "Properties": {"Octopus.Action.DeployRelease.ProjectId": child},
    }
    word = "Octopus.Action[Deploy child].Output.Deployment[Say][m2].Word"
    later = script("Later", f'echo "m2 said: $(get_octopusvariable "{word}")"', RunOnServer="True")
    make_project(api, "Parent", {"Name": "Deploy child", "Actions": [action]}, later)
    log = succeeded(api, deploy(api, "Parent"))
    assert "(Deploy Child release 1.0.0 to Development), which goes on also when this one is cancelled." in log
    assert "m2 said: hello from m2" in log


# -- health


def check(**properties: str) -> dict[str, Any]:
    given = {_HEALTH + name: value for name, value in properties.items()}
    action = {"Name": "Check", "ActionType": "Octopus.HealthCheck", "Properties": given}
    return {"Name": "Check", "Properties": _ON_TARGETS, "Actions": [action]}


def test_check_in_mid_deployment_says_who_takes_part_from_then_on(demo: Demo, api: story.Api, tmp_path: Path) -> None:
    """One target is registered after the plan was made, and joins, also for the rest; then its agent is stopped."""
    later = script("Later", f"echo {_HERE} >> {tmp_path}/record")
    ask = {"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]}
    early = script("Early", f"echo early {_HERE} >> {tmp_path}/record")
    breaks = script("Break", f"test -e {tmp_path}/mended", RunOnServer="True")
    joins = check(IncludeMachinesInDeployment="IncludeCheckedMachines")
    make_project(api, "Join", ask, joins, early, breaks, later)
    make_project(api, "Strict", check(), later)
    make_project(api, "Lenient", check(ErrorHandling="TreatExceptionsAsWarnings"), later)
    task_id = deploy(api, "Join")
    story.follow(api, task_id)
    agent = start_agent(demo, "m3")
    story.approve(api, task_id)
    assert story.follow(api, task_id)["State"] == "Failed"
    assert "m3 takes part from now on." in said(api, task_id)
    assert sorted(written(tmp_path / "record")) == ["early m1", "early m2", "early m3"]
    (tmp_path / "mended").touch()
    (tmp_path / "record").unlink()
    succeeded(api, api.post(f"/tasks/{task_id}/resume", {})["Id"])
    assert sorted(written(tmp_path / "record")) == ["m1", "m2", "m3"]

    agent.stop()
    (tmp_path / "record").unlink()
    task = story.follow(api, deploy(api, "Strict"))
    assert task["ErrorMessage"].startswith("Step 1 (Check): m3 cannot be used: ")
    assert written(tmp_path / "record") == []
    log = succeeded(api, deploy(api, "Lenient"))
    assert "m3 is left out from here on: " in log
    assert sorted(written(tmp_path / "record")) == ["m1", "m2"]
