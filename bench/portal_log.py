"""A task log of a million lines in Chromium: how soon it is there, how it scrolls, what it costs, how it is searched.

`python bench/portal_log.py [--quick]`. A script prints the lines on a server of its own; then they are read, scrolled
at several speeds, and sought in.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from browsing import SPACE, api, at_rest, chromium, fresh_server, heap_mb, scroll, sign_in, window
from playwright.sync_api import Page

LOG = '[aria-label="Task log"] [tabindex="0"]'
_PRINT = "seq -f 'line %.0f of the fast output of a script, about as long as lines are' {lines}\n"

#: What is scrolled, where it begins as a share of the whole, and how many pixels a second.
_WAYS = (
    ("By a wheel, 2,500 pixels a second, from the start", 0, 2500),
    ("By a wheel, in the middle", 0.5, 2500),
    ("A page in each frame of 60 a second", 0.2, 36_000),
    ("Drawing the thumb", 0, 3_600_000),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="60,000 lines and a second each, to see that it runs")
    told = parser.parse_args()
    lines, seconds = (60_000, 1) if told.quick else (1_000_000, 6)
    with fresh_server() as address, chromium() as browser:
        task = print_lines(address, lines)
        page = window(browser).new_page()
        sign_in(page, address, f"{SPACE}/tasks")
        page.get_by_role("heading", level=1, name="Tasks").wait_for()
        for line in _measured(page, f"{address}{SPACE}/tasks/{task}", seconds):
            print(line, flush=True)


def print_lines(address: str, lines: int) -> str:
    """The id of a task that has printed so many lines."""
    server = api(address)
    environment = server.post("/environments", {"Name": "Long"})["Id"]
    group, lifecycle = (server.get(f"/{kind}/all")[0]["Id"] for kind in ("projectgroups", "lifecycles"))
    project = server.post("/projects", {"Name": "Long log", "LifecycleId": lifecycle, "ProjectGroupId": group})
    process = server.get(f"/projects/{project['Id']}/deploymentprocesses")
    script = {
        "Octopus.Action.RunOnServer": "true",
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": _PRINT.format(lines=lines),
    }
    action = {"Name": "Count", "ActionType": "Octopus.Script", "Properties": script}
    process["Steps"] = [{"Name": "Count", "Properties": {}, "Actions": [action]}]
    server.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    release = server.post("/releases", {"ProjectId": project["Id"], "Version": "1.0.0"})
    deployment = server.post("/deployments", {"ReleaseId": release["Id"], "EnvironmentId": environment})
    while not server.get(f"/tasks/{deployment['TaskId']}")["IsCompleted"]:
        time.sleep(1)
    return str(deployment["TaskId"])


def _measured(page: Page, address: str, seconds: float) -> Iterator[str]:
    yield from _reading(page, address)
    yield f"An empty page: {at_rest(page, min(seconds, 3))}."
    # The first pass warms the engine up, as the first second of use does.
    scroll(page, LOG, speed=2500, seconds=1)
    for name, start, speed in _WAYS:
        yield f"{name}: {scroll(page, LOG, start=start, speed=speed, seconds=seconds)}."
    yield from _searching(page)


def _reading(page: Page, address: str) -> Iterator[str]:
    log = page.get_by_role("region", name="Task log")
    began = time.perf_counter()
    page.goto(address)
    log.get_by_role("button", name="Open all").click()
    log.locator("[data-level]").first.wait_for()
    yield f"Opened, its first and last lines there: {_since(began)}, {heap_mb(page):.0f} MB of memory of scripts."
    began = time.perf_counter()
    log.get_by_role("button", name="Read them all").click()
    log.get_by_text("lines read").wait_for(timeout=60_000)
    log.get_by_text("lines read").wait_for(state="detached", timeout=600_000)
    log.get_by_role("button", name="Open all").click()
    yield f"All lines read: {_since(began)}, {heap_mb(page):.0f} MB of memory of scripts."


def _searching(page: Page) -> Iterator[str]:
    log = page.get_by_role("region", name="Task log")
    began = time.perf_counter()
    log.get_by_role("searchbox").fill("line 59999 ")
    log.get_by_text("of 1", exact=False).first.wait_for(timeout=60_000)
    yield f"Sought among the lines that are read: {_since(began)}."
    began = time.perf_counter()
    log.get_by_role("button", name="Only lines with these words").click()
    log.locator("mark").first.wait_for(timeout=120_000)
    yield f"Only lines with the words, found by the server: {_since(began)}."


def _since(began: float) -> str:
    return f"{time.perf_counter() - began:.2f} s"


if __name__ == "__main__":
    main()
