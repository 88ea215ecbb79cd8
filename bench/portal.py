"""The portal on a large installation: 1,000 projects, 10,000 releases, 2,000 machines, in Chromium.

`python bench/portal.py [--quick] [--data FOLDER] [--only WORD]`. Each screen is opened by its address in a page of its
own, with the portal's files in the browser's cache as a user has them, and is timed until its heading stands there and
nothing on it is loading any more; the median of some rounds is told, and beside it how often that is the time of the
sign-in page, which asks for next to nothing. The page's main thread is timed by itself: what it works does not depend
on what else the machine does. With --data the made-up installation is kept there and used again. The first line is the
first screen ever, with an empty cache, and how much JavaScript came over the wire for it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browsing import SPACE, chromium, environment, server, sign_in, thread_time, window
from playwright.sync_api import Browser, BrowserContext, Page

PROJECT = f"{SPACE}/projects/Projects-5"
SETTINGS = f"{PROJECT}/settings"
INFRASTRUCTURE = f"{SPACE}/infrastructure"
LIBRARY = f"{SPACE}/library"

SCREENS = {
    "dashboard": SPACE,
    "projects": f"{SPACE}/projects",
    "project": PROJECT,
    "releases of a project": f"{PROJECT}/releases",
    "release": f"{PROJECT}/releases/{{version}}",
    "deploy a release": f"{PROJECT}/releases/{{version}}/deploy",
    "deployments of a release": f"{PROJECT}/releases/{{version}}/deployments",
    "new release": f"{PROJECT}/new-release",
    "process": f"{PROJECT}/process",
    "variables": f"{PROJECT}/variables",
    "all variables": f"{PROJECT}/variables/all",
    "channels": f"{PROJECT}/channels",
    "triggers": f"{PROJECT}/triggers",
    "runbooks": f"{PROJECT}/runbooks",
    "tenants of a project": f"{PROJECT}/tenants",
    "settings of a project": SETTINGS,
    "settings of its deployments": f"{SETTINGS}/deployments",
    "tasks": f"{SPACE}/tasks",
    "task": f"{SPACE}/tasks/{{task}}",
    "tenants": f"{SPACE}/tenants",
    "tenant": f"{SPACE}/tenants/Tenants-3",
    "variables of a tenant": f"{SPACE}/tenants/Tenants-3/variables",
    "missing variables of tenants": f"{SPACE}/tenants/missing",
    "infrastructure": INFRASTRUCTURE,
    "environments": f"{INFRASTRUCTURE}/environments",
    "environment": f"{INFRASTRUCTURE}/environments/Environments-1",
    "targets": f"{INFRASTRUCTURE}/targets",
    "target": f"{INFRASTRUCTURE}/targets/Machines-7",
    "workers": f"{INFRASTRUCTURE}/workers",
    "accounts": f"{INFRASTRUCTURE}/accounts",
    "machine policies": f"{INFRASTRUCTURE}/machine-policies",
    "script console": f"{INFRASTRUCTURE}/console",
    "packages": f"{LIBRARY}/packages",
    "feeds": f"{LIBRARY}/feeds",
    "lifecycles": f"{LIBRARY}/lifecycles",
    "variable sets": f"{LIBRARY}/variable-sets",
    "step templates": f"{LIBRARY}/step-templates",
    "tag sets": f"{LIBRARY}/tag-sets",
    "audit": f"{SPACE}/audit",
    "users": "/app/users",
    "teams": "/app/teams",
    "roles": "/app/roles",
    "permissions": "/app/permissions",
    "profile": "/app/profile",
}

#: Nothing on the screen is loading, and it says what it is.
_READY = "() => document.querySelector('h1') !== null && document.querySelector('[aria-busy=true]') === null"
_SCRIPT = """() => performance.getEntriesByType('resource')
  .filter((one) => new URL(one.name).pathname.endsWith('.js'))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
_ASK = "path => fetch(path).then((answer) => answer.json())"


@dataclass(frozen=True)
class Effort:
    rounds: int
    generated: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """Milliseconds from asking for the address until the screen could be used, and those of the main thread in them."""

    spent: float
    busy: float


FULL = Effort(7, ("--events", "20000"))
QUICK = Effort(1, ("--projects", "40", "--releases", "200", "--tenants", "20", "--machines", "50", "--events", "2000"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a small installation, to see that it runs")
    parser.add_argument("--data", type=Path, help="keep the installation in this folder, and use it again")
    parser.add_argument("--only", default="", help="screens with this in their name")
    told = parser.parse_args()
    effort = QUICK if told.quick else FULL
    with tempfile.TemporaryDirectory(prefix="polpo-portal-") as folder:
        data = (told.data or Path(folder) / "data").resolve()
        if not (data / "polpo.db").exists():
            _generate(data, effort)
        with server(data) as address, chromium() as browser:
            for line in _measured(browser, address, effort, told.only):
                print(line, flush=True)


def _generate(data: Path, effort: Effort) -> None:
    command = [sys.executable, "-m", "polpo", "admin", "generate", "--data-dir", str(data), *effort.generated]
    subprocess.run(command, check=True, timeout=1800, env=environment())


def _measured(browser: Browser, address: str, effort: Effort, only: str) -> Iterator[str]:
    context = window(browser)
    cold, script, ids = _first_screen(context, address)
    yield f"The first screen with an empty cache, signing in included: {cold:.0f} ms."
    yield f"All of it takes {script / 1000:.0f} kB of compressed JavaScript."
    plain = browser.new_context()
    bare = _median(plain, f"{address}/app/sign-in", max(3, effort.rounds))
    yield ""
    yield f"| screen | ms until usable | main thread, ms | times the sign-in page ({bare.spent:.0f} ms) |"
    yield "| --- | --- | --- | --- |"
    for name, path in SCREENS.items():
        if only in name:
            screen = _median(context, address + path.format_map(ids), effort.rounds)
            yield f"| {name} | {screen.spent:.0f} | {screen.busy:.0f} | {screen.spent / bare.spent:.1f} |"


def _first_screen(context: BrowserContext, address: str) -> tuple[float, int, dict[str, str]]:
    """The time from the address over signing in to the dashboard, its bytes of JavaScript, and ids for addresses."""
    page = context.new_page()
    began = time.perf_counter()
    sign_in(page, address, SPACE)
    page.get_by_role("heading", level=1, name="Dashboard").wait_for()
    page.wait_for_function(_READY)
    spent = (time.perf_counter() - began) * 1000
    script: int = page.evaluate(_SCRIPT)
    releases: Any = page.evaluate(_ASK, "/api/Spaces-1/projects/Projects-5/releases?take=1")
    tasks: Any = page.evaluate(_ASK, "/api/Spaces-1/tasks?name=Deploy&states=Success&take=1")
    page.close()
    return spent, script, {"version": releases["Items"][0]["Version"], "task": tasks["Items"][0]["Id"]}


def _median(context: BrowserContext, address: str, rounds: int) -> Opened:
    screens = [_opened(context, address) for _ in range(rounds)]
    return Opened(statistics.median(one.spent for one in screens), statistics.median(one.busy for one in screens))


def _opened(context: BrowserContext, address: str) -> Opened:
    page: Page = context.new_page()
    try:
        with thread_time(page) as busy:
            began = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_function(_READY, timeout=60_000)
            return Opened((time.perf_counter() - began) * 1000, busy())
    finally:
        page.close()


if __name__ == "__main__":
    main()
