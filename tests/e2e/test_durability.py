"""What happens to a deployment when a program dies in the middle of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import story
from run import Demo
from scripts import COUNTING, lines_of, make_script_project, marks

_BOUND = 60.0


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _BOUND
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not happen within {_BOUND:g} seconds")
        time.sleep(0.05)


def start(demo: Demo, tmp_path: Path, agents: int, *, lines: int, pause: float) -> tuple[story.Api, Path]:
    """A server with agents of one environment, and a project that counts on them."""
    demo.start_server()
    api = demo.connect()
    story.make_environments(api)
    for number in range(agents):
        demo.start_agent("Development", name=f"agent-{number}", mode="listening" if number % 2 == 0 else "polling")
    folder = tmp_path / "marks"
    folder.mkdir()
    make_script_project(api, "Counting", COUNTING.format(marks=folder, lines=lines, pause=pause))
    return api, folder


def test_server_is_killed_in_mid_script_and_the_deployment_goes_on(demo: Demo, tmp_path: Path) -> None:
    api, folder = start(demo, tmp_path, 2, lines=30, pause=0.1)
    task_id = story.deploy(api, "1.0.0", "Development", "Counting")
    until(lambda: len(lines_of(api, task_id)) == 2, "output of both agents")
    server = demo.programs[0]
    server.kill()
    port = int(demo.address.rpartition(":")[2])
    demo.server(port)
    task = story.follow(api, task_id)
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert marks(folder) == {"agent-0": ["begun", "ended"], "agent-1": ["begun", "ended"]}
    expected = [f"line {number}" for number in range(1, 31)]
    assert lines_of(api, task_id) == {"agent-0": expected, "agent-1": expected}


def test_agent_is_killed_in_mid_script_and_started_again(demo: Demo, tmp_path: Path) -> None:
    """The script outlives its agent, and the deployment goes on when the agent is back."""
    api, folder = start(demo, tmp_path, 1, lines=20, pause=0.1)
    task_id = story.deploy(api, "1.0.0", "Development", "Counting")
    until(lambda: bool(lines_of(api, task_id)), "output of the agent")
    agent = demo.programs[-1]
    agent.kill()
    agent.start()
    task = story.follow(api, task_id)
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert marks(folder) == {"agent-0": ["begun", "ended"]}
    assert lines_of(api, task_id) == {"agent-0": [f"line {number}" for number in range(1, 21)]}


def test_agent_that_stays_away_fails_the_task_by_name(demo: Demo, tmp_path: Path) -> None:
    demo.start_server()
    api = demo.connect()
    _retry_briefly(api)
    story.make_environments(api)
    agent = demo.start_agent("Development", name="web-7", mode="listening")
    folder = tmp_path / "marks"
    folder.mkdir()
    make_script_project(api, "Counting", COUNTING.format(marks=folder, lines=30, pause=0.1))
    task_id = story.deploy(api, "1.0.0", "Development", "Counting")
    until(lambda: bool(lines_of(api, task_id)), "output of the agent")
    agent.kill()
    task = story.follow(api, task_id)
    assert (task["State"], task["FinishedSuccessfully"]) == ("Failed", False)
    assert "web-7" in task["ErrorMessage"]
    assert "cannot be reached" in task["ErrorMessage"]
    until(lambda: marks(folder)["web-7"] == ["begun", "ended"], "the end of the script, which nobody stopped")


def _retry_briefly(api: story.Api) -> None:
    policy = next(one for one in api.get("/machinepolicies/all") if one["IsDefault"])
    policy["MachineRpcCallRetryPolicy"]["Enabled"] = False
    policy["ConnectionRetryTimeLimit"] = "00:00:10"
    api.put(f"/machinepolicies/{policy['Id']}", policy)


def test_cancelled_deployment_stops_its_script(demo: Demo, tmp_path: Path) -> None:
    api, folder = start(demo, tmp_path, 1, lines=600, pause=0.1)
    task_id = story.deploy(api, "1.0.0", "Development", "Counting")
    until(lambda: bool(lines_of(api, task_id)), "output of the agent")
    api.post(f"/tasks/{task_id}/cancel", {})
    task = story.follow(api, task_id)
    assert task["State"] == "Canceled"
    assert task["CancelledBy"]
    assert marks(folder) == {"agent-0": ["begun"]}
    until(lambda: not list((demo.folder / "agents").glob("*/Work/*")), "the removal of the script's folder")


def test_server_killed_while_cancelling_stops_the_scripts_when_it_is_back(demo: Demo, tmp_path: Path) -> None:
    """A task that says Canceled while its scripts go on would let the next deployment run into them."""
    api, folder = start(demo, tmp_path, 2, lines=600, pause=0.1)
    task_id = story.deploy(api, "1.0.0", "Development", "Counting")
    until(lambda: len(lines_of(api, task_id)) == 2, "output of both agents")
    api.post(f"/tasks/{task_id}/cancel", {})
    demo.programs[0].kill()
    demo.server(int(demo.address.rpartition(":")[2]))
    task = story.follow(api, task_id)
    assert task["State"] == "Canceled"
    until(lambda: not list((demo.folder / "agents").glob("*/Work/*")), "the removal of the scripts' folders")
    assert marks(folder) == {"agent-0": ["begun"], "agent-1": ["begun"]}
