"""The portal on a large installation: 1,000 projects, 10,000 releases, 2,000 machines, in Chromium.

`python bench/portal.py [--quick] [--data FOLDER] [--only WORD]`. Each screen is opened by its address in a page of its
own, with the portal's files in the browser's cache as a user has them, and is timed until its heading stands there and
nothing on it is loading any more; the median of some rounds is told, and beside it how often that is the time of the
sign-in page, which asks for next to nothing. With --data the made-up installation is kept there and used again. The
first line is the first screen ever, with an empty cache, and how much JavaScript came over the wire for it.
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
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "demo"), str(HERE.parent / "tests")]

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402
from processes import Program, free_port, wait_for_server  # noqa: E402

from browser.portal import FLAGS, find_chromium  # noqa: E402

PASSWORD = "made-up-installation"
SPACE = "/app/Spaces-1"
PROJECT = f"{SPACE}/projects/Projects-5"

SCREENS = {
    "dashboard": SPACE,
    "projects": f"{SPACE}/projects",
    "project": PROJECT,
    "releases of a project": f"{PROJECT}/releases",
    "process": f"{PROJECT}/process",
    "variables": f"{PROJECT}/variables",
    "channels": f"{PROJECT}/channels",
    "tasks": f"{SPACE}/tasks",
    "environments": f"{SPACE}/infrastructure/environments",
    "targets": f"{SPACE}/infrastructure/targets",
    "target": f"{SPACE}/infrastructure/targets/Machines-7",
    "packages": f"{SPACE}/library/packages",
    "users": "/app/users",
    "profile": "/app/profile",
}

#: Nothing on the screen is loading, and it says what it is.
_READY = "() => document.querySelector('h1') !== null && document.querySelector('[aria-busy=true]') === null"


@dataclass(frozen=True)
class Effort:
    rounds: int
    generated: tuple[str, ...]


FULL = Effort(7, ("--events", "20000"))
QUICK = Effort(1, ("--projects", "40", "--releases", "200", "--tenants", "20", "--machines", "50", "--events", "2000"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a small installation, to see that it runs")
    parser.add_argument("--data", type=Path, help="keep the installation in this folder, and use it again")
    parser.add_argument("--only", default="", help="screens with this in their name")
    told = parser.parse_args()
    effort = QUICK if told.quick else FULL
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("The portal is measured in Chromium: install it, or name it by POLPO_CHROMIUM.")
    with tempfile.TemporaryDirectory(prefix="polpo-portal-") as folder:
        data = (told.data or Path(folder) / "data").resolve()
        if not (data / "polpo.db").exists():
            _generate(data, effort)
        with _server(data, Path(folder)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            print("\n".join(_measured(browser, address, effort, told.only)))
            browser.close()


def _generate(data: Path, effort: Effort) -> None:
    command = [sys.executable, "-m", "polpo", "admin", "generate", "--data-dir", str(data), *effort.generated]
    subprocess.run(command, check=True, timeout=1800, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "POLPO_ADMIN_USERNAME": "admin", "POLPO_ADMIN_PASSWORD": PASSWORD}


@contextmanager
def _server(data: Path, folder: Path) -> Iterator[str]:
    port = free_port(0)
    address = f"http://127.0.0.1:{port}"
    arguments = ["server", "--data-dir", str(data), "--listen", f"127.0.0.1:{port}", "--agent-listen", "127.0.0.1:0"]
    server = Program("server", arguments, folder / "server.log", _environment()).start()
    try:
        wait_for_server(server, address)
        yield address
    finally:
        server.stop()


def _measured(browser: Browser, address: str, effort: Effort, only: str) -> Iterator[str]:
    context = browser.new_context(viewport={"width": 1360, "height": 850})
    cold, script = _sign_in(context, address)
    yield f"The first screen with an empty cache: {cold:.0f} ms, {script / 1000:.0f} kB of compressed JavaScript."
    plain = browser.new_context()
    bare = statistics.median(_opened(plain, f"{address}/app/sign-in") for _ in range(max(3, effort.rounds)))
    yield ""
    yield f"| screen | ms until usable | times the sign-in page ({bare:.0f} ms) |"
    yield "| --- | --- | --- |"
    for name, path in SCREENS.items():
        if only in name:
            spent = statistics.median(_opened(context, address + path) for _ in range(effort.rounds))
            yield f"| {name} | {spent:.0f} | {spent / bare:.1f} |"


def _sign_in(context: BrowserContext, address: str) -> tuple[float, int]:
    """How long the first screen took from the click, and the bytes of JavaScript that came for all of it."""
    page = context.new_page()
    page.goto(f"{address}{SPACE}")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    began = time.perf_counter()
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1, name="Dashboard").wait_for()
    page.wait_for_function(_READY)
    spent = (time.perf_counter() - began) * 1000
    script: Any = page.evaluate(
        "() => performance.getEntriesByType('resource').filter(one => new URL(one.name).pathname.endsWith('.js'))"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    page.close()
    return spent, int(script)


def _opened(context: BrowserContext, address: str) -> float:
    """Milliseconds from asking for the address until the screen can be used."""
    page: Page = context.new_page()
    try:
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_function(_READY, timeout=60_000)
        return (time.perf_counter() - began) * 1000
    finally:
        page.close()


if __name__ == "__main__":
    main()
