"""Who wins, and why: the table restates the rules of precedence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.languages.scoping import Candidate, Context, Dimension, Origin, Outcome, VariableIndex, resolve

HERE = Context(
    environment="Prod",
    channel="Hotfix",
    tenant="Acme",
    tenant_tags=frozenset({"Ring/Early"}),
    process_owner="Projects-1",
    actions=frozenset({"Deploy"}),
    machine="web1",
    roles=frozenset({"web", "eu"}),
    step_roles=frozenset({"web"}),
)


def candidate(value: str, *, library: bool = False, **scope: object) -> Candidate:
    listed = {name: [values] if isinstance(values, str) else values for name, values in scope.items()}
    return Candidate("A", value, listed, Origin.LIBRARY if library else Origin.PROJECT, id=value)


@pytest.mark.parametrize(
    ("rows", "winner"),
    [
        ([candidate("a"), candidate("b", environment="Prod")], "b"),
        ([candidate("a", environment="Prod"), candidate("b", role="web")], "b"),
        ([candidate("a", role="eu"), candidate("b", role="web")], "b"),
        ([candidate("a", role="web"), candidate("b", role="web", environment="Prod")], "b"),
        ([candidate("a", environment="Prod", channel="Hotfix"), candidate("b", role="eu")], "b"),
        ([candidate("a", tenant="Acme"), candidate("b", tenant_tag="Ring/Early", environment="Prod")], "a"),
        ([candidate("a", machine="web1"), candidate("b", action="Deploy")], "b"),
        ([candidate("a", library=True, environment="Prod"), candidate("b")], "a"),
        ([candidate("a", library=True), candidate("b")], "b"),
        ([candidate("a", environment="Test")], None),
        ([candidate("a", process_owner="Projects-1"), candidate("b", channel="Hotfix")], "b"),
        ([candidate("a", role=["eu", "web"]), candidate("b", role="eu", environment="Prod")], "a"),
        ([candidate("a", private="x"), candidate("b", action="Deploy", machine="web1")], "a"),
        ([candidate("a", trigger="Triggers-1"), candidate("b")], "b"),
        ([candidate("a", ENVIRONMENT="")][:0], None),
        ([candidate("a", environment="PROD")], "a"),
    ],
)
def test_the_most_specific_value_that_holds_wins(rows, winner):
    resolution = resolve(rows, "a", HERE)

    assert (resolution.winner.value if resolution.winner else None) == winner
    assert resolution.tied == ()


def test_the_number_of_values_in_a_dimension_does_not_count():
    rows = [candidate("b", environment=["Prod", "Test"]), candidate("a", environment="Prod")]

    resolution = resolve(rows, "A", HERE)

    assert resolution.winner is rows[1]
    assert resolution.tied == (rows[0],)
    assert "of equals the first" in resolution.considered[1].sentence()


def test_without_the_dimension_a_scoped_value_does_not_hold():
    resolution = resolve([candidate("a", tenant="Acme"), candidate("b")], "A", Context(environment="Prod"))

    assert resolution.winner is not None
    assert resolution.winner.value == "b"


def test_every_candidate_tells_why_it_lost():
    rows = [
        candidate("won", role="web", environment="Prod"),
        candidate("tag", role="eu"),
        candidate("lib", library=True, role="web", environment="Prod"),
        candidate("test", environment="Test"),
        candidate("db", role="db"),
    ]

    considered = resolve(rows, "A", HERE).considered

    assert [(one.candidate.value, one.outcome, one.deciding) for one in considered] == [
        ("won", Outcome.WON, None),
        ("lib", Outcome.LIBRARY, None),
        ("tag", Outcome.LESS_SPECIFIC, Dimension.TARGET_ROLE),
        ("db", Outcome.NO_MATCH, Dimension.ROLE),
        ("test", Outcome.NO_MATCH, Dimension.ENVIRONMENT),
    ]
    assert [one.sentence(str.upper) for one in considered] == [
        "Chosen: scoped to target tag WEB and environment PROD, the most specific of those that hold here.",
        "Not chosen: it is as specific as the chosen value, but the project goes before library sets.",
        "Not chosen: the chosen one is scoped to a target tag of the step, this one is not (scoped to target tag EU).",
        "Does not hold here: scoped to target tag DB.",
        "Does not hold here: scoped to environment TEST.",
    ]


def test_an_unknown_dimension_is_refused():
    with pytest.raises(ValueError, match="planet"):
        resolve([candidate("a", planet="Mars")], "A", HERE)


def test_an_index_gives_every_name_for_many_targets():
    rows = [
        Candidate("Host", "any"),
        Candidate("host", "w1", {"machine": ["web1"]}),
        Candidate("Env", "p", {"environment": ["Prod"]}),
        Candidate("Gone", "t", {"environment": ["Test"]}),
    ]
    index = VariableIndex(rows)

    first = index.winners(HERE)
    second = index.winners(Context(environment="Prod", machine="web2"))
    third = index.winners(Context(environment="Test"))

    assert {name: one.value for name, one in first.items()} == {"Host": "w1", "Env": "p"}
    assert {name: one.value for name, one in second.items()} == {"Host": "any", "Env": "p"}
    assert {name: one.value for name, one in third.items()} == {"Host": "any", "Gone": "t"}
    assert list(index) == ["Host", "Env", "Gone"]


SCOPES = st.fixed_dictionaries(
    {},
    optional={
        "environment": st.lists(st.sampled_from(["Prod", "Test"])),
        "role": st.lists(st.sampled_from(["web", "eu", "db"])),
        "machine": st.lists(st.sampled_from(["web1", "web2"])),
        "tenant": st.lists(st.sampled_from(["Acme"])),
        "action": st.lists(st.sampled_from(["Deploy", "Other"])),
    },
)
ROWS = st.lists(
    st.builds(
        Candidate,
        st.sampled_from("AaB"),
        st.sampled_from("xyz"),
        SCOPES,
        st.sampled_from(Origin),
        st.sampled_from("12"),
    ),
    max_size=8,
)


@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)

    for name in "AB":
        one, other = resolve(rows, name, HERE), resolve(shuffled, name, HERE)
        assert (one.winner is None) == (other.winner is None)
        if one.winner is not None and other.winner is not None:
            assert one.winner.value == other.winner.value
            assert one.considered[0].rank == other.considered[0].rank


@given(ROWS)
def test_the_index_and_the_explanation_agree(rows):
    index = VariableIndex(rows)
    winners = {name.upper(): one for name, one in index.winners(HERE).items()}

    for name in "AB":
        assert index.resolve(name, HERE).winner is winners.get(name)
