"""A real installation with three agents, its portal as it was built, and Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from run import Demo
from scene import Scene
from story import Api

from browser.portal import FLAGS, Portal, find_chromium
from polpo.server.portal import BUILT

#: A busy machine answers late; what never comes is told no later than by the test's own limit.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Skips where there is no browser or no built portal; in CI both must be there.

    Ends with its module: while it is open, Playwright's event loop runs in this thread, and no asynchronous test can.
    """
    program = find_chromium()
    missing = "no Chromium (install Debian's package chromium)" if program is None else ""
    missing = missing or ("" if (BUILT / "index.html").exists() else "no built portal (run make portal)")
    if missing:
        if os.environ.get("CI"):
            pytest.fail(f"The browser tests cannot run: there is {missing}.")
        pytest.skip(f"There is {missing}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Release 1.0.0 of the sample runs in Development; one installation for each module of tests."""
    demo = Demo(tmp_path_factory.mktemp("demo"), say=lambda _text: None, listen=0)
    try:
        demo.tell()
        yield demo
    finally:
        demo.stop()


@dataclass
class Shop:
    """A server without agents, and what the sample scene has made there."""

    demo: Demo
    scene: Scene

    @property
    def api(self) -> Api:
        return self.scene.api


@pytest.fixture(scope="session")
def opened_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The sample scene as it was made: its server has ended, and each module of tests goes on from a copy."""
    demo = Demo(tmp_path_factory.mktemp("opened"), say=lambda _text: None, listen=0)
    try:
        demo.start_server()
        scene = Scene(demo.connect(), say=lambda _text: None)
        scene.make()
    finally:
        demo.stop()
    return Shop(demo, scene)


@pytest.fixture(scope="module")
def shop(opened_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The sample scene without its releases, which a test makes as it needs them: `shop.scene.release("Checkout")`."""
    made, folder = opened_shop.demo, tmp_path_factory.mktemp("shop")
    shutil.copytree(made.folder / "server", folder / "server")
    demo = Demo(folder, say=lambda _text: None, listen=0, password=made.password, api_key=made.api_key)
    try:
        demo.start_server()
        yield Shop(demo, replace(opened_shop.scene, api=demo.connect()))
    finally:
        demo.stop()


@pytest.fixture
def shop_portal(chromium: Browser, shop: Shop) -> Iterator[Portal]:
    """A browser for the shop, not signed in; whatever it complains about fails the test."""
    yield from open_portal(chromium, shop.demo)


@pytest.fixture
def portal(chromium: Browser, demo: Demo) -> Iterator[Portal]:
    """A browser of its own for each test, not signed in; whatever it complains about fails the test."""
    yield from open_portal(chromium, demo)


def open_portal(chromium: Browser, demo: Demo, **options: object) -> Iterator[Portal]:
    """A portal whose page ends with the test."""
    options = {"viewport": {"width": 1360, "height": 850}, "locale": "en-GB"} | options
    context = chromium.new_context(**options)  # type: ignore[arg-type]
    portal = Portal(context.new_page(), demo.address, demo.password)
    yield portal
    context.close()
    assert portal.complaints == []
