"""The portal as a person meets it: a page in Chromium, with what the tests say of it in the portal's words."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "test-results" / "portal"
AXE = ROOT / "portal" / "node_modules" / "axe-core" / "axe.min.js"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: Long enough for a deployment of the sample on a busy machine.
DEPLOYED = 90_000

_SERIOUS = {"serious", "critical"}


def find_chromium() -> str | None:
    """Debian's Chromium, or the one that POLPO_CHROMIUM names."""
    return os.environ.get("POLPO_CHROMIUM") or shutil.which("chromium")


class Portal:
    """One page, signed in or not. What the browser complains about is kept in `complaints`."""

    def __init__(self, page: Page, address: str, password: str) -> None:
        self.page = page
        self.address = address
        self._password = password
        self.complaints: list[str] = []
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(f"{kind}: {text}")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, path: str = "/app") -> None:
        """Opens a screen, meets the sign-in page, and is led to the screen."""
        self.open(path)
        self.page.get_by_label("User name").fill("admin")
        self.page.get_by_label("Password", exact=True).fill(self._password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.heading("Sign in to Polpo")).to_have_count(0)

    def heading(self, text: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("heading", level=1, name=text)

    def deploy_to(self, environment: str) -> None:
        """On the deploy form: sends it, and is on the deployment's screen."""
        expect(self.page.get_by_role("region", name="What will happen")).to_be_visible()
        self.page.get_by_role("button", name="Deploy", exact=True).click()
        expect(self.heading(re.compile(f"to {environment}$"))).to_be_visible()

    def expect_state(self, word: str) -> None:
        expect(self.page.locator("main header").get_by_text(word, exact=True)).to_be_visible(timeout=DEPLOYED)

    def log(self) -> Locator:
        return self.page.get_by_role("region", name="Task log")

    def shoot(self, name: str) -> None:
        """Keeps a picture for people to look at."""
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def accessibility_faults(self, only: str = "") -> list[str]:
        """What axe finds serious or worse on the screen that is shown; `only` names the one rule that is asked."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
        found: dict[str, Any] = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{one['id']}: {one['help']} at {json.dumps([node['target'] for node in one['nodes'][:3]])}"
            for one in found["violations"]
            if one["impact"] in _SERIOUS
        ]

    def is_wider_than_the_window(self) -> bool:
        """Whether it stays so: a page that has just been given another width takes a moment to fit."""
        fits = "() => document.documentElement.scrollWidth <= window.innerWidth + 1"
        try:
            self.page.wait_for_function(fits, timeout=2000)
        except Error:
            return True
        return False
