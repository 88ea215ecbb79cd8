"""What holds on every screen: it shows itself, can be used by everybody, and fits, in both themes and on a phone.

Each screen is opened once and looked at thrice; the pictures are kept, named after its address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Shop, open_portal
from browser.portal import Portal
from browser.samples import addresses

#: Two windows of the same width as people have them: a laptop's and a phone's.
WIDE, PHONE = {"width": 1360, "height": 850}, {"width": 390, "height": 844}

#: Milliseconds that a screen may take on a busy machine.
LOADED = 20_000

PARTS = 4

#: The scheme is the one that was asked for, and nothing is on its way any more: no colour to it, no menu out of sight.
_STILL = """scheme => document.documentElement.getAttribute('data-mantine-color-scheme') === scheme
    && document.getAnimations().every(one => !(one instanceof CSSTransition))"""


@pytest.fixture(scope="module")
def samples(shop: Shop) -> dict[str, str]:
    return addresses(shop)


@pytest.fixture
def walker(chromium: Browser, shop: Shop) -> Iterator[Portal]:
    yield from open_portal(chromium, shop.demo, reduced_motion="reduce", has_touch=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_screens_show_themselves_to_everybody_in_every_look(walker: Portal, samples: dict[str, str], part: int) -> None:
    walker.sign_in()
    faults = {}
    for template, address in sorted(samples.items())[part::PARTS]:
        if found := _faults(walker, template, address):
            faults[address] = found
    assert faults == {}, json.dumps(faults, indent=1)


def _faults(portal: Portal, template: str, address: str) -> list[str]:
    page, name = portal.page, re.sub(r"\W+", "-", template.removeprefix("/app/")).strip("-") or "app"
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    portal.open(address)
    found = [] if _is_settled(page) else ["it does not end to load"]
    found += [f"light: {one}" for one in portal.accessibility_faults()]
    if portal.is_wider_than_the_window():
        found.append("the page is wider than the window")
    portal.shoot(f"light/{name}")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(_STILL, arg="dark")
    found += [f"dark: {one}" for one in portal.accessibility_faults(only="color-contrast")]
    portal.shoot(f"dark/{name}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    page.wait_for_function(_STILL, arg="light")
    if portal.is_wider_than_the_window():
        found.append("on a phone the page is wider than the window")
    portal.shoot(f"phone/{name}")
    heard, portal.complaints[:] = list(portal.complaints), []
    return found + heard


def _is_settled(page: Page) -> bool:
    try:
        expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=LOADED)
        expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=LOADED)
    except AssertionError:
        return False
    return True
