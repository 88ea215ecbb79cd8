"""The grid of variables with 2,000 rows in Chromium: frames a second while it is scrolled, and how typing feels.

`python bench/portal_grid.py [--quick]`. The grid is scrolled at two speeds, a bit in each frame: as a hand turns a
wheel, and from its head to its end, so that every frame shows other rows. Then a value and words are typed, and for
each key the time is taken until the next frame is drawn.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from typing import Any

from browsing import SPACE, api, at_rest, chromium, fresh_server, scroll, sign_in, window
from playwright.sync_api import Page

GRID = "[role=grid]"

#: The time from a key to the frame after it.
_KEY = """() => {
  window.spent = new Promise((done) => {
    const listen = (event) => {
      const began = event.timeStamp;
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
    };
    document.addEventListener('keydown', listen, { once: true, capture: true });
  });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a second each, to see that it runs")
    told = parser.parse_args()
    with fresh_server() as address, chromium() as browser:
        fill(address, 2000)
        page = window(browser).new_page()
        open_grid(page, address)
        for line in _measured(page, 1 if told.quick else 10):
            print(line, flush=True)


def fill(address: str, rows: int) -> None:
    """A project with so many values: four of each name, scoped to environments and tags, some secret and some long."""
    server = api(address)
    places = [server.post("/environments", {"Name": name})["Id"] for name in ("Development", "Test", "Production")]
    group, lifecycle = (server.get(f"/{kind}/all")[0]["Id"] for kind in ("projectgroups", "lifecycles"))
    project = server.post("/projects", {"Name": "Web", "ProjectGroupId": group, "LifecycleId": lifecycle})
    scopes = [
        {},
        {"Environment": places[:1]},
        {"Environment": places[1:]},
        {"Environment": places[2:], "Role": ["web"]},
    ]
    variables = [_variable(number, scopes[number % 4]) for number in range(rows)]
    server.put(f"/variables/{project['VariableSetId']}", {"Version": 0, "Variables": variables})


def _variable(number: int, scope: dict[str, Any]) -> dict[str, Any]:
    variable = {
        "Name": f"Section{number // 40:02}:Setting{number // 4:04}",
        "Value": f"https://host-{number}.example/#{{Path}}" if number % 5 else "line\n" * 20,
        "Scope": scope,
    }
    return variable | ({"Type": "Sensitive", "IsSensitive": True} if number % 17 == 0 else {})


def open_grid(page: Page, address: str) -> None:
    sign_in(page, address, f"{SPACE}/projects/web/variables")
    page.get_by_role("grid").get_by_text("Section00:Setting0000").first.wait_for()
    page.wait_for_timeout(1000)


def _measured(page: Page, seconds: float) -> Iterator[str]:
    yield f"An empty page: {at_rest(page, min(seconds, 3))}."
    # The first pass warms the engine up, as the first second of use does.
    scroll(page, GRID, seconds=1)
    yield f"By a wheel, 2,500 pixels a second: {scroll(page, GRID, speed=2500, seconds=seconds)}."
    yield f"From head to end in {seconds} seconds: {scroll(page, GRID, seconds=seconds)}."
    yield _typing(page)
    yield _searching(page)


def _typing(page: Page) -> str:
    grid = page.get_by_role("grid")
    grid.evaluate("grid => { grid.scrollTop = 9000 }")
    page.wait_for_timeout(300)
    grid.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    told = _keys(page, "A key in a cell", "typed into a cell of the grid")
    page.keyboard.press("Enter")
    return told


def _searching(page: Page) -> str:
    page.get_by_label("Find variables").focus()
    return _keys(page, "A key in the words", "setting01")


def _keys(page: Page, what: str, text: str) -> str:
    spent: list[float] = []
    for sign in text:
        page.evaluate(_KEY)
        page.keyboard.press(sign)
        spent.append(page.evaluate("() => window.spent"))
    return f"{what}: median {statistics.median(spent):.0f} ms until drawn, worst {max(spent):.0f} ms."


if __name__ == "__main__":
    main()
