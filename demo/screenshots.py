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

IMAGES = HERE.parent / "docs" / "images"


@dataclass(frozen=True)
class Shot:
    """One picture: the screen, and what is done on it before it is taken."""

    name: str
    path: str
    #: Texts of buttons and links that are clicked first, in their order.
    clicks: tuple[str, ...] = ()


SHOTS = (
    Shot("dashboard", "/app/Spaces-1"),
    Shot("project", "/app/Spaces-1/projects/web-shop"),
    Shot("process", "/app/Spaces-1/projects/web-shop/process"),
    Shot("variables", "/app/Spaces-1/projects/web-shop/variables"),
    Shot("deployment", "/app/Spaces-1/deployments/{waiting}"),
    Shot("targets", "/app/Spaces-1/infrastructure/targets"),
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
    context = browser.new_context(viewport={"width": 1360, "height": 850}, locale="en-GB", timezone_id="UTC")
    portal = Portal(context.new_page(), demo.address, demo.password)
    portal.sign_in()
    into.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        portal.open(shot.path.format(waiting=waiting))
        _settle(portal.page)
        for name in shot.clicks:
            portal.page.get_by_role("button", name=name).or_(portal.page.get_by_role("link", name=name)).first.click()
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
