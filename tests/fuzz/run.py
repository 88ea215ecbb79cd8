"""`make fuzz`: Schemathesis against a server process, over the API's own description. No input may be answered by 5xx.

A space is filled first, and the description told which ids there are, so that the requests reach what stands behind
them. Ends with 1 when an answer was a server's error, when the server died, or when it could not be reached.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "e2e"), str(HERE.parents[1] / "demo")]

from blunt import send_nasty  # noqa: E402 - beside this file

from compat.stage import Stage, set_up_stage  # noqa: E402 - beside this folder
from compat.world import RECIPES, NotServed, World  # noqa: E402

#: Operations that would end the run: they sign the caller out, take the caller's own rights, or never end.
_LEFT_OUT = (
    r"/api/users/(login|logout|register)$",
    r"/api/users/\{\w+\}/(apikeys|access-token|revoke-sessions)",
    r"/tasks/\{id\}/events$",
    r"/api/\{space\}/tasks/\{id\}/events$",
)
#: 501 is the answer of routes that are listed as missing.
_EXPECTED = '[checks.not_a_server_error]\nexpected-statuses = ["2xx", "3xx", "4xx", 501]\n'
_UNKNOWN = "Nothing-99"
_PARAMETER = re.compile(r"\{(\w+)\}")
#: What must survive the run: without it the caller loses the right to send anything more.
_KEPT = re.compile(r"Users-1|Spaces-\d+|teams-[\w-]+|userroles-\w+|ScopedUserRoles-[1-9]")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120, help="how long to send requests (default 120)")
    parser.add_argument("--workers", type=int, default=1, help="threads; several break Python 3.11's compiler")
    parser.add_argument("--seed", type=int, help="repeat an earlier run")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="polpo-fuzz-") as folder, set_up_stage(Path(folder)) as stage:
        world = _filled(stage)
        document = _with_ids(stage, world)
        description, report = Path(folder) / "openapi.json", Path(folder) / "report.ndjson"
        description.write_text(json.dumps(document))
        seed = told.seed if told.seed is not None else secrets.randbelow(2**32)
        samples = _samples(stage, world, document)
        blunt = send_nasty(stage.client, samples, told.seconds / 4, seed)
        print(
            f"{blunt.total()} documents of {len(samples)} collections with a nasty value (seed {seed}): {_told(blunt)}"
        )
        (Path(folder) / "schemathesis.toml").write_text(_EXPECTED)
        code = _run(stage, description, report, told)
        return _summary(stage, report, code or blunt["unanswered"]) or _kept(stage, world)


def _filled(stage: Stage) -> World:
    """A space with one of everything that can be made."""
    world = stage.new_world()
    for recorded in RECIPES:
        try:
            world[recorded]
        except (NotServed, AssertionError) as missing:
            print(f"without {recorded}: {missing}"[:200])
    return world


# -- the description, with the ids that there are


def _with_ids(stage: Stage, world: World) -> dict[str, Any]:
    document: dict[str, Any] = stage.client.get("/api/openapi.json").json()
    lists: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    ids = _ids(stage, world, path, parameter["name"], lists)
                    parameter["schema"] = {"type": "string", "enum": ids[-2:] if method == "delete" else ids}
    return document


def _ids(stage: Stage, world: World, path: str, name: str, lists: dict[str, list[str]]) -> list[str]:
    """The ids to try at one parameter: those in the list that the path goes through, and one that is not there."""
    if name == "space":
        return [world.known["Spaces-1"]]
    before = path.partition(f"/{{{name}}}")[0].replace("{space}", world.known["Spaces-1"])
    if before not in lists:
        lists[before] = [*_listed(stage, before), _UNKNOWN]
    return lists[before]


def _listed(stage: Stage, path: str) -> list[str]:
    if _PARAMETER.search(path):
        return []
    ids = [str(one["Id"]) for one in _items(stage, path) if "Id" in one]
    return [one for one in ids if not _KEPT.fullmatch(one)][:20]


def _items(stage: Stage, path: str) -> list[Any]:
    answer = stage.client.get(path, params={"take": 100})
    said = answer.json() if answer.is_success and "json" in answer.headers.get("content-type", "") else []
    items = said.get("Items", []) if isinstance(said, dict) else said
    return [one for one in items if isinstance(one, dict)]


def _samples(stage: Stage, world: World, document: dict[str, Any]) -> dict[str, list[Any]]:
    """What is in each collection that can be written to, by its path."""
    samples: dict[str, list[Any]] = {}
    for path, operations in document["paths"].items():
        place = path.replace("{space}", world.known["Spaces-1"])
        if "post" in operations and "get" in operations and not _PARAMETER.search(place):
            found = [one for one in _items(stage, place) if not _KEPT.fullmatch(str(one.get("Id", "Users-1")))]
            samples |= {place: found[:20]} if found else {}
    return samples


# -- the run


def _run(stage: Stage, description: Path, report: Path, told: argparse.Namespace) -> int:
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "run", str(description), "--url", stage.address, "--no-color", "--continue-on-failure"]
    command += ["--header", f"X-Octopus-ApiKey:{stage.api_key}", "--workers", str(told.workers), "--no-shrink"]
    command += [
        "--checks",
        "not_a_server_error",
        "--max-time",
        str(max(told.seconds * 3 // 4, 1)),
        "--request-timeout",
        "30",
    ]
    command += ["--suppress-health-check", "all", "--warnings", "off", "--generation-database", "none"]
    command += ["--report-ndjson-path", str(report)]
    command += [word for pattern in _LEFT_OUT for word in ("--exclude-path-regex", pattern)]
    command += ["--seed", str(told.seed)] if told.seed is not None else []
    return subprocess.run(command, check=False, cwd=report.parent, timeout=told.seconds * 3 + 300).returncode


def _summary(stage: Stage, report: Path, code: int) -> int:
    """Says how much was asked and answered, and what the server's log has of its own mistakes."""
    operations, statuses = _counted(report)
    mistakes = Counter(_MISTAKE.findall(stage.log.read_text(errors="replace")))
    alive = stage.client.get("/api").is_success
    print(f"{sum(statuses.values())} requests to {len(operations)} operations:", end=" ")
    print(_told(statuses))
    for what, count in mistakes.most_common():
        print(f"the server made a mistake {count} times: {what}")
    print("the server lives" if alive else "the server is dead")
    return 1 if code or mistakes or not alive else 0


def _kept(stage: Stage, world: World) -> int:
    """Whether the caller still had all rights at the end; else much was refused at the door, and tried nothing."""
    places = ("/api/users", "/api/spaces", f"/api/{world.known['Spaces-1']}/projects", "/api/Spaces-1/projects")
    lost = [place for place in places if not stage.client.get(place).is_success]
    for place in lost:
        print(f"the caller may not read {place} any more: some request took its own rights")
    return 1 if lost else 0


def _told(statuses: Counter[str]) -> str:
    return ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))


_MISTAKE = re.compile(r"request failed.*")


def _counted(report: Path) -> tuple[set[str], Counter[str]]:
    operations: set[str] = set()
    statuses: Counter[str] = Counter()
    for line in report.read_text(encoding="utf-8").splitlines():
        _count(json.loads(line), operations, statuses)
    return operations, statuses


def _count(value: Any, operations: set[str], statuses: Counter[str]) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("status_code"), int):
            statuses[str(value["status_code"])] += 1
        if isinstance(value.get("label"), str):
            operations.add(value["label"])
        for item in value.values():
            _count(item, operations, statuses)
    elif isinstance(value, list):
        for item in value:
            _count(item, operations, statuses)


if __name__ == "__main__":
    sys.exit(main())
