"""What a plan warns of: values that tie, references to nothing, and circles."""

from __future__ import annotations

import pytest

from polpo.features.deployments.doubts import tell_doubts
from polpo.features.deployments.plan import PlannedValue
from unit.deployments.stage import action, plan, step

NAMES = {"Environments-1": "Prod", "Environments-2": "Test", "Machines-1": "m1"}


def value(name: str, text: str, *, library: bool = False, **scope: list[str]) -> PlannedValue:
    return PlannedValue(name=name, value=text, scope=scope, is_library=library)


def doubts(text: str, *values: PlannedValue) -> list[str]:
    one = action("Deploy", "Machines-1", "Machines-2", properties={"Body": text}, roles=["web"])
    made = plan(step(1, one), targets=2, values=values)
    tell_doubts(made, lambda identity: NAMES.get(identity, identity))
    return made.warnings


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([value("A", "x", environment=["Environments-1"]), value("A", "y")], None),
        ([value("A", "x"), value("A", "y", library=True)], None),
        ([value("A", "x"), value("a", "x")], None),
        ([value("A", "x"), value("a", "y")], "one without scope and one without scope"),
        (
            [
                value("A", "x", environment=["Environments-1"]),
                value("A", "y", environment=["Environments-1", "Environments-2"]),
                value("A", "z"),
            ],
            "one scoped to environment Prod and one scoped to environment Prod or Test",
        ),
        ([value("A", "x", role=["web"]), value("A", "y", role=["WEB"])], "target tag web and one"),
        ([value("A", "x", library=True), value("A", "y", library=True)], "one without scope"),
        ([value("A", "x"), value("A", "y"), value("OctopusSuppressDuplicateVariableWarning", "True")], None),
    ],
)
def test_values_that_are_equally_specific_are_named(values: list[PlannedValue], shown: str | None) -> None:
    told = doubts("plain", *values)
    assert len(told) == bool(shown)
    assert all(shown in one and "The variable 'A' has 2 values" in one for one in told if shown)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#{Host}", []),
        ("#{Nowhere}", ["Step 'Deploy' refers to #{Nowhere}, which has no value here."]),
        ("#{Url}", ["Step 'Deploy' refers to #{Port}, which has no value here."]),
        ("#{Local}", ["Step 'Deploy' refers to #{Local}, which has no value here."]),
        ("#{Octopus.Action[Other].Output.X} #{Octopus.Machine.Name}", []),
        ("#{if Nowhere}x#{/if} ##{Nowhere} $array #{", []),
    ],
)
def test_references_to_nothing_are_named(text: str, told: list[str]) -> None:
    """A value that only one of the targets has is missing on the other."""
    values = value("Host", "h"), value("Url", "http://#{Host}:#{Port}"), value("Local", "l", machine=["Machines-1"])
    assert doubts(text, *values) == told


def test_values_that_refer_to_each_other_are_told() -> None:
    [told] = doubts("#{A}", value("A", "#{B}"), value("B", "#{A}"))
    assert "Step 'Deploy'" in told
    assert "loop" in told


@pytest.mark.parametrize(("text", "is_told"), [("", False), ("abc", True), (" ab ", True), ("abcd", False)])
def test_secret_that_is_too_short_to_be_hidden_is_told(text: str, is_told: bool) -> None:
    told = doubts("plain", PlannedValue(name="Pin", value=text, is_sensitive=True))
    assert [one.partition(" has")[0] for one in told] == ["The sensitive variable 'Pin'"] * is_told
