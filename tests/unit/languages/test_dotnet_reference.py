"""The examples of the page on .NET configuration files come out as the page says."""

from __future__ import annotations

import re
from pathlib import Path

from polpo.languages.dotnetconfig import replace_variables, transform
from polpo.languages.substitution import VariableDictionary

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "dotnet-configuration.md").read_text("utf-8")
BLOCKS = re.findall(r"```(before|transform|after)\n(.*?)```", PAGE, re.DOTALL)


def test_the_settings_of_the_page_get_the_values_of_the_page() -> None:
    table = PAGE.partition("| variable | value |\n|---|---|\n")[2].partition("\n\n")[0]
    variables = VariableDictionary(re.findall(r"\| `(.*?)` \| `(.*?)` \|", table))
    (before, source), (after, expected) = BLOCKS[:2]
    assert (before, after, len(variables)) == ("before", "after", 2)
    assert replace_variables(source, variables) == (expected, ["Url", "Orders"], [])


def test_the_transform_of_the_page_does_what_the_page_says() -> None:
    (before, source), (kind, instructions), (after, expected) = BLOCKS[2:]
    assert (before, kind, after) == ("before", "transform", "after")
    assert transform(source, instructions) == (expected, [], [])
