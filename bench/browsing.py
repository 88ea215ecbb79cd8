"""What the measurements of the portal share: a server, Chromium, signing in, and how long frames and threads take.

A machine that does other work at the same time gives a page fewer frames and later answers. So each figure has one
beside it that suffers likewise (an empty page, the sign-in page), or is the time of the page's main thread, which the
system counts only while that thread runs.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "demo"), str(HERE.parent / "tests")]

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402
from processes import Program, free_port, wait_for_server  # noqa: E402
from story import Api  # noqa: E402

from browser.portal import FLAGS, find_chromium  # noqa: E402

USER = "admin"
PASSWORD = "made-up-installation"
KEY = "API-MADEUPINSTALLATION0000000000"
SPACE = "/app/Spaces-1"

#: A frame is late when it comes more than this after the one before: 50 a second are one in 20 ms.
_LATE = 20.5

#: Sets the scrolling element's place in each frame, as `speed` pixels a second or else from its head to its end, and
#: tells when each frame began. Without an element it only counts.
_SCROLL = """async ({ selector, from, speed, seconds }) => {
  const box = selector && document.querySelector(selector);
  const end = box ? box.scrollHeight - box.clientHeight : 0;
  const start = end * from;
  if (box) box.scrollTop = start;
  await new Promise((done) => setTimeout(done, 300));
  const frames = [];
  const began = performance.now();
  await new Promise((done) => {
    const step = (now) => {
      frames.push(now);
      const spent = (now - began) / 1000;
      if (spent >= seconds) return done();
      if (box) box.scrollTop = speed ? start + spent * speed : end * (spent / seconds);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  return frames;
}"""


@dataclass(frozen=True)
class Frames:
    """How smoothly something moved: frames a second, and what each cost the page's main thread."""

    rate: float
    median: float
    worst: float
    late: float
    busy: float

    def __str__(self) -> str:
        return (
            f"{self.rate:.0f} frames a second (median {self.median:.1f} ms, worst {self.worst:.0f} ms,"
            f" {self.late:.0%} over 20 ms), {self.busy:.1f} ms of the main thread a frame"
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    found = find_chromium()
    if found is None:
        raise SystemExit("The portal is measured in Chromium: install it, or name it by POLPO_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def environment() -> dict[str, str]:
    return {**os.environ, "POLPO_ADMIN_USERNAME": USER, "POLPO_ADMIN_PASSWORD": PASSWORD, "POLPO_ADMIN_API_KEY": KEY}


@contextmanager
def server(data: Path) -> Iterator[str]:
    """A server on this folder, and its address."""
    port = free_port(0)
    address = f"http://127.0.0.1:{port}"
    arguments = ["server", "--data-dir", str(data), "--listen", f"127.0.0.1:{port}", "--agent-listen", "127.0.0.1:0"]
    with tempfile.TemporaryDirectory(prefix="polpo-portal-") as folder:
        program = Program("server", arguments, Path(folder) / "server.log", environment()).start()
        try:
            wait_for_server(program, address)
            yield address
        finally:
            program.stop()


@contextmanager
def fresh_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="polpo-portal-") as folder, server(Path(folder) / "data") as address:
        yield address


def api(address: str) -> Api:
    """The API of a fresh server's default space, as the portal's user."""
    return Api(address, KEY)


def window(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1360, "height": 850})


def sign_in(page: Page, address: str, path: str) -> None:
    """Opens a screen, meets the sign-in page, and is on the way to the screen."""
    page.goto(address + path)
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def scroll(page: Page, selector: str, *, start: float = 0, speed: float = 0, seconds: float) -> Frames:
    """Scrolls from a share of the whole on by so many pixels a second; without a speed from head to end."""
    how = {"selector": selector, "from": start, "speed": speed, "seconds": seconds}
    with thread_time(page) as spent:
        before = spent()
        times: list[float] = page.evaluate(_SCROLL, how)
        busy = spent() - before
    spans = [after - before for before, after in pairwise(times)]
    return Frames(
        rate=1000 * len(spans) / sum(spans),
        median=statistics.median(spans),
        worst=max(spans),
        late=sum(span > _LATE for span in spans) / len(spans),
        busy=busy / len(spans),
    )


def at_rest(page: Page, seconds: float) -> Frames:
    """What the machine gives an empty page at this time: what scrolling is to be held against."""
    empty = page.context.new_page()
    frames = scroll(empty, "", seconds=seconds)
    empty.close()
    page.bring_to_front()
    return frames


@contextmanager
def thread_time(page: Page) -> Iterator[Callable[[], float]]:
    """Tells how many milliseconds the page's main thread has been at work since this began."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    yield spent
    devtools.detach()


def heap_mb(page: Page) -> float:
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    used: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
    devtools.detach()
    return used / 1e6
