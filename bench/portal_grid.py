"""The grid of variables with 2,000 rows in Chromium: frames a second while it is scrolled, and how typing feels.

`python bench/portal_grid.py [--rows 2000] [--seconds 10]`. The grid is scrolled at two speeds, a bit in each frame: as
a hand turns a wheel, and from its head to its end in the time given, so that every frame shows other rows. The browser
tells the time of every frame, and how much of its main thread's time a frame takes, which does not depend on what else
the machine does. Beside it stands what an empty page reaches at the same time. Then a value and words are typed, and
for each key the time is taken until the next frame is drawn.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "demo"), str(HERE.parent / "tests")]

import httpx  # noqa: E402
from playwright.sync_api import CDPSession, Page, sync_playwright  # noqa: E402
from portal import PASSWORD, SPACE, _server  # noqa: E402

from browser.portal import FLAGS, find_chromium  # noqa: E402

_SCROLL = """async ({ seconds, speed }) => {
  const grid = document.querySelector('[role=grid]');
  const end = grid ? grid.scrollHeight - grid.clientHeight : 0;
  if (grid) grid.scrollTop = 0;
  const frames = [];
  const began = performance.now();
  await new Promise((done) => {
    const step = (now) => {
      frames.push(now);
      const spent = now - began;
      if (spent >= seconds * 1000) return done();
      if (grid) grid.scrollTop = speed ? (spent / 1000) * speed : (end * spent) / (seconds * 1000);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  return frames;
}"""

#: A frame is late when it comes more than this after the one before: 50 a second are one in 20 ms.
_SLOW = 20.5

_KEY = """() => new Promise((done) => {
  const listen = (event) => {
    const began = event.timeStamp;
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
  };
  document.addEventListener('keydown', listen, { once: true, capture: true });
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10)
    told = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("The portal is measured in Chromium: install it, or name it by POLPO_CHROMIUM.")
    with (
        tempfile.TemporaryDirectory(prefix="polpo-grid-") as folder,
        _server(Path(folder) / "data", Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        _fill(address, told.rows)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(viewport={"width": 1360, "height": 850}).new_page()
        _open(page, address)
        _tell_scrolling(page, told.seconds)
        _tell_typing(page)
        browser.close()


def _fill(address: str, rows: int) -> None:
    """A project with so many values: four of each name, scoped to environments and tags, some secret and some long."""
    with httpx.Client(base_url=address, timeout=120) as client:
        login = client.post("/api/users/login", json={"Username": "admin", "Password": PASSWORD})
        login.raise_for_status()
        cookies = {name: value for name, value in client.cookies.items() if name.startswith("Octopus-Csrf-Token")}
        client.headers["X-Octopus-Csrf-Token"] = next(iter(cookies.values()))

        def make(path: str, body: dict[str, Any]) -> Any:
            answer = client.post(f"/api/Spaces-1/{path}", json=body)
            answer.raise_for_status()
            return answer.json()

        places = [make("environments", {"Name": name})["Id"] for name in ("Development", "Test", "Production")]
        group, lifecycle = (
            client.get(f"/api/Spaces-1/{kind}/all").json()[0]["Id"] for kind in ("projectgroups", "lifecycles")
        )
        project = make("projects", {"Name": "Web", "ProjectGroupId": group, "LifecycleId": lifecycle})
        variables = []
        for number in range(rows):
            scope = [
                {},
                {"Environment": places[:1]},
                {"Environment": places[1:]},
                {"Environment": places[2:], "Role": ["web"]},
            ]
            variable = {
                "Name": f"Section{number // 40:02}:Setting{number // 4:04}",
                "Value": f"https://host-{number}.example/#{{Path}}" if number % 5 else "line\n" * 20,
                "Scope": scope[number % 4],
            }
            if number % 17 == 0:
                variable |= {"Type": "Sensitive", "IsSensitive": True}
            variables.append(variable)
        answer = client.put(project["Links"]["Variables"], json={"Version": 0, "Variables": variables})
        answer.raise_for_status()


def _open(page: Page, address: str) -> None:
    page.goto(f"{address}{SPACE}/projects/web/variables")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("grid").get_by_text("Section00:Setting0000").first.wait_for()
    page.wait_for_timeout(1000)


def _tell_scrolling(page: Page, seconds: float) -> None:
    empty = page.context.new_page()
    _tell_frames("An empty page", empty, {"seconds": 2, "speed": 0})
    empty.close()
    # The first pass warms the engine up, as the first second of use does.
    page.evaluate(_SCROLL, {"seconds": 1, "speed": 0})
    _tell_frames("By a wheel (2,500 pixels a second)", page, {"seconds": seconds, "speed": 2500})
    _tell_frames("From head to end", page, {"seconds": seconds, "speed": 0})


def _tell_frames(title: str, page: Page, how: dict[str, float]) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _thread_time(devtools)
    times = page.evaluate(_SCROLL, how)
    busy = (_thread_time(devtools) - before) * 1000
    devtools.detach()
    spans = [after - before for before, after in pairwise(times)]
    rate = len(spans) / (sum(spans) / 1000)
    slow = sum(span > _SLOW for span in spans) / len(spans)
    print(
        f"{title}: {rate:.1f} frames a second, a frame {statistics.median(spans):.1f} ms (worst {max(spans):.0f},"
        f" {slow:.1%} over 20 ms), of which the main thread works {busy / len(spans):.1f} ms."
    )


def _thread_time(devtools: CDPSession) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def _tell_typing(page: Page) -> None:
    grid = page.get_by_role("grid")
    grid.evaluate("grid => { grid.scrollTop = 9000 }")
    page.wait_for_timeout(300)
    grid.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    spent = []
    for sign in "typed into a cell of the grid":
        waiting = page.evaluate_handle("() => { window.spent = (" + _KEY + ")() }")
        page.keyboard.press(sign)
        spent.append(page.evaluate("() => window.spent"))
        waiting.dispose()
    page.keyboard.press("Enter")
    print(f"A key in a cell: median {statistics.median(spent):.0f} ms until drawn, worst {max(spent):.0f} ms.")
    words = page.get_by_label("Find variables")
    words.focus()
    spent = []
    for sign in "setting01":
        page.evaluate("() => { window.spent = (" + _KEY + ")() }")
        page.keyboard.press(sign)
        spent.append(page.evaluate("() => window.spent"))
    print(f"A key in the words: median {statistics.median(spent):.0f} ms until drawn, worst {max(spent):.0f} ms.")


if __name__ == "__main__":
    main()
