"""`make screenshots`: the pictures in the README and the tutorial, of the sample scene as the portal shows it today."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from run import Demo  # noqa: E402
from scene import Scene  # noqa: E402

from browser.portal import FLAGS, Portal, find_chromium  # noqa: E402

WIDTH = 1360
IMAGES = HERE.parent / "docs" / "images"


@dataclass(frozen=True)
class Shot:
    """One picture: a screen by its address, and how much of it is shown."""

    name: str
    path: str
    height: int


SHOTS = (
    Shot("dashboard", "/app/Spaces-1", height=850),
    Shot("project", "/app/Spaces-1/projects/checkout", height=520),
    Shot("process", "/app/Spaces-1/projects/web-shop/process?step=deploy-to-the-web-servers", height=800),
    Shot("variables", "/app/Spaces-1/projects/web-shop/variables?explain=Site:Host&environment=Production", height=800),
    Shot("deployment", "/app/Spaces-1/deployments/{waiting}", height=640),
    Shot("targets", "/app/Spaces-1/infrastructure/targets", height=640),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=IMAGES)
    into: Path = parser.parse_args().into
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("The screenshots are taken in Chromium: install it, or name it by POLPO_CHROMIUM.")
    with tempfile.TemporaryDirectory(prefix="polpo-screenshots-") as folder, sync_playwright() as playwright:
        demo = Demo(Path(folder), say=lambda _text: None, listen=0)
        try:
            demo.start_server()
            scene = Scene(demo.connect(), say=print)
            scene.make()
            scene.make_history()
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            _shoot(browser, demo, _waiting(scene), into)
            browser.close()
        finally:
            demo.stop()


def _waiting(scene: Scene) -> str:
    """The deployment that waits for its approval."""
    (task,) = scene.api.get("/tasks", hasPendingInterruptions="true", take=1)["Items"]
    return str(task["Arguments"]["DeploymentId"])


def _shoot(browser: Browser, demo: Demo, waiting: str, into: Path) -> None:
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    portal = Portal(context.new_page(), demo.address, demo.password)
    portal.sign_in()
    into.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        portal.page.set_viewport_size({"width": WIDTH, "height": shot.height})
        portal.open(shot.path.format(waiting=waiting))
        _settle(portal.page)
        portal.page.screenshot(path=into / f"{shot.name}.png", animations="disabled")
        print(into / f"{shot.name}.png")
    context.close()


def _settle(page: Page) -> None:
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => document.querySelector('[aria-busy=true]') === null")


if __name__ == "__main__":
    main()
