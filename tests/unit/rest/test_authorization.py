"""Who may do what, as tables: grants, a subject, and whether they reach it."""

from __future__ import annotations

import pytest

from polpo.rest.authorization import Grant, Refused, Rights, Subject
from polpo.rest.permissions import Permission

P = Permission


def g(*permissions: str, space: str | None = "Spaces-1", name: str = "T", **within: str) -> Grant:
    """`within` by kind of scope, as words; a scope without words is narrowed to nothing."""
    narrowed = {kind: frozenset(words.split()) for kind, words in within.items()}
    return Grant(f"Teams-{name}", name, "userroles-x", "X", space, frozenset(permissions), narrowed)


def s(space: str | None = "Spaces-1", open_to_all: str = "", **scopes: str) -> Subject:
    told = {kind: frozenset(words.split()) for kind, words in scopes.items()}
    return Subject(space, told, frozenset(open_to_all.split()))


WHERE = s(Projects="P1", Environments="Dev", Tenants="T1")
UNTENANTED = s(Projects="P1", Environments="Dev")


@pytest.mark.parametrize(
    ("permission", "grants", "about", "allowed"),
    [
        pytest.param("ProjectView", [g("ProjectView")], s(Projects="P1"), True, id="not narrowed"),
        pytest.param("ProjectView", [], s(Projects="P1"), False, id="no grant"),
        pytest.param("ProjectView", [g("ProjectEdit")], s(Projects="P1"), False, id="another permission"),
        pytest.param("ProjectView", [g("ProjectView", space="Spaces-2")], s(Projects="P1"), False, id="another space"),
        pytest.param(
            "ProjectView",
            [g("ProjectView", space=None)],
            s(Projects="P1"),
            False,
            id="the server is no space",
        ),
        pytest.param("TaskView", [g("TaskView", space=None)], s(None), True, id="a task of the server"),
        pytest.param("TaskView", [g("TaskView")], s(None), False, id="a space is not the server"),
        pytest.param("UserView", [g("UserView", space=None)], s("Spaces-7"), True, id="only the server's"),
        pytest.param("ProjectView", [g("ProjectView", Projects="P1")], s(Projects="P1"), True, id="project"),
        pytest.param("ProjectView", [g("ProjectView", Projects="P2")], s(Projects="P1"), False, id="other one"),
        pytest.param("ProjectView", [g("ProjectView", Projects="P1")], s(), False, id="narrowed, of nothing"),
        pytest.param("ProjectView", [g("ProjectView", Projects="")], s(Projects="P1"), False, id="empty group"),
        pytest.param(
            "LifecycleView",
            [g("LifecycleView", Projects="P1")],
            s(),
            True,
            id="unknown scope narrows nothing",
        ),
        pytest.param(
            "DeploymentCreate",
            [g("DeploymentCreate", Projects="P1", Environments="Dev")],
            UNTENANTED,
            True,
            id="all",
        ),
        pytest.param(
            "DeploymentCreate",
            [g("DeploymentCreate", Projects="P1", Environments="Prod")],
            UNTENANTED,
            False,
            id="one",
        ),
        pytest.param(
            "DeploymentCreate",
            [g("DeploymentCreate", Projects="P1", Environments="Prod"), g("DeploymentCreate", Projects="P2")],
            UNTENANTED,
            False,
            id="two grants are no product",
        ),
        pytest.param("DeploymentCreate", [g("DeploymentCreate", Tenants="T1")], WHERE, True, id="tenant"),
        pytest.param(
            "DeploymentCreate",
            [g("DeploymentCreate", Tenants="T1")],
            UNTENANTED,
            False,
            id="tenant must be explicit",
        ),
        pytest.param("TaskView", [g("TaskView", Tenants="T1")], UNTENANTED, True, id="tenant need not be explicit"),
        pytest.param(
            "MachineView",
            [g("MachineView", Environments="Dev")],
            s(Environments="Dev Prod"),
            True,
            id="see one",
        ),
        pytest.param(
            "MachineEdit",
            [g("MachineEdit", Environments="Dev")],
            s(Environments="Dev Prod"),
            False,
            id="edit all",
        ),
        pytest.param(
            "MachineEdit",
            [g("MachineEdit", Environments="Dev"), g("MachineEdit", name="U", Environments="Prod")],
            s(Environments="Dev Prod"),
            True,
            id="edit by two teams",
        ),
        pytest.param(
            "AccountView",
            [g("AccountView", Environments="Dev")],
            s(open_to_all="Environments"),
            True,
            id="open",
        ),
        pytest.param(
            "AccountEdit",
            [g("AccountEdit", Environments="Dev")],
            s(open_to_all="Environments"),
            False,
            id="closed",
        ),
    ],
)
def test_what_grants_reach(permission: str, grants: list[Grant], about: Subject, allowed: bool) -> None:
    decision = Rights(tuple(grants)).decide(P(permission), about)

    assert decision.is_allowed is allowed
    assert bool(decision.grants) is allowed


def test_a_no_says_which_scope_each_grant_misses() -> None:
    grants = (g("DeploymentCreate", Environments="Prod"), g("DeploymentCreate", name="U", Projects="P2"))

    decision = Rights(grants).decide(P.DEPLOYMENT_CREATE, UNTENANTED)

    assert [(one.team, kinds) for one, kinds in decision.misses] == [("T", ("Environments",)), ("U", ("Projects",))]


def test_a_refusal_names_the_permission_and_what_it_is_about() -> None:
    with pytest.raises(Refused, match=r"the permission DeploymentCreate for project P1, environment Dev\.") as caught:
        Rights().require(P.DEPLOYMENT_CREATE, UNTENANTED)

    assert caught.value.details == {"MissingPermission": "DeploymentCreate"}


def test_a_part_of_the_subject_can_say_no_before_the_rest_is_known() -> None:
    rights = Rights((g("DeploymentCreate", Projects="P1", Environments="Dev"),))

    assert rights.decide(P.DEPLOYMENT_CREATE, s(Projects="P1"), ["Projects"]).is_allowed
    assert not rights.decide(P.DEPLOYMENT_CREATE, s(Projects="P2"), ["Projects"]).is_allowed


def test_other_rights_have_another_digest() -> None:
    one, two = Rights((g("ProjectView", Projects="P1"),)), Rights((g("ProjectView", Projects="P2"),))

    assert one.digest != two.digest
    assert one.digest == Rights((g("ProjectView", Projects="P1"),)).digest


def test_many_teams_that_give_the_same_are_asked_once() -> None:
    grants = [
        g("ProjectView", "DeploymentView", name=f"T{team}", Projects=f"P{team % 30}", Environments="Dev")
        for team in range(1000)
    ]
    reach = Rights(tuple(grants)).reach(P.DEPLOYMENT_VIEW, "Spaces-1")

    assert len(reach.grants) == 1000
    assert len(reach.telling) == 30
    [narrowing] = reach.narrowings()
    assert narrowing["Environments"] == {"Dev"}
    assert len(narrowing["Projects"]) == 30


def test_narrowings_that_differ_in_more_than_one_kind_stay_apart() -> None:
    rights = Rights(
        (g("DeploymentView", Projects="A", Environments="X"), g("DeploymentView", Projects="B", Environments="Y"))
    )
    assert len(rights.reach(P.DEPLOYMENT_VIEW, "Spaces-1").narrowings()) == 2
