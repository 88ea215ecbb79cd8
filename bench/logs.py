"""Logs under load: 100,000 lines in a minute from ten agents at once, and one script that prints a million lines.

`python bench/logs.py [--quick]`. Server and agents are real processes. Answer times stand beside those of the same
routes on the same server before the lines came; opening a log of a million lines beside opening one of a thousand.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "demo"), str(HERE.parent / "tests" / "e2e")]

import httpx  # noqa: E402
from run import Demo  # noqa: E402 - in the demo's folder
from scripts import make_script_project  # noqa: E402 - in the folder of the end-to-end tests
from story import Api, deploy, make_environments  # noqa: E402
from targets import cpu_seconds, follow_rarely, memory_mb  # noqa: E402 - beside this file

_STEADY = """\
number=0
for round in $(seq {rounds}); do
  seq -f 'line %.0f of the steady output of a script, about as long as lines are' $((number + 1)) $((number + {lines}))
  number=$((number + {lines}))
  sleep {pause}
done
"""
_FAST = "seq -f 'line %.0f of the fast output of a script, about as long as lines are' {lines}\n"


@dataclass(frozen=True)
class Effort:
    """`rounds` times `lines` lines on each agent, `pause` seconds apart; `many` lines of one; `idle` seconds."""

    agents: int
    rounds: int
    lines: int
    pause: float
    many: int
    idle: float


FULL = Effort(agents=10, rounds=100, lines=100, pause=0.5, many=1_000_000, idle=10)
QUICK = Effort(agents=2, rounds=5, lines=100, pause=0.2, many=20_000, idle=1)


@dataclass
class Probe:
    """Asks the server for lists, and for what is new in a log, on a thread; keeps how long each took, in ms."""

    api: Api
    task_id: str
    times: dict[str, list[float]] = field(default_factory=dict)
    heard: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        ended = threading.Event()
        thread = threading.Thread(target=self._ask, args=(ended,))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _ask(self, ended: threading.Event) -> None:
        while not ended.wait(0.02):
            self._note("the newest tasks", "/tasks?take=30")
            self._note("projects", "/projects?take=30")
            part = self._note("what is new in the log", f"/tasks/{self.task_id}/log?after={self.heard}&take=5000")
            self.heard = part["LastNumber"]

    def _note(self, what: str, path: str) -> Any:
        spent, answer = _timed(self.api, path)
        self.times.setdefault(what, []).append(spent)
        return answer.json()

    def row(self, before: Probe) -> Iterator[str]:
        for what, found in self.times.items():
            idle = _late(before.times[what])
            yield (
                f"| {what}, while lines come in | median {statistics.median(found):.1f} ms, 99 % {_late(found):.1f} ms "
                f"| before: 99 % {idle:.1f} ms | {_late(found) / idle:.1f} |"
            )


def _late(times: Sequence[float]) -> float:
    """What 99 of 100 stay under."""
    return sorted(times)[int(0.99 * (len(times) - 1))]


def _timed(api: Api, path: str) -> tuple[float, httpx.Response]:
    """Milliseconds until the whole answer was there, and the answer."""
    began = time.perf_counter()
    answer = api.client.get(path)
    assert answer.is_success, f"{path}: {answer.text[:300]}"
    return (time.perf_counter() - began) * 1000, answer


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a few lines, to see that it runs")
    effort = QUICK if parser.parse_args(arguments).quick else FULL
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="polpo-logs-") as folder:
        demo = Demo(Path(folder), say, listen=0)
        try:
            demo.start_server()
            api = demo.connect()
            make_environments(api)
            say(f"Starting {effort.agents} agents")
            for number in range(effort.agents):
                demo.start_agent("Development", name=f"agent-{number}", mode="listening")
            print("| measured | figure | compared with | ratio |\n| --- | --- | --- | --- |", flush=True)
            for row in (*_steady(demo, api, effort), *_fast(demo, api, effort)):
                print(row, flush=True)
        finally:
            demo.stop()


# -- many scripts at once


def _steady(demo: Demo, api: Api, effort: Effort) -> Iterator[str]:
    body = _STEADY.format(rounds=effort.rounds, lines=effort.lines, pause=effort.pause)
    make_script_project(api, "Steady", body)
    _warm_up(api)
    demo.say("Asking a server that has nothing to do")
    server, before = demo.programs[0], Probe(api, "ServerTasks-1")
    asking = cpu_seconds(server.pid)
    with before.running():
        time.sleep(effort.idle)
    asking = (cpu_seconds(server.pid) - asking) / effort.idle
    demo.say("Printing steadily on all agents")
    spent, began = cpu_seconds(server.pid), time.monotonic()
    task_id = deploy(api, "1.0.0", "Development", "Steady")
    probe = Probe(demo.connect(), task_id)
    with probe.running():
        task = follow_rarely(api, task_id)
    seconds, spent = time.monotonic() - began, cpu_seconds(server.pid) - spent
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    total = effort.agents * effort.rounds * effort.lines
    _check(api, task_id, effort.rounds * effort.lines, effort.agents)
    yield f"| {total:,} lines of {effort.agents} scripts, none lost, in order | {seconds:.0f} s | | |"
    share = spent / seconds
    yield f"| CPU of the server meanwhile | {share:.0%} | answering alone: {asking:.0%} | {share / asking:.1f} |"
    yield from probe.row(before)


def _warm_up(api: Api) -> None:
    """Waits until the server has nothing to do: each new agent is looked at first."""
    while api.get("/tasks", active="true", take=1)["TotalResults"]:
        time.sleep(0.1)


def _check(api: Api, task_id: str, due: int, agents: int) -> None:
    """Every agent's lines, each once and in order."""
    found: dict[int, int] = {}
    for line in _lines(api, task_id):
        if line["Text"].startswith("line "):
            number = int(line["Text"].split()[1])
            assert number == found.get(line["NodeId"], 0) + 1, f"line {number} follows {found.get(line['NodeId'], 0)}"
            found[line["NodeId"]] = number
    assert list(found.values()) == [due] * agents, found


def _lines(api: Api, task_id: str) -> Iterator[Any]:
    after = 0
    while True:
        part = api.get(f"/tasks/{task_id}/log", after=after, take=10_000)
        yield from part["Lines"]
        if part["LastNumber"] >= part["TotalLines"]:
            return
        after = part["LastNumber"]


# -- one script that prints very much


def _fast(demo: Demo, api: Api, effort: Effort) -> Iterator[str]:
    server = demo.programs[0]
    for name, lines in (("Short", 1000), ("Long", effort.many)):
        body = f'[ "$(get_octopusvariable Octopus.Machine.Name)" = agent-0 ] || exit 0\n{_FAST.format(lines=lines)}'
        make_script_project(api, name, body)
    short = deploy(api, "1.0.0", "Development", "Short")
    assert follow_rarely(api, short)["FinishedSuccessfully"]
    demo.say(f"Printing {effort.many:,} lines as fast as one script can")
    memory, spent, began = memory_mb(server.pid, "VmRSS"), cpu_seconds(server.pid), time.monotonic()
    task_id = deploy(api, "1.0.0", "Development", "Long")
    while api.get(f"/tasks/{task_id}/log", after=0, take=1)["TotalLines"] < effort.many // 2:
        time.sleep(0.05)
    yield from _openings(api, task_id, short, "still written")
    task = follow_rarely(api, task_id)
    seconds, spent = time.monotonic() - began, cpu_seconds(server.pid) - spent
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    grown = memory_mb(server.pid) - memory
    yield f"| {effort.many:,} lines of one script | {seconds:.0f} s, {effort.many / seconds:,.0f} lines a second | | |"
    yield f"| CPU of the server a 1,000 of these lines | {spent / effort.many * 1e6:.0f} ms | | |"
    yield f"| memory of the server meanwhile | at most {grown:.0f} MB more than the {memory:.0f} MB before | | |"
    _check(api, task_id, effort.many, 1)
    yield from _openings(api, task_id, short, "packed")
    yield f"| what the portal reads of it when it opens it | {_portal(api, task_id):.0f} ms | | |"
    yield _raw(api, task_id)


def _openings(api: Api, task_id: str, short: str, state: str) -> Iterator[str]:
    total = api.get(f"/tasks/{task_id}/log", after=0, take=1)["TotalLines"]
    asked = {
        "the last 1,000 lines": "log?after={after}&take=1000",
        "details": "details",
        "details, 20 lines of each node": "details?tail=20",
    }
    for what, path in asked.items():
        many = _best(api, f"/tasks/{task_id}/{path.format(after=total - 1000)}")
        few = _best(api, f"/tasks/{short}/{path.format(after=0)}")
        yield f"| {what} of {total:,}, {state} | {many:.0f} ms | of 1,000: {few:.0f} ms | {many / few:.1f} |"


def _portal(api: Api, task_id: str) -> float:
    """Milliseconds until the portal has what it shows of a long log: its first lines, then its last ones."""
    total = api.get(f"/tasks/{task_id}/log", after=0, take=1)["TotalLines"]
    places = (0, total - 10_000, total - 5_000)
    return sum(_best(api, f"/tasks/{task_id}/log?after={after}&take=5000&verbose=false") for after in places)


def _best(api: Api, path: str) -> float:
    return min(_timed(api, path)[0] for _ in range(5))


def _raw(api: Api, task_id: str) -> str:
    began, size, first = time.perf_counter(), 0, 0.0
    with api.client.stream("GET", f"/tasks/{task_id}/raw") as answer:
        for chunk in answer.iter_bytes():
            first = first or time.perf_counter() - began
            size += len(chunk)
    seconds = time.perf_counter() - began
    return f"| the raw log | first bytes after {first * 1000:.0f} ms, {size / 1e6 / seconds:.0f} MB a second | | |"


if __name__ == "__main__":
    main()
