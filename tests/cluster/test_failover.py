"""What happens to a deployment when the node that runs it dies or freezes, and what the other nodes do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import story
from nodes import Nodes, until
from scripts import COUNTING, lines_of, make_script_project, marks
from tests.postgres import Postgres

#: Beat, dead and fence. Short, but long enough for a machine that does much else.
TIMES = (0.5, 5.0, 3.0)
LINES = [f"line {number}" for number in range(1, 61)]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, postgresql: Postgres) -> Iterator[Nodes]:
    """Two nodes, an agent, and a project that counts on it for some seconds."""
    folder = tmp_path_factory.mktemp("nodes")
    nodes = Nodes(folder, postgresql.url(postgresql.create()), TIMES)
    try:
        nodes.start("one")
        nodes.start("two")
        api = nodes.api("two")
        story.make_environments(api)
        nodes.agent("agent-0")
        (folder / "marks").mkdir()
        make_script_project(api, "Counting", COUNTING.format(marks=folder / "marks", lines=len(LINES), pause=0.1))
        yield nodes
    finally:
        nodes.stop()


@pytest.fixture
def nodes(installation: Nodes) -> Nodes:
    """Both nodes run, and no script has left a mark."""
    for mark in (installation.folder / "marks").iterdir():
        mark.unlink()
    for name, program in installation.programs.items():
        if not program.is_alive():
            installation.start(name)
    return installation


def known_nodes(api: story.Api) -> list[Any]:
    return list(api.client.get(f"{api.address}/api/octopusservernodes/all").json())


def drain(api: story.Api, node: Any, drains: bool) -> None:
    """Set at any node for any node."""
    settings = {**node, "IsInMaintenanceMode": drains}
    api.client.put(f"{api.address}{node['Links']['Self']}", json=settings).raise_for_status()


def running_on(nodes: Nodes, name: str) -> tuple[story.Api, str]:
    """A deployment that the node runs, and whose script has begun to speak; seen from the other node."""
    other = nodes.api("two" if name == "one" else "one")
    there = next(node for node in known_nodes(other) if node["Name"] != name)
    drain(other, there, True)
    task_id = story.deploy(other, "1.0.0", "Development", "Counting")
    until(lambda: bool(lines_of(other, task_id)), "output of the agent")
    assert other.get(f"/tasks/{task_id}")["ServerNode"] == name
    drain(other, there, False)
    return other, task_id


def assert_done_once(nodes: Nodes, api: story.Api, task_id: str, by: str) -> None:
    task = story.follow(api, task_id)
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert task["ServerNode"] == by
    assert marks(nodes.folder / "marks") == {"agent-0": ["begun", "ended"]}
    assert lines_of(api, task_id) == {"agent-0": LINES}


def test_other_node_goes_on_when_one_is_killed(nodes: Nodes) -> None:
    api, task_id = running_on(nodes, "one")
    nodes.kill("one")
    assert_done_once(nodes, api, task_id, by="two")
    gone = next(node for node in known_nodes(api) if node["Name"] == "one")
    assert gone["IsOffline"]


def test_frozen_node_loses_its_tasks_and_ends_itself_when_it_wakes(nodes: Nodes) -> None:
    api, task_id = running_on(nodes, "one")
    nodes.freeze("one")
    assert_done_once(nodes, api, task_id, by="two")
    nodes.thaw("one")
    until(lambda: not nodes.programs["one"].is_alive(), "the end of the node that was frozen")
    assert nodes.programs["one"].process.returncode == 70  # type: ignore[union-attr]
    assert "this node ends itself" in nodes.log("one")
    assert lines_of(api, task_id) == {"agent-0": LINES}


def test_cancel_asked_at_the_other_node_stops_the_script(nodes: Nodes) -> None:
    api, task_id = running_on(nodes, "one")
    api.post(f"/tasks/{task_id}/cancel", {})
    assert story.follow(api, task_id)["State"] == "Canceled"
    assert marks(nodes.folder / "marks") == {"agent-0": ["begun"]}


def test_node_that_is_stopped_hands_its_tasks_over_at_once(nodes: Nodes) -> None:
    api, task_id = running_on(nodes, "one")
    nodes.programs["one"].stop()
    assert_done_once(nodes, api, task_id, by="two")
