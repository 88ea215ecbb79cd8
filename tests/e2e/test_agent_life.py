"""Two agents of one machine from the first command to the last, on a real server."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import story
from processes import DemoError, Program, free_port, run_to_end
from run import Demo

_BOUND = 90.0


def until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + _BOUND
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.1)
    return found


def healthy(api: story.Api) -> dict[str, Any]:
    """The machines by name, once all are well."""
    machines = [*api.get("/machines/all"), *api.get("/workers/all")]
    well = [one for one in machines if one["HealthStatus"] in {"Healthy", "HasWarnings"}]
    return {one["Name"]: one for one in well} if len(well) == 2 else {}


def test_two_agents_are_registered_checked_renewed_and_removed(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.start_server()
    api = demo.connect()
    story.make_environments(api)
    monkeypatch.setenv("POLPO_AGENTS_FOLDER", str(tmp_path / "instances"))
    monkeypatch.setenv("POLPO_API_KEY", demo.api_key)
    at = ["--server", demo.address]

    def agent(command: str, name: str, *more: str) -> str:
        return run_to_end(["agent", command, "--instance", name, *more])

    def start(name: str) -> None:
        log = tmp_path / f"{name}.log"
        demo.programs.append(Program(name, ["agent", "run", "--instance", name], log).start())

    agent("create-instance", "Web", "--listen", f"127.0.0.1:{free_port(0)}")
    agent("register-with", "Web", *at, "--name", "web", "--environment", "Test", "--role", "web")
    comms = ["--comms-style", "TentacleActive", "--server-comms-address", f"127.0.0.1:{demo.polling}"]
    agent("register-worker", "Build", *at, "--name", "build", "--workerpool", "Default Worker Pool", *comms)
    assert {one["HealthStatus"] for one in [*api.get("/machines/all"), *api.get("/workers/all")]} == {"Unknown"}
    with pytest.raises(DemoError):
        agent("livez", "Web")

    for name in ("Web", "Build"):
        start(name)
    before = until(lambda: healthy(api), "the first check of both")
    for name in ("Web", "Build"):
        assert agent("livez", name) == "ok\n"
        assert "failed" not in agent("check", name)
    assert f"The server reaches the target 'web' at {before['web']['Uri']}." in agent("check", "Web", *at)

    for name in ("Web", "Build"):
        assert "knows the new certificate of" in agent("new-certificate", name, *at)
    for name in ("Web", "Build"):
        until(lambda name=name: "failed" not in said(agent, "check", name, *at), f"{name} with its new certificate")
    ids = [one["Id"] for one in before.values()]
    task = api.post("/tasks", {"Name": "Health", "Arguments": {"MachineIds": ids}})
    assert story.follow(api, task["Id"])["FinishedSuccessfully"]
    after = healthy(api)
    for name in ("web", "build"):
        assert after[name]["Thumbprint"] != before[name]["Thumbprint"]

    for name in ("Web", "Build"):
        assert "which is not trusted any more" in agent("deregister", name, *at)
    assert [*api.get("/machines/all"), *api.get("/workers/all")] == []
    assert "build: " in run_to_end(["agent", "list-instances"])


def said(agent: Callable[..., str], *arguments: str) -> str:
    """What a command says, whether it ends well or not."""
    try:
        return agent(*arguments)
    except DemoError as error:
        return f"failed: {error}"
