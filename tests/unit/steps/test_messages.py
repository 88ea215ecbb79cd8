"""Service messages in the output of scripts."""

from __future__ import annotations

import base64

import pytest

from polpo.steps.messages import ServiceMessage, split_line


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SET = f"##octopus[setVariable name='{b64('Url')}' value='{b64('http://ü')}']"
MESSAGE = ServiceMessage("setvariable", {"name": "Url", "value": "http://ü"})


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("plain", ["plain"]),
        ("", [""]),
        (SET, [MESSAGE]),
        (f"before {SET} after", ["before ", MESSAGE, " after"]),
        (f"{SET}{SET}", [MESSAGE, MESSAGE]),
        ("##octopus[stdout-verbose]", [ServiceMessage("stdout-verbose", {})]),
        ("##octopus[setVariable name='not base64!']", ["##octopus[setVariable name='not base64!']"]),
        ("##octopus[setVariable name='/w==']", ["##octopus[setVariable name='/w==']"]),
        ("##octopus[broken", ["##octopus[broken"]),
        (f"##octopus[SETVARIABLE NAME='{b64('a')}']", [ServiceMessage("setvariable", {"name": "a"})]),
        (f"##octopus[mask  value = '{b64('x')}' ]", [ServiceMessage("mask", {"value": "x"})]),
    ],
)
def test_line_splits_into_texts_and_messages(line: str, parts: list[str | ServiceMessage]) -> None:
    assert split_line(line) == parts


def test_attribute_is_found_without_case() -> None:
    assert MESSAGE.get("NAME") == "Url"
    assert MESSAGE.get("absent") == ""
