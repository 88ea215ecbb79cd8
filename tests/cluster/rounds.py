"""Kills or freezes the node that runs a deployment, at a random moment, again and again.

    python tests/cluster/rounds.py --rounds 5 --how kill

Two servers on one PostgreSQL (with durable settings), agents on this machine. In each round a script runs on all
agents; the node that runs it dies, and the other goes on. Every script must have run once, and its log be complete and
in order. Prints how long it took until the other node had the task. Exit code 1 when a round went wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(path) for path in (HERE, ROOT, ROOT / "demo", ROOT / "tests" / "e2e")]

import story  # noqa: E402 - beside the demo
from nodes import Nodes, until  # noqa: E402
from scripts import COUNTING, lines_of, make_script_project, marks  # noqa: E402
from tests.postgres import postgres  # noqa: E402

_LINES, _PAUSE = 30, 0.2


def play(nodes: Nodes, how: str, number: int, agents: int, rng: random.Random) -> float:
    """One round; the seconds from the blow until the other node had the task."""
    begun = nodes.folder / f"marks-{how}-{number}"
    begun.mkdir()
    api = nodes.api("one")
    project = f"Counting {how} {number}"
    make_script_project(api, project, COUNTING.format(marks=begun, lines=_LINES, pause=_PAUSE))
    task_id = story.deploy(api, "1.0.0", "Development", project)
    until(lambda: api.get(f"/tasks/{task_id}")["ServerNode"] is not None, "the start of the task")
    victim = api.get(f"/tasks/{task_id}")["ServerNode"]
    other = "two" if victim == "one" else "one"
    time.sleep(rng.uniform(0.0, _LINES * _PAUSE))
    (nodes.kill if how == "kill" else nodes.freeze)(victim)
    there = nodes.api(other)
    task = there.get(f"/tasks/{task_id}")
    took = (
        until(lambda: there.get(f"/tasks/{task_id}")["ServerNode"] == other, "the take-over", 90)
        if (not task["IsCompleted"])
        else 0.0
    )
    task = story.follow(there, task_id)
    if how == "freeze":
        nodes.thaw(victim)
        until(lambda: not nodes.programs[victim].is_alive(), "the end of the frozen node")
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    names = {f"agent-{one}" for one in range(agents)}
    assert marks(begun) == {name: ["begun", "ended"] for name in names}, marks(begun)
    expected = [f"line {one}" for one in range(1, _LINES + 1)]
    assert lines_of(there, task_id) == dict.fromkeys(names, expected), "the log is not what the scripts said"
    nodes.start(victim)
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill or freeze nodes at random moments.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--how", choices=("kill", "freeze", "both"), default="both")
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--times", default="", help="beat,dead,fence in seconds; the servers' own unless told")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 30)
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)  # noqa: S311 - moments are no secrets
    times = tuple(float(part) for part in options.times.split(",")) if options.times else None
    ways = ["kill", "freeze"] if options.how == "both" else [options.how]
    with tempfile.TemporaryDirectory(prefix="polpo-chaos-") as folder, postgres("fsync=on") as server:
        nodes = Nodes(Path(folder), server.url(server.create()), times)  # type: ignore[arg-type]
        try:
            nodes.start("one")
            nodes.start("two")
            story.make_environments(nodes.api("one"))
            for number in range(options.agents):
                nodes.agent(f"agent-{number}")
            for how in ways:
                took = []
                for number in range(options.rounds):
                    took.append(play(nodes, how, number, options.agents, rng))
                    print(f"{how} {number + 1}/{options.rounds}: taken over after {took[-1]:.1f} s", flush=True)
                print(f"{how}: {min(took):.1f} to {max(took):.1f} s, mean {sum(took) / len(took):.1f} s", flush=True)
        except AssertionError as error:
            print(f"FAILED: {error}", file=sys.stderr)
            for name, program in nodes.programs.items():
                print(f"-- {name}\n{program.last_lines(30)}", file=sys.stderr)
            return 1
        finally:
            nodes.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
