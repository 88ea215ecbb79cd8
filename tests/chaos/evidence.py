"""What must hold after a deployment that was disturbed, told from disk, from the API and from the database."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from chaos.installation import Chaos

_OPEN = {"Pending", "Running"}


def faults_of(chaos: Chaos, task: Mapping[str, Any], deployment_id: str) -> list[str]:
    """Sentences; none when all is as if nothing had happened."""
    return [
        *_end(task),
        *_marks(chaos, deployment_id),
        *_log(chaos, str(task["Id"]), deployment_id),
        *_database(chaos),
    ]


def _end(task: Mapping[str, Any]) -> Iterator[str]:
    if task["State"] != "Success":
        yield f"the task ended {task['State']}: {task['ErrorMessage']}"


def _marks(chaos: Chaos, deployment_id: str) -> Iterator[str]:
    """Each script ran once on each of its targets."""
    folder = chaos.marks / deployment_id
    found = {path.name: len(path.read_text().splitlines()) for path in folder.iterdir()} if folder.exists() else {}
    for name in sorted(chaos.expected_marks().keys() | found.keys()):
        runs, due = found.get(name, 0), int(name in chaos.expected_marks())
        if runs != due:
            yield f"{name} ran {runs} times instead of {due}"


def _log(chaos: Chaos, task_id: str, deployment_id: str) -> Iterator[str]:
    """Lines 1 to n once and in order under each script, the values that were passed on, and no node left open."""
    part = chaos.api.get(f"/tasks/{task_id}/log", after=0, take=10_000)
    nodes = {node["Id"]: node for node in part["Nodes"]}
    left = [node for node in nodes.values() if node["Status"] in _OPEN]
    yield from (f"the node {path(nodes, node)} is {node['Status']}" for node in left)
    numbers = [line["Number"] for line in part["Lines"]]
    if numbers != list(range(1, part["TotalLines"] + 1)):
        yield f"the log's lines are not numbered 1 to {part['TotalLines']}"
    said: dict[str, list[str]] = {}
    for line in part["Lines"]:
        if line["Text"].startswith(("line ", "heard ")):
            said.setdefault(script_of(nodes, nodes[line["NodeId"]]), []).append(line["Text"])
    for name, lines in chaos.expected_marks().items():
        due = [f"line {number}" for number in range(1, lines + 1)]
        step, _, machine = name.partition("@")
        if step == "Hear":
            due += [f"heard {deployment_id} on {machine}", f"heard {deployment_id}"]
        if said.get(name, []) != due:
            yield f"{name} said {_difference(said.get(name, []), due)}"


def _difference(said: list[str], due: list[str]) -> str:
    missing, extra = Counter(due) - Counter(said), Counter(said) - Counter(due)
    if not missing and not extra:
        return f"its lines in another order: {said}"
    return f"too little: {list(missing)}, or too much: {list(extra)}"


def path(nodes: Mapping[int, Mapping[str, Any]], node: Mapping[str, Any]) -> str:
    names = [node["Name"]]
    while node["ParentId"] is not None:
        node = nodes[node["ParentId"]]
        names.append(node["Name"])
    return " > ".join(reversed(names[:-1]))


def script_of(nodes: Mapping[int, Mapping[str, Any]], node: Mapping[str, Any]) -> str:
    """`script@machine`: the action below the machine in a rolling step, else the machine below the step."""
    names = [part.partition(": ")[2] or part for part in path(nodes, node).split(" > ")]
    if len(names) == 1:
        return f"{names[0]}@server"
    return f"{names[2]}@{names[1]}" if len(names) == 3 else f"{names[0]}@{names[1]}"


def _database(chaos: Chaos) -> Iterator[str]:
    connection = sqlite3.connect(f"file:{chaos.database}?mode=ro", uri=True)
    try:
        for check in ("integrity_check", "foreign_key_check"):
            rows = [row for row in connection.execute(f"PRAGMA {check}") if row[0] != "ok"]
            yield from (f"{check}: {row}" for row in rows)
        left = connection.execute("select count(*) from server_task where holds_tag and completed is not null")
        if count := left.fetchone()[0]:
            yield f"{count} tasks that have ended hold their tag"
    finally:
        connection.close()
