"""1,000 polling agents at one server: what a connection costs it, and how soon a script has run on all of them.

`python bench/polling.py [--quick]`. The agents are made up (`bench/agents.py`, in four processes), the wire is real.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "demo")]

from run import Demo  # noqa: E402 - in the demo's folder
from story import Api, deploy, make_environments  # noqa: E402
from targets import (  # noqa: E402 - beside this file
    Targets,
    cpu_seconds,
    follow_rarely,
    make_project,
    memory_mb,
    script_step,
)

_PROCESSES = 4
_ROLE = "polling"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a few agents, to see that it runs")
    count = 40 if parser.parse_args(arguments).quick else 1000
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="polpo-polling-") as folder:
        demo, processes = Demo(Path(folder), say, listen=0), []
        try:
            demo.start_server()
            api = demo.connect()
            make_environments(api)
            server = api.get("/certificates/certificate-global")["Thumbprint"]
            processes = [Targets(count // _PROCESSES, server, demo.polling) for _ in range(_PROCESSES)]
            say(f"Registering {count} targets")
            _register(api, processes)
            print(_report(demo, api, processes))
        finally:
            for one in processes:
                one.close()
            demo.stop()


def _register(api: Api, processes: Sequence[Targets]) -> None:
    environment = next(one["Id"] for one in api.get("/environments/all") if one["Name"] == "Development")
    for number, (process, subscription) in enumerate((p, s) for p in processes for s in p.subscriptions):
        endpoint = {"CommunicationStyle": "TentacleActive", "Uri": subscription, "Thumbprint": process.thumbprint}
        told = {"Name": f"agent-{number:04}", "Roles": [_ROLE], "EnvironmentIds": [environment]}
        api.post("/machines", {**told, "Endpoint": endpoint})


def _report(demo: Demo, api: Api, processes: Sequence[Targets]) -> str:
    pid, count = demo.programs[0].pid, sum(len(one.subscriptions) for one in processes)
    before, began = memory_mb(pid, "VmRSS"), time.monotonic()
    for one in processes:
        one.told()
    while _connections(pid, demo.polling) < count:
        time.sleep(0.1)
    connected = time.monotonic() - began
    time.sleep(2)  # so that what the handshakes took is given back
    kilobytes = (memory_mb(pid, "VmRSS") - before) * 1024 / count
    demo.say("Waiting for the health checks")
    while api.get("/tasks", active="true", take=1)["TotalResults"]:
        time.sleep(0.2)
    make_project(api, "A script everywhere", script_step(_ROLE), MaxParallelism="100")
    spent, began, ran = cpu_seconds(pid), time.monotonic(), _ran(processes)
    task = follow_rarely(api, deploy(api, "1.0.0", "Development", "A script everywhere"))
    seconds, spent = time.monotonic() - began, cpu_seconds(pid) - spent
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    ran = _ran(processes) - ran
    heads = ("polling agents", "all connected, s", "kB a connection", "a script on all, s", "CPU of that, s", "scripts")
    values = (f"{count}", f"{connected:.1f}", f"{kilobytes:.0f}", f"{seconds:.1f}", f"{spent:.1f}", f"{ran}")
    return "\n".join([f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|", f"| {' | '.join(values)} |"])


def _ran(processes: Sequence[Targets]) -> int:
    return sum(int(one.told()["started"]) for one in processes)


def _connections(pid: int, port: int) -> int:
    """Established connections to the port, as the system counts them."""
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    return sum(1 for line in lines if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "01")


if __name__ == "__main__":
    main()
