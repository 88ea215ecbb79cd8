"""Steps on real workers: agents of a pool that do what no target does itself."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import story
from run import Demo

_BOUND = 60.0
_COUNT = """\
echo begun >> {mark}
for number in $(seq 20); do echo "line $number"; sleep 0.1; done
echo "##octopus[setVariable name='$(printf Home | base64)' value='$(printf %s "$TentacleHome" | base64 -w0)']"
"""
_TELL = 'echo "region #{Octopus.Machine.Name} of #{Octopus.WorkerPool.Name}"; echo x > left.txt; '
_TELL += 'new_octopusartifact "$PWD/left.txt" "left-#{Octopus.Machine.Name}.txt"'


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _BOUND
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not happen within {_BOUND:g} seconds")
        time.sleep(0.05)


def workers(demo: Demo, api: story.Api) -> str:
    """A pool with the workers w1, which listens, and w2, which polls; both are well. Returns the pool's id."""
    pool = str(api.post("/workerpools", {"Name": "Linux", "WorkerPoolType": "StaticWorkerPool"})["Id"])
    for name, mode in (("w1", "listening"), ("w2", "polling")):
        demo.start_agent("Development", name, mode, pool="Linux")
    check = api.post("/tasks", {"Name": "Health", "Arguments": {"WorkerPoolId": pool}})
    assert story.follow(api, check["Id"])["FinishedSuccessfully"]
    return pool


def make_project(api: story.Api, name: str, steps: list[dict[str, Any]]) -> None:
    lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
    project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle, "ProjectGroupId": group})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    process["Steps"] = steps
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    story.create_release(api, "1.0.0", name)


def step(name: str, body: str, roles: str = "", **more: Any) -> dict[str, Any]:
    properties = {
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
        "Octopus.Action.RunOnServer": "true",
    }
    action = {"Name": name, "ActionType": "Octopus.Script", "Properties": properties, **more}
    return {"Name": name, "Properties": {"Octopus.Action.TargetRoles": roles} if roles else {}, "Actions": [action]}


def lines(api: story.Api, task_id: str) -> list[str]:
    return [line["Text"] for line in api.get(f"/tasks/{task_id}/log", after=0, take=10000)["Lines"]]


def test_worker_keeps_its_script_while_the_server_dies_and_another_takes_over_when_it_is_gone(
    demo: Demo, tmp_path: Path
) -> None:
    demo.start_server()
    api = demo.connect()
    environments = story.make_environments(api)
    pool = workers(demo, api)
    region = {"Name": "eu", "Endpoint": {"CommunicationStyle": "None", "DefaultWorkerPoolId": pool}}
    api.post("/machines", {**region, "Roles": ["region"], "EnvironmentIds": [environments["Development"]]})
    parcel = tmp_path / "Acme.Parcel.1.0.0.zip"
    with zipfile.ZipFile(parcel, "w") as archive:
        archive.writestr("PostDeploy.sh", 'echo "installed for $(get_octopusvariable Octopus.Machine.Name)"\n')
    api.upload(parcel)
    package = {"Packages": [{"Name": "", "PackageId": "Acme.Parcel", "FeedId": "feeds-builtin"}]}
    install = step("Install", "", "region", **package)
    install["Actions"][0] |= {"ActionType": "Octopus.TentaclePackage", "Properties": {}}
    counting = step("Count", _COUNT.format(mark=tmp_path / "mark"), WorkerPoolId=pool)
    same = step("Same", 'test "$TentacleHome" = "#{Octopus.Action[Count].Output.Home}"', WorkerPoolId=pool)
    make_project(api, "Regions", [install, counting, same, step("Tell", _TELL, "region")])

    task_id = story.deploy(api, "1.0.0", "Development", "Regions")
    until(lambda: "line 3" in lines(api, task_id), "output of the script")
    demo.programs[0].kill()
    demo.server(int(demo.address.rpartition(":")[2]))
    task = story.follow(api, task_id)
    said = lines(api, task_id)
    assert task["FinishedSuccessfully"], said
    assert [line for line in said if line.startswith("line ")] == [f"line {number}" for number in range(1, 21)]
    assert (tmp_path / "mark").read_text() == "begun\n"
    assert {"installed for eu", "region eu of Linux"} <= {*said}
    names = [one["Name"] for one in api.get(f"/tasks/{task_id}/log", after=0, take=1)["Nodes"]]
    [used] = {name.partition(" ")[0] for name in names if name.endswith(" on behalf of eu")}
    assert f"Runs on the worker {used} of the pool Linux." in said
    listed = api.get(f"/workers/{used}/tasks", type="Deploy")["Items"]
    assert [one["Id"] for one in listed] == [task_id]
    assert [one["Filename"] for one in api.get("/artifacts", regarding=task_id)["Items"]] == ["left-eu.txt"]

    body = {"Syntax": "Bash", "ScriptBody": "echo here #{Octopus.Machine.Name}", "WorkerPoolIds": [pool]}
    everywhere = story.follow(api, api.post("/tasks", {"Name": "AdHocScript", "Arguments": body})["Id"])
    assert {"here w1", "here w2"} <= {*lines(api, everywhere["Id"])}

    policy = next(one for one in api.get("/machinepolicies/all") if one["IsDefault"])
    policy["MachineRpcCallRetryPolicy"]["Enabled"] = False
    api.put(f"/machinepolicies/{policy['Id']}", {**policy, "PollingRequestQueueTimeout": "00:00:02"})
    next(program for program in demo.programs if program.name == used).kill()
    other = "w2" if used == "w1" else "w1"
    body = {"Syntax": "Bash", "ScriptBody": "true", "MachineIds": [api.get("/machines/all")[0]["Id"]]}
    for _ in range(2):  # among workers with the same load it is chance
        task = story.follow(api, api.post("/tasks", {"Name": "AdHocScript", "Arguments": body})["Id"])
        assert task["FinishedSuccessfully"], lines(api, task["Id"])
        assert f"Runs on the worker {other} of the pool Linux on behalf of eu." in lines(api, task["Id"])
