"""`make bench`: how fast Polpo deploys, how soon a deployment speaks, and how fast lists are served.

Everything runs on this machine, so the figures of two machines do not compare; the ratios within one run do.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

import httpx  # noqa: E402
import story  # noqa: E402 - the story of the demo is what is measured
from load import requests_per_second  # noqa: E402
from package import build  # noqa: E402
from processes import free_port  # noqa: E402
from run import Demo  # noqa: E402


@dataclass(frozen=True)
class Result:
    """One line of the table; `ratio` says how it stands to what it is compared with in the same run."""

    what: str
    figure: str
    compared: str
    ratio: str


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    deployments: int
    starts: int
    releases: int
    seconds: float
    rounds: int


FULL = Effort(deployments=15, starts=30, releases=1000, seconds=2.0, rounds=5)
QUICK = Effort(deployments=2, starts=3, releases=40, seconds=0.3, rounds=1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Polpo.")
    parser.add_argument("--quick", action="store_true", help="a few of each, to see that it runs")
    effort = QUICK if parser.parse_args().quick else FULL
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="polpo-bench-") as folder:
        demo = Demo(Path(folder), say, listen=0)
        try:
            api = _prepare(demo)
            results = [*deployments(demo, api, effort), *first_lines(demo, api, effort), *lists(demo, api, effort)]
        finally:
            demo.stop()
    print(_table(results))


def _prepare(demo: Demo) -> story.Api:
    """A server, one agent, the sample project, and one deployment of it, so that everything is warm."""
    demo.start_server()
    api = demo.connect()
    environments = story.make_environments(api)
    demo.start_agent("Development")
    story.make_project(api, environments, demo.sites())
    api.upload(build("1.0.0", demo.folder / "packages"))
    story.create_release(api, "1.0.0")
    _succeed(api, story.deploy(api, "1.0.0", "Development"))
    return api


def _succeed(api: story.Api, task_id: str) -> None:
    """Waits for the task's end; asks every 10 ms."""
    for _ in range(12_000):
        task = api.get(f"/tasks/{task_id}")
        if task["IsCompleted"]:
            assert task["FinishedSuccessfully"], task["ErrorMessage"]
            return
        time.sleep(0.01)
    raise AssertionError(f"{task_id} did not end within 120 seconds")


# -- deployments a minute


def deployments(demo: Demo, api: story.Api, effort: Effort) -> Iterator[Result]:
    """The sample, one after another: package, configuration, start of the site, check; and the same by a script."""
    demo.say(f"Deploying the sample {effort.deployments} times, by Polpo and by hand in turn")
    package, port = build("1.0.0", demo.folder / "packages"), free_port(0)
    own, by_hand = [], []
    try:
        for _ in range(effort.deployments):
            own.append(_seconds(lambda: _succeed(api, story.deploy(api, "1.0.0", "Development"))))
            by_hand.append(_seconds(lambda: _deploy_by_hand(package, demo.folder / "by-hand", port)))
    finally:
        for script in sorted((demo.folder / "by-hand").glob("*/stop.sh"))[:1]:
            subprocess.run(["bash", str(script)], capture_output=True, timeout=60, check=False)
    median, floor = statistics.median(own), statistics.median(by_hand)
    yield Result(
        "deployments of the sample a minute, one agent",
        f"{60 / median:.0f} ({median:.2f} s each)",
        f"the same steps in a shell script, no server: {60 / floor:.0f} ({floor:.2f} s each)",
        f"{floor / median:.2f}",
    )


def _deploy_by_hand(package: Path, folder: Path, port: int) -> None:
    arguments = ["bash", str(HERE / "by_hand.sh"), str(package), "1.0.0", str(folder), str(port)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# -- the first line


def first_lines(demo: Demo, api: story.Api, effort: Effort) -> Iterator[Result]:
    """From the request to deploy until a client has read the first line: of the task, and of the target's script."""
    demo.say(f"Waiting for the first line of {effort.starts} deployments")
    _make_script_project(api)
    story.create_release(api, "1.0.0", "One line")
    any_line, from_target = [], []
    for _ in range(effort.starts):
        first, spoken = _first_lines(api)
        any_line.append(first)
        from_target.append(spoken)
    bare = statistics.median(_seconds(lambda: api.get("/tasks", take=1)) for _ in range(effort.starts))
    for what, times in (("first line of the task", any_line), ("first line of the script on the target", from_target)):
        ordered = sorted(times)
        median, late = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
        yield Result(
            f"from deploy to the {what}",
            f"median {median * 1000:.0f} ms, 95 % {late * 1000:.0f} ms",
            f"one request for a list: {bare * 1000:.1f} ms",
            f"{median / bare:.0f}",
        )


def _make_script_project(api: story.Api) -> None:
    told = {"Name": "One line", "ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    project = api.post("/projects", told)
    properties = {"ScriptSource": "Inline", "Syntax": "Bash", "ScriptBody": "echo the script speaks"}
    script = {f"Octopus.Action.Script.{name}": value for name, value in properties.items()}
    action = {"Name": "Speak", "ActionType": "Octopus.Script", "Properties": script}
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    on_web = {"Octopus.Action.TargetRoles": story.ROLE}
    process["Steps"] = [{"Name": "Speak", "Properties": on_web, "Actions": [action]}]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)


def _first_lines(api: story.Api) -> tuple[float, float]:
    """Seconds until any line, and until the script's, could be read; asks again as soon as an answer is there."""
    began = time.perf_counter()
    task_id = story.deploy(api, "1.0.0", "Development", "One line")
    first, after = 0.0, 0
    while time.perf_counter() - began < 60:
        part = api.get(f"/tasks/{task_id}/log", after=after, verbose="true")
        now = time.perf_counter() - began
        first = first or (now if part["Lines"] else 0.0)
        if any("the script speaks" in line["Text"] for line in part["Lines"]):
            _succeed(api, task_id)
            return first, now
        after = part["LastNumber"]
    raise AssertionError(f"{task_id} said nothing within 60 seconds")


# -- lists


def lists(demo: Demo, api: story.Api, effort: Effort) -> Iterator[Result]:
    """Requests a second for pages of 30, against a bare route that reads the same items from SQLite."""
    project = api.get("/projects", partialName="One line")["Items"][0]["Id"]
    for releases in (30, effort.releases):
        demo.say(f"Making {releases} releases and listing them")
        have = api.get(f"/projects/{project}/releases", take=1)["TotalResults"]
        for number in range(have, releases):
            story.create_release(api, f"2.0.{number}", "One line")
        path = f"/api/Spaces-1/projects/{project}/releases"
        yield _list_result(demo, api, effort, path, f"the first 30 of {releases:,} releases")
    yield _list_result(demo, api, effort, "/api/Spaces-1/tasks", "the newest tasks")


def _list_result(demo: Demo, api: story.Api, effort: Effort, path: str, what: str) -> Result:
    page = httpx.get(demo.address + path, headers=api.client.headers, trust_env=False).content
    key = {"X-Octopus-ApiKey": demo.api_key}
    own, rows, constant = [], [], []
    with _bare_server(demo.folder, page) as bare:
        for _ in range(effort.rounds):
            own.append(requests_per_second(demo.address + path, key, effort.seconds))
            rows.append(requests_per_second(f"{bare}/rows", key, effort.seconds))
            constant.append(requests_per_second(f"{bare}/bytes", key, effort.seconds))
    rate, ceiling = statistics.median(own), statistics.median(rows)
    return Result(
        f"requests a second for {what} ({len(page) / 1000:.0f} kB)",
        f"{rate:.0f}",
        f"a bare Litestar route, the same items from SQLite: {ceiling:.0f}; "
        f"the same bytes from memory: {statistics.median(constant):.0f}",
        f"{rate / ceiling:.2f}",
    )


@contextmanager
def _bare_server(folder: Path, page: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        file, port = Path(place) / "page.json", free_port(0)
        file.write_bytes(page)
        address = f"http://127.0.0.1:{port}"
        arguments = [str(HERE / "bare.py"), str(file), str(Path(place) / "page.db"), str(port)]
        process = subprocess.Popen([sys.executable, *arguments])
        try:
            _wait_for(process, f"{address}/bytes")
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(600):
        assert process.poll() is None, "the bare server ended at its start"
        try:
            answer = httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
            continue
        assert answer.is_success, answer.text
        return
    raise AssertionError(f"{url} did not answer within 30 seconds")


def _table(results: list[Result]) -> str:
    rows = [("measured", "Polpo", "compared with", "ratio"), ("---",) * 4]
    rows += [(one.what, one.figure, one.compared, one.ratio) for one in results]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
