"""A task log of a million lines in Chromium: how soon it is there, how it scrolls, what it costs, how it is searched.

`python bench/portal_log.py [--quick] [--address URL --password WORD --task ID]`. Without an address a server is started
and a script prints the lines there. Frames are counted in the page (requestAnimationFrame) on the built portal.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "demo"), str(HERE.parent / "tests"), str(HERE.parent / "tests" / "e2e")]

from playwright.sync_api import Page, sync_playwright  # noqa: E402
from run import Demo  # noqa: E402 - in the demo's folder
from story import Api  # noqa: E402

from browser.portal import FLAGS, find_chromium  # noqa: E402 - in the folder of the tests

SCROLLED = 6.0
_PRINT = "seq -f 'line %.0f of the fast output of a script, about as long as lines are' {lines}\n"

#: Scrolls down by `step` pixels a frame for some seconds, and tells how long each frame took.
_SCROLL = """async ([seconds, step]) => {
  const box = document.querySelector('[aria-label="Task log"] [tabindex="0"]');
  const frames = [];
  let last = performance.now();
  const end = last + seconds * 1000;
  return await new Promise((done) => {
    const next = (now) => {
      frames.push(now - last);
      last = now;
      box.scrollTop += step;
      if (now < end) requestAnimationFrame(next);
      else done(frames.slice(1));
    };
    requestAnimationFrame(next);
  });
}"""
_TO = """(share) => {
  const box = document.querySelector('[aria-label="Task log"] [tabindex="0"]');
  box.scrollTop = box.scrollHeight * share;
}"""


@contextmanager
def served(lines: int) -> Iterator[tuple[str, str, str]]:
    """Address, password and the id of a task that has printed so many lines."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder), say=lambda _text: None, listen=0)
        try:
            demo.start_server()
            yield demo.address, demo.password, print_lines(demo.connect(), lines)
        finally:
            demo.stop()


def print_lines(api: Api, lines: int) -> str:
    environment = api.post("/environments", {"Name": "Long", "Description": ""})["Id"]
    body = {"Name": "Long log", "LifecycleId": "Lifecycles-1", "ProjectGroupId": "ProjectGroups-1"}
    project = api.post("/projects", body)
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    script = {
        "Octopus.Action.RunOnServer": "true",
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": _PRINT.format(lines=lines),
    }
    action = {"Name": "Count", "ActionType": "Octopus.Script", "Properties": script}
    process["Steps"] = [{"Name": "Count", "Properties": {}, "Actions": [action]}]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    release = api.post("/releases", {"ProjectId": project["Id"], "Version": "1.0.0"})
    deployment = api.post("/deployments", {"ReleaseId": release["Id"], "EnvironmentId": environment})
    while not api.get(f"/tasks/{deployment['TaskId']}")["IsCompleted"]:
        time.sleep(1)
    return str(deployment["TaskId"])


def sign_in(page: Page, address: str, password: str, path: str) -> None:
    page.goto(address + path)
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def row(what: str, value: float) -> dict[str, Any]:
    return {"what": what, "value": value}


def heap_mb(page: Page) -> float:
    client = page.context.new_cdp_session(page)
    client.send("HeapProfiler.collectGarbage")
    used = client.send("Runtime.getHeapUsage")["usedSize"]
    client.detach()
    return round(used / 1e6, 1)


def scrolling(page: Page, name: str, share: float, step: int, seconds: float) -> dict[str, Any]:
    """Frames while it scrolls from a part of the log on, as a wheel does, or as fast as a thumb is drawn."""
    page.evaluate(_TO, share)
    page.wait_for_timeout(300)
    frames = sorted(page.evaluate(_SCROLL, [seconds, step]))
    mean = sum(frames) / len(frames)
    slow = frames[int(len(frames) * 0.95)]
    return {"what": name, "frames a second": round(1000 / mean, 1), "95 % of frames within, ms": round(slow, 1)}


def at_rest(page: Page, seconds: float) -> dict[str, Any]:
    """What the machine gives a page that does nothing: what scrolling is to be held against."""
    return {**scrolling(page, "a page at rest", 0, 0, seconds)}


def measure(page: Page, task_id: str, seconds: float) -> Iterator[dict[str, Any]]:
    log = page.get_by_role("region", name="Task log")
    began = time.perf_counter()
    page.goto(page.url.split("/app")[0] + f"/app/Spaces-1/tasks/{task_id}")
    log.get_by_role("button", name="Open all").click()
    log.locator("[data-level]").first.wait_for()
    yield row("opened, its first and last lines there, s", round(time.perf_counter() - began, 2))
    yield row("memory of scripts when opened, MB", heap_mb(page))
    every = log.get_by_role("button", name="Read them all")
    if every.count():
        began = time.perf_counter()
        every.click()
        log.get_by_role("button", name="Open all").click()
        log.get_by_text("lines read").wait_for(timeout=60_000)
        log.get_by_text("lines read").wait_for(state="detached", timeout=600_000)
        yield row("all lines read, s", round(time.perf_counter() - began, 2))
        yield row("memory of scripts with all lines, MB", heap_mb(page))
    log.get_by_role("button", name="Open all").click()
    yield at_rest(page, seconds)
    yield scrolling(page, "scrolling like a wheel, from the start", 0, 40, seconds)
    yield scrolling(page, "scrolling like a wheel, in the middle", 0.5, 40, seconds)
    yield scrolling(page, "scrolling a page a frame", 0.2, 600, seconds)
    yield scrolling(page, "drawing the thumb through all", 0, 60_000, seconds)
    began = time.perf_counter()
    log.get_by_role("searchbox").fill("line 99999 ")
    log.get_by_text("of 1", exact=False).first.wait_for(timeout=60_000)
    yield row("search among the lines that are read, s", round(time.perf_counter() - began, 2))
    began = time.perf_counter()
    log.get_by_role("button", name="Only lines with these words").click()
    log.locator("mark").first.wait_for(timeout=120_000)
    yield row("only lines with words, found by the server, first there, s", round(time.perf_counter() - began, 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 lines: only to see that it works")
    parser.add_argument("--address")
    parser.add_argument("--password", default="")
    parser.add_argument("--task", default="")
    given = parser.parse_args()
    lines = 60_000 if given.quick else 1_000_000
    if given.address:
        report(given.address, given.password, given.task, SCROLLED)
        return
    with served(lines) as (address, password, task_id):
        report(address, password, task_id, 1.0 if given.quick else SCROLLED)


def report(address: str, password: str, task_id: str, seconds: float) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1360, "height": 850})
        sign_in(page, address, password, "/app/Spaces-1/tasks")
        page.get_by_role("heading", level=1, name="Tasks").wait_for()
        for row in measure(page, task_id, seconds):
            print(json.dumps(row), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
