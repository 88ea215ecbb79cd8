"""One deployment to 100, 300 and 1,000 targets: what each target costs the server, and whether the cost grows evenly.

`python bench/targets.py [--quick]`. The targets are made up (`bench/agents.py`), the wire to them is real. CPU is that
of the server process, so that other work on the machine changes little. It stands beside that of a bare loop which
makes the same calls to the same targets over the same protocol, and keeps nothing of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

from run import Demo  # noqa: E402 - in the demo's folder
from story import Api, deploy, make_environments  # noqa: E402

from polpo.halibut.certificates import Identity  # noqa: E402
from polpo.halibut.clients import AgentClient  # noqa: E402
from polpo.halibut.contracts import ScriptFile, ScriptTicket, StartScriptCommandV2  # noqa: E402
from polpo.halibut.runtime import Endpoint, HalibutRuntime  # noqa: E402
from polpo.halibut.streams import DataStream  # noqa: E402

_AT_ONCE = 10
_PACKAGE_BYTES = 1_000_000
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figure:
    """One deployment. Times in seconds, of the server; memory in MB, the highest since its start."""

    targets: int
    planning: float
    seconds: float
    cpu: float
    memory: float

    @property
    def per_target(self) -> float:
        return self.cpu / self.targets * 1000


class Targets:
    """The process of the made-up agents."""

    def __init__(self, count: int, server: str, polled: int = 0) -> None:
        command = [sys.executable, str(HERE / "agents.py"), str(count), server, str(polled)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        told = self._read()
        self.identity, self.thumbprint, self.ports = Identity.from_pem(told["pem"]), told["thumbprint"], told["ports"]
        self.subscriptions: list[str] = told["subscriptions"]

    def told(self) -> dict[str, Any]:
        assert self.process.stdin is not None
        print(file=self.process.stdin, flush=True)
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a few targets, to see that it runs")
    counts = (10, 30) if parser.parse_args(arguments).quick else (100, 300, 1000)
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="polpo-targets-") as folder:
        demo = Demo(Path(folder), say, listen=0)
        targets: Targets | None = None
        try:
            demo.start_server()
            api = demo.connect()
            make_environments(api)
            targets = Targets(max(counts), api.get("/certificates/certificate-global")["Thumbprint"])
            say(f"Registering {max(counts)} targets")
            _register(api, targets, counts)
            say("Waiting for the health checks that this began")
            while api.get("/tasks", active="true", take=1)["TotalResults"]:
                time.sleep(0.2)
            print(_report(demo, api, targets, counts))
        finally:
            if targets is not None:
                targets.close()
            demo.stop()


def _register(api: Api, targets: Targets, counts: Sequence[int]) -> None:
    environment = next(one["Id"] for one in api.get("/environments/all") if one["Name"] == "Development")
    for number, port in enumerate(targets.ports):
        endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": f"https://127.0.0.1:{port}/"}
        roles = [f"of-{count}" for count in counts if number < count]
        told = {"Name": f"target-{number:04}", "Roles": roles, "EnvironmentIds": [environment]}
        api.post("/machines", {**told, "Endpoint": {**endpoint, "Thumbprint": targets.thumbprint}})


def _report(demo: Demo, api: Api, targets: Targets, counts: Sequence[int]) -> str:
    heads = ("deployment", "targets", "planning, s", "wall, s", "CPU a target, ms", "of a bare loop", "memory, MB")
    rows = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for name, steps in (("one script", script_step), ("a package of 1 MB and a script", _package_steps)):
        if steps is _package_steps:
            api.upload(_package(demo.folder))
        for count in counts:
            demo.say(f"{name}, {count} targets")
            project = f"{name} {count}"
            make_project(api, project, steps(f"of-{count}"))
            figure = _measure(demo, api, targets, project, count, scripts=1 if steps is script_step else 2)
            bare = asyncio.run(_bare(targets, count, with_package=steps is _package_steps)) / count * 1000
            rows.append(
                f"| {name} | {count} | {figure.planning:.2f} | {figure.seconds:.1f} | {figure.per_target:.1f} "
                f"| {bare:.1f} ms, {figure.per_target / bare:.1f} times | {figure.memory:.0f} |"
            )
    return "\n".join(rows)


# -- the deployments


def make_project(api: Api, name: str, steps: list[dict[str, Any]], **properties: str) -> None:
    """`properties` are of the first step: `MaxParallelism`, for one."""
    lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
    project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle, "ProjectGroupId": group})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    steps[0]["Properties"] |= {f"Octopus.Action.{name}": value for name, value in properties.items()}
    process["Steps"] = steps
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    variables = api.get(f"/projects/{project['Id']}/variables")
    variables["Variables"] = [
        {"Name": f"Setting.{number}", "Value": f"the value {number}", "Type": "String"} for number in range(100)
    ]
    api.put(f"/projects/{project['Id']}/variables", variables)
    api.post("/releases/create/v1", {"ProjectName": name, "ReleaseVersion": "1.0.0"})


def script_step(role: str) -> list[dict[str, Any]]:
    told = {"ScriptSource": "Inline", "Syntax": "Bash", "ScriptBody": "echo hello"}
    properties = {f"Octopus.Action.Script.{name}": value for name, value in told.items()}
    action = {"Name": "Say", "ActionType": "Octopus.Script", "Properties": properties}
    return [{"Name": "Say", "Properties": {"Octopus.Action.TargetRoles": role}, "Actions": [action]}]


def _package_steps(role: str) -> list[dict[str, Any]]:
    package = {"Name": "", "PackageId": "Bench.Package", "FeedId": "feeds-builtin"}
    action = {"Name": "Install", "ActionType": "Octopus.TentaclePackage", "Packages": [package], "Properties": {}}
    install = {"Name": "Install", "Properties": {"Octopus.Action.TargetRoles": role}, "Actions": [action]}
    return [install, *script_step(role)]


def _package(folder: Path) -> Path:
    path = folder / "Bench.Package.1.0.0.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("content.bin", os.urandom(_PACKAGE_BYTES))
    return path


def _measure(demo: Demo, api: Api, targets: Targets, project: str, count: int, scripts: int) -> Figure:
    before, spent = targets.told(), cpu_seconds(demo.programs[0].pid)
    began = time.monotonic()
    task = follow_rarely(api, deploy(api, "1.0.0", "Development", project))
    seconds = time.monotonic() - began
    spent = cpu_seconds(demo.programs[0].pid) - spent
    after = targets.told()
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert after["started"] - before["started"] == count * scripts, (before, after)
    assert after["twice"] == 0
    assert after["uploaded"] - before["uploaded"] == (count if scripts == 2 else 0), (before, after)
    return Figure(count, _planning(api, task["Id"]), seconds, spent, memory_mb(demo.programs[0].pid))


def follow_rarely(api: Api, task_id: str) -> Any:
    """Waits for the task's end, and asks for nothing that costs much."""
    while not (task := api.get(f"/tasks/{task_id}"))["IsCompleted"]:
        time.sleep(0.1)
    return task


def _planning(api: Api, task_id: str) -> float:
    """From the start of the task to the start of its first step."""
    nodes = api.get(f"/tasks/{task_id}/log", take=1)["Nodes"]
    root, first = nodes[0], min((node for node in nodes if node["ParentId"] == 0), key=lambda node: node["Started"])
    length: timedelta = _moment(first["Started"]) - _moment(root["Started"])
    return length.total_seconds()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# -- what is compared


async def _bare(targets: Targets, count: int, *, with_package: bool) -> float:
    """CPU seconds of the same calls to the targets, ten at once, when nothing is kept of them."""
    runtime = HalibutRuntime(targets.identity)
    content, variables = os.urandom(_PACKAGE_BYTES), os.urandom(8_000)
    lanes = asyncio.Semaphore(_AT_ONCE)

    async def visit(port: int) -> None:
        client = AgentClient(runtime, Endpoint(f"https://127.0.0.1:{port}/", targets.thumbprint))
        async with lanes:
            await _run(client, "polpo-runner")
            if with_package:
                await client.upload("Files/x", DataStream.of_bytes(content))
                await _run(client, "install", variables)
            await _run(client, "say", variables)

    before = _own_cpu()
    await asyncio.gather(*(visit(port) for port in targets.ports[:count]))
    await runtime.close()
    return _own_cpu() - before


async def _run(client: AgentClient, body: str, variables: bytes | None = None) -> None:
    ticket = ScriptTicket(os.urandom(16).hex())
    files = () if variables is None else (ScriptFile("variables.json", DataStream.of_bytes(variables)),)
    await client.start(StartScriptCommandV2(ticket, body, scripts={"Bash": body}, files=files))
    await client.complete(ticket)


# -- what a process costs


def _own_cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def cpu_seconds(pid: int) -> float:
    """Of the process so far, its children not counted."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_mb(pid: int, what: str = "VmHWM") -> float:
    """`VmHWM`: the most that the process had in memory; `VmRSS`: what it has now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"the system does not tell {what}")


if __name__ == "__main__":
    main()
