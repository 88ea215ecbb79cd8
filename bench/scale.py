"""Lists and the dashboard of a large installation: 1,000 projects, 10,000 releases, 2,000 machines, a million events.

`python bench/scale.py [--quick] [--data FOLDER]`. With --data the made-up installation is kept there and used again.
"Time" is one request after another, each asking something that was not asked before; requests a second are what eight
connections get that ask for the same page, which the server keeps ready until something is written.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

import httpx  # noqa: E402
from load import requests_per_second  # noqa: E402
from processes import free_port  # noqa: E402

_KEY = "API-SCALE000000000000000000000001"
_SPACE = "/api/Spaces-1"


@dataclass(frozen=True)
class Asked:
    """A route by what people call it. `{}` in the path is another number each time."""

    what: str
    path: str
    bound: int = 20


#: The ten that clients and the portal ask for most often, then others that could grow with the installation.
MOST_USED = (
    Asked("projects", f"{_SPACE}/projects?take=30&skip={{}}"),
    Asked("releases of a project", f"{_SPACE}/projects/Projects-5/releases?take=30&x={{}}"),
    Asked("releases", f"{_SPACE}/releases?take=30&skip={{}}"),
    Asked("deployments", f"{_SPACE}/deployments?take=30&skip={{}}"),
    Asked("tasks", f"{_SPACE}/tasks?take=30&skip={{}}"),
    Asked("environments", f"{_SPACE}/environments?take=30&x={{}}"),
    Asked("machines", f"{_SPACE}/machines?take=30&skip={{}}"),
    Asked("tenants", f"{_SPACE}/tenants?take=30&skip={{}}"),
    Asked("events", f"{_SPACE}/events?take=30&skip={{}}"),
    Asked("dashboard", f"{_SPACE}/dashboard?x={{}}", 100),
)
OTHERS = (
    Asked("events of a project", f"{_SPACE}/events?projects=Projects-5&take=30&skip={{}}"),
    Asked("events of a category", f"{_SPACE}/events?eventCategories=Deleted&take=30&skip={{}}"),
    Asked("events of a month", f"{_SPACE}/events?from=2025-01-01&to=2025-02-01&take=30&skip={{}}"),
    Asked("machines with a tag", f"{_SPACE}/machines?roles=web&take=30&skip={{}}"),
    Asked("machines of an environment", f"{_SPACE}/machines?environmentIds=Environments-1&take=30&skip={{}}"),
    Asked("projects by a part of the name", f"{_SPACE}/projects?partialName=basket&take=30&skip={{}}"),
    Asked("projects of a group", f"{_SPACE}/projectgroups/ProjectGroups-2/projects?take=30&x={{}}"),
    Asked("tenants with a tag", f"{_SPACE}/tenants?tags=Region/North&take=30&skip={{}}"),
    Asked("tenants of a project", f"{_SPACE}/tenants?projectId=Projects-5&take=30&skip={{}}"),
    Asked("channels", f"{_SPACE}/channels?take=30&skip={{}}"),
    Asked("failed tasks", f"{_SPACE}/tasks?states=Failed&take=30&skip={{}}"),
    Asked("tasks of a project", f"{_SPACE}/tasks?project=Projects-5&take=30&skip={{}}"),
    Asked("tasks by a part of the name", f"{_SPACE}/tasks?partialName=basket&take=30&skip={{}}"),
    Asked("deployments to an environment", f"{_SPACE}/deployments?environments=Environments-1&take=30&skip={{}}"),
    Asked("summary of the environments", f"{_SPACE}/environments/summary?x={{}}"),
    Asked("variables of a project", f"{_SPACE}/variables/variableset-Projects-7?x={{}}"),
    Asked("progression of a project", f"{_SPACE}/projects/Projects-5/progression?x={{}}"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--quick", action="store_true", help="a small installation and few requests, to see that it runs"
    )
    parser.add_argument("--data", type=Path, help="keep the installation in this folder, and use it again")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="polpo-scale-") as folder:
        data = (told.data or Path(folder) / "data").resolve()
        if not (data / "polpo.db").exists():
            _generate(data, quick=told.quick)
        rounds, seconds = (3, 0.2) if told.quick else (15, 2.0)
        with _server(data) as address, _hello() as ceiling:
            print(_report(address, ceiling, rounds, seconds))


def _generate(data: Path, *, quick: bool) -> None:
    small = ["--projects", "40", "--releases", "200", "--tenants", "20", "--machines", "50", "--events", "2000"]
    command = [sys.executable, "-m", "polpo", "admin", "generate", "--data-dir", str(data), *(small if quick else [])]
    subprocess.run(command, check=True, timeout=1800, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "POLPO_ADMIN_API_KEY": _KEY}


@contextmanager
def _server(data: Path) -> Iterator[str]:
    port = free_port(0)
    command = [sys.executable, "-m", "polpo", "server", "--data-dir", str(data), "--listen", f"127.0.0.1:{port}"]
    command += ["--agent-listen", "127.0.0.1:0", "--log-level", "warning"]
    with _process(command, f"http://127.0.0.1:{port}", "/api") as address:
        yield address


@contextmanager
def _hello() -> Iterator[str]:
    port = free_port(0)
    with _process([sys.executable, str(HERE / "hello.py"), str(port)], f"http://127.0.0.1:{port}", "/") as address:
        yield address


@contextmanager
def _process(command: list[str], address: str, path: str) -> Iterator[str]:
    process = subprocess.Popen(command, env=_environment(), stderr=subprocess.DEVNULL)
    try:
        _await(process, address + path)
        yield address
    finally:
        process.terminate()
        process.wait(60)


def _await(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(1200):
        assert process.poll() is None, f"{process.args!r} ended at its start"
        try:
            assert httpx.get(url, trust_env=False).is_success
        except httpx.TransportError:
            time.sleep(0.05)
            continue
        return
    raise AssertionError(f"{url} did not answer within 60 seconds")


def _report(address: str, ceiling: str, rounds: int, seconds: float) -> str:
    bare = requests_per_second(ceiling + "/", {}, seconds)
    lines = [
        "| asked for | kB | time, ms | bound, ms | requests a second | of a bare ASGI program |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    headers = {"X-Octopus-ApiKey": _KEY}
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
        for asked in (*MOST_USED, *OTHERS):
            size, spent = _times(client, asked, rounds)
            rate, share = "", ""
            if asked in MOST_USED:
                found = requests_per_second(address + asked.path.format(0), headers, seconds)
                rate, share = f"{found:.0f}", f"{found / bare:.2f}"
            lines.append(f"| {asked.what} | {size / 1000:.0f} | {spent:.1f} | {asked.bound} | {rate} | {share} |")
    return "\n".join([*lines, "", f"A bare ASGI hello-world on the same server program: {bare:.0f} requests a second."])


def _times(client: httpx.Client, asked: Asked, rounds: int) -> tuple[int, float]:
    """The size of an answer in bytes, and the median time of one in ms."""
    spent, size = [], 0
    for number in range(rounds):
        began = time.perf_counter()
        answer = client.get(asked.path.format(number))
        spent.append((time.perf_counter() - began) * 1000)
        assert answer.is_success, f"{asked.path}: {answer.text[:300]}"
        size = len(answer.content)
    return size, statistics.median(spent)


if __name__ == "__main__":
    main()
