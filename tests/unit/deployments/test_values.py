"""What each place of a plan reads: the winners among its values, their parts, and what steps left behind."""

from __future__ import annotations

from typing import Any

import pytest

from polpo.features.deployments.concealing import secrets_of_plan
from polpo.features.deployments.plan import Plan, PlannedAction, PlannedTarget, PlannedValue
from polpo.features.deployments.results import Results
from polpo.features.deployments.values import PlanValues, Values
from polpo.features.variables.parts import Part
from polpo.steps.console import OutputValue
from unit.deployments.stage import action, plan, step


def value(text: str, *, library: bool = False, name: str = "A", **scope: list[str]) -> PlannedValue:
    return PlannedValue(name=name, value=text, scope=scope, is_library=library)


def of_prod(*values: PlannedValue, **more: Any) -> Plan:
    """For Acme, tagged Ring/Early, by the channel Hotfix; the step targets web, and m1 is also tagged eu."""
    made = plan(
        step(1, action("Deploy", "Machines-1", "Machines-2", roles=["web"])),
        step(2, action("Other")),
        targets=2,
        values=values,
        channel_id="Hotfix",
        owner_id="Projects-1",
        tenant_id="Acme",
        tenant_tags=["Ring/Early"],
        **more,
    )
    made.targets["Machines-1"].roles = ["web", "eu"]
    return made


def read(made: Plan, number: int = 1, target: str | None = "Machines-1", results: Results | None = None) -> Values:
    one = made.steps[number - 1]
    place: PlannedTarget | None = made.targets[target] if target else None
    acting: PlannedAction = one.actions[0]
    return PlanValues(made).at(one, acting, place, (results or Results()).snapshot(made))


PROD, TEST = ["Environments-1"], ["Environments-2"]


@pytest.mark.parametrize(
    ("values", "winner"),
    [
        ([value("a"), value("b", environment=PROD)], "b"),
        ([value("a", environment=PROD), value("b", role=["web"])], "b"),
        ([value("a", role=["eu"]), value("b", role=["web"])], "b"),
        ([value("a", role=["web"]), value("b", role=["web"], environment=PROD)], "b"),
        ([value("a", environment=PROD, channel=["Hotfix"]), value("b", role=["eu"])], "b"),
        ([value("a", tenant=["Acme"]), value("b", tenant_tag=["Ring/Early"], environment=PROD)], "a"),
        ([value("a", machine=["Machines-1"]), value("b", action=["id-Deploy"])], "b"),
        ([value("a", environment=[*PROD, *TEST]), value("b", environment=PROD)], "a"),
        ([value("a", library=True, environment=PROD), value("b")], "a"),
        ([value("a", library=True), value("b")], "b"),
        ([value("a", environment=TEST)], None),
        ([value("a", process_owner=["Projects-1"]), value("b")], "a"),
        ([value("a", process_owner=["Runbooks-1"])], None),
        ([value("a", channel=["Default"]), value("b", library=True)], "b"),
    ],
)
def test_the_most_specific_value_holds_on_a_target(values: list[PlannedValue], winner: str | None) -> None:
    assert read(of_prod(*values)).texts.get("A") == winner


@pytest.mark.parametrize(
    ("number", "target", "text"),
    [(1, "Machines-1", "on m1"), (1, "Machines-2", "in the step"), (2, None, "anywhere")],
)
def test_a_value_may_differ_from_place_to_place(number: int, target: str | None, text: str) -> None:
    values = (
        value("anywhere"),
        value("in the step", action=["id-Deploy"]),
        value("on m1", action=["id-Deploy"], machine=["Machines-1"]),
    )
    assert read(of_prod(*values), number, target).texts["A"] == text


@pytest.mark.parametrize("name", ["Octopus.Action.Name", "octopus.machine.NAME", "Octopus.Fact"])
def test_nothing_overrides_what_the_system_says(name: str) -> None:
    texts = read(of_prod(value("forged", name=name), fixed={"Octopus.Fact": "true"})).texts
    assert "forged" not in texts.values()


def test_parts_are_those_of_the_value_that_holds() -> None:
    """Another kind of account elsewhere must not leave its parts behind."""
    token = PlannedValue(name="Login", value="Accounts-1", parts=[Part("Token", "t0ken", True)])
    person = [Part("Username", "bob"), Part("Password", "hunter2", True)]
    named = PlannedValue(name="Login", value="Accounts-2", scope={"machine": ["Machines-1"]}, parts=person)
    by_hand = PlannedValue(name="login.username", value="by hand")
    made = of_prod(token, named, by_hand)

    first, second = read(made), read(made, target="Machines-2")

    parts = {name: text for name, text in first.texts.items() if name.lower().startswith("login")}
    assert parts == {"Login": "Accounts-2", "Login.Password": "hunter2", "login.username": "by hand"}
    assert first.secrets == {"Login.Password"}
    assert second.texts["Login.Token"] == "t0ken"
    assert "Login.Password" not in second.texts
    assert {"t0ken", "hunter2"} <= set(secrets_of_plan(made))


OUTPUTS = {
    ("Deploy", "m1"): {"Url": OutputValue("http://m1"), "Key": OutputValue("k3y of m1", is_sensitive=True)},
    ("Deploy", "m2"): {"Url": OutputValue("http://m2"), "Only": OutputValue("two")},
    ("Ask", ""): {"Manual.Notes": OutputValue("fine")},
}


@pytest.mark.parametrize(
    ("target", "name", "text"),
    [
        ("Machines-1", "Octopus.Action[Deploy].Output[m1].Url", "http://m1"),
        ("Machines-1", "Octopus.Action[Deploy].Output[m2].Url", "http://m2"),
        ("Machines-1", "Octopus.Action[Deploy].Output.Url", "http://m1"),
        ("Machines-2", "Octopus.Action[Deploy].Output.Url", "http://m2"),
        ("Machines-1", "Octopus.Action[Deploy].Output.Only", "two"),
        (None, "Octopus.Action[Deploy].Output[m1].Key", "k3y of m1"),
        (None, "Octopus.Action[Deploy].Output.Url", "http://m2"),
        (None, "Octopus.Action[Ask].Output.Manual.Notes", "fine"),
        (None, "Octopus.Action[Ask].Output[].Manual.Notes", None),
        (None, "Octopus.Action[Later].Output.Url", None),
    ],
)
def test_output_is_read_in_three_forms(target: str | None, name: str, text: str | None) -> None:
    """Exactly, as the target's own, and as anybody's, where the last by name is taken."""
    values = read(of_prod(), 1 if target else 2, target, Results(outputs=dict(OUTPUTS)))
    assert values.texts.get(name) == text
    assert {one for one in values.secrets if "Url" in one} == set()


def test_sensitive_output_stays_secret_under_each_of_its_names() -> None:
    values = read(of_prod(), target="Machines-1", results=Results(outputs=dict(OUTPUTS)))
    assert values.secrets == {"Octopus.Action[Deploy].Output[m1].Key", "Octopus.Action[Deploy].Output.Key"}


def test_what_starts_together_does_not_see_what_the_other_leaves_behind() -> None:
    made, results = of_prod(), Results()
    seen = results.snapshot(made)
    results.outputs["Deploy", "m1"] = OUTPUTS["Deploy", "m1"]
    other = made.steps[1]
    before = PlanValues(made).at(other, other.actions[0], None, seen)
    after = PlanValues(made).at(other, other.actions[0], None, results.snapshot(made))
    assert "Octopus.Action[Deploy].Output.Url" not in before.texts
    assert after.texts["Octopus.Action[Deploy].Output.Url"] == "http://m1"
