"""Which releases are kept, as tables: by count, by days, by tenant, and what the dashboard shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from polpo.features.lifecycles.resource import Lifecycle, Phase, RetentionPeriod
from polpo.features.retention.limits import ALL, Limit, PhaseLimit, limit_of, phase_limits
from polpo.features.retention.releases import Deployed, Group, Held, Names, Verdict, judge
from polpo.features.retention.resource import SpaceDefaultRetentionPolicy
from polpo.features.retention.runs import HeldRun, judge_runs

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = Names({"staging": "Staging", "prod": "Production", "ann": "Ann", "bob": "Bob"})


def held(number: int, days: int = 0, channel: str = "") -> Held:
    return Held(f"r{number}", f"0.0.{number}", number, NOW - timedelta(days=days), channel)


def phases(staging: Limit, prod: Limit) -> list[PhaseLimit]:
    return [
        PhaseLimit("Staging", frozenset({"staging"}), staging, ""),
        PhaseLimit("Production", frozenset({"prod"}), prod, ""),
    ]


class History:
    """Deployments in the order in which they are told."""

    def __init__(self) -> None:
        self.deployments: list[Deployed] = []

    def deploy(self, number: int, place: str, tenant: str | None = None, days: int = 0, **more: bool) -> None:
        at = NOW - timedelta(days=days)
        more.setdefault("has_succeeded", True)
        self.deployments.append(Deployed(f"r{number}", place, tenant, len(self.deployments) + 1, at, **more))


def gone(verdicts: list[Verdict]) -> list[int]:
    return sorted(one.release.number for one in verdicts if not one.is_kept)


def reasons(verdicts: list[Verdict], number: int) -> str:
    [found] = [one for one in verdicts if one.release.number == number]
    return " ".join(found.reasons)


def test_a_project_as_the_documentation_tells_it() -> None:
    """Fifteen releases: six in both phases, three in the first, six nowhere; each phase keeps the last three."""
    history = History()
    for number in range(1, 10):
        history.deploy(number, "staging")
        if number <= 6:
            history.deploy(number, "prod")
    three = Limit(items=3)
    group = Group("lifecycle Default", phases(three, three), three, [held(number) for number in range(1, 16)])

    verdicts = judge([group], history.deployments, NOW, NAMES)

    assert gone(verdicts) == [1, 10, 11, 12]
    assert [one.release.number for one in verdicts] == list(range(15, 0, -1))
    assert reasons(verdicts, 15) == "Of what was never deployed, the last 3 are kept; it is number 1."
    assert reasons(verdicts, 12) == "Of what was never deployed, the last 3 are kept; as many newer ones are kept."
    assert reasons(verdicts, 9) == "It is on the dashboard, in Staging."
    assert reasons(verdicts, 8) == "It is the one before the release in Staging, to go back to."
    assert reasons(verdicts, 7) == "Staging keeps the last 3; it is number 1."
    assert reasons(verdicts, 5) == "It is the one before the release in Production, to go back to."
    assert reasons(verdicts, 4) == (
        "Staging keeps the last 3; it is number 2. Production keeps the last 3; it is number 1."
    )
    assert reasons(verdicts, 2) == "Production keeps the last 3; it is number 3."
    assert reasons(verdicts, 1) == (
        "Staging keeps the last 3; as many newer ones are kept. Production keeps the last 3; as many newer ones are"
        " kept."
    )


@pytest.mark.parametrize(
    ("staging", "prod", "expected"),
    [
        (ALL, ALL, []),
        (Limit(items=1), ALL, [1, 2, 3]),
        (Limit(items=1), Limit(items=1), [1, 2, 3]),
        (Limit(items=2), ALL, [1, 2]),
        (Limit(items=9), Limit(items=1), []),
        (Limit(days=31), ALL, [1, 2, 3]),
        (Limit(days=30), ALL, [1, 2, 3, 4]),
        (Limit(days=45), Limit(days=1), [1, 2]),
        (Limit(days=61), Limit(days=1), []),
    ],
)
def test_limits_of_the_first_phase(staging: Limit, prod: Limit, expected: list[int]) -> None:
    """Six in Staging, one every ten days from sixty days ago on; the dashboard guards the last two."""
    history = History()
    for number in range(1, 7):
        history.deploy(number, "staging", days=70 - 10 * number)
    group = Group("", phases(staging, prod), ALL, [held(number) for number in range(1, 7)])
    assert gone(judge([group], history.deployments, NOW, NAMES)) == expected


def test_what_is_past_the_limit_in_one_phase_only_stays() -> None:
    history = History()
    for number in range(1, 6):
        history.deploy(number, "staging")
    history.deploy(1, "prod")
    group = Group("", phases(Limit(items=1), ALL), ALL, [held(number) for number in range(1, 6)])
    verdicts = judge([group], history.deployments, NOW, NAMES)
    assert gone(verdicts) == [2]
    assert reasons(verdicts, 1) == "It is on the dashboard, in Production."


def test_the_dashboard_shows_the_last_that_succeeded_beside_the_last() -> None:
    history = History()
    for number in range(1, 5):
        history.deploy(number, "staging", has_succeeded=number != 4)
    one = Limit(items=1)
    group = Group("", phases(one, one), one, [held(number) for number in range(1, 5)])
    verdicts = judge([group], history.deployments, NOW, NAMES)
    assert reasons(verdicts, 4) == "It is on the dashboard, in Staging."
    assert reasons(verdicts, 3) == "It is on the dashboard, as the last one that succeeded in Staging."
    assert reasons(verdicts, 2) == "It is the one before the release in Staging, to go back to."
    assert reasons(verdicts, 1) == "Staging keeps the last one; it is number 1."


def test_each_tenant_counts_for_itself() -> None:
    history = History()
    for number in range(1, 7):
        history.deploy(number, "staging", "ann")
    history.deploy(1, "staging", "bob")
    one = Limit(items=1)
    group = Group("", phases(one, one), one, [held(number) for number in range(1, 7)])
    verdicts = judge([group], history.deployments, NOW, NAMES)
    assert gone(verdicts) == [2, 3]
    assert reasons(verdicts, 1) == "It is on the dashboard, in Staging for Bob."
    assert reasons(verdicts, 4) == "Staging keeps the last one for Ann; it is number 1."


def test_channels_that_are_told_apart_have_dashboards_of_their_own() -> None:
    history = History()
    for number in (1, 2, 3, 4, 5, 6, 7, 8):
        history.deploy(number, "staging")
    one = Limit(items=1)
    even = [held(number) for number in (2, 4, 6, 8)]
    odd = [held(number) for number in (1, 3, 5, 7)]

    def groups(*, apart: bool) -> list[Group]:
        return [Group("", phases(one, one), one, releases, has_own_dashboard=apart) for releases in (even, odd)]

    assert gone(judge(groups(apart=True), history.deployments, NOW)) == [1, 2]
    assert gone(judge(groups(apart=False), history.deployments, NOW)) == [1, 2, 3, 4]


def test_what_must_not_go_stays_whatever_is_counted() -> None:
    history = History()
    history.deploy(1, "staging", has_ended=False, has_succeeded=False)
    for number in (2, 3, 4, 5, 6):
        history.deploy(number, "staging")
    one = Limit(items=1)
    group = Group("", phases(one, one), one, [held(number) for number in range(1, 7)])
    verdicts = judge([group], history.deployments, NOW, NAMES, {"r2": "Automatic deployments are pinned to it."})
    assert gone(verdicts) == [3]
    assert reasons(verdicts, 1) == "A deployment of it has not ended."
    assert reasons(verdicts, 2) == "Automatic deployments are pinned to it."


def test_an_environment_that_no_phase_has_any_more_counts_by_itself() -> None:
    history = History()
    for number in range(1, 5):
        history.deploy(number, "prod")
    alone = [PhaseLimit("Staging", frozenset({"staging"}), Limit(items=1), "")]
    group = Group("", alone, Limit(items=1), [held(number) for number in range(1, 5)])
    verdicts = judge([group], history.deployments, NOW, NAMES)
    assert gone(verdicts) == [1]
    assert "Production keeps the last one" in reasons(verdicts, 1)


# -- whose words hold

PERIODS = {
    "three": RetentionPeriod(strategy="Count", quantity_to_keep=3, unit="Items"),
    "five": RetentionPeriod(strategy="Count", quantity_to_keep=5, unit="Items"),
    "week": RetentionPeriod(strategy="Count", quantity_to_keep=7, unit="Days"),
    "all": RetentionPeriod(strategy="Forever"),
    "default": RetentionPeriod(strategy="Default"),
    "none": RetentionPeriod(strategy="Count", quantity_to_keep=0),
}


@pytest.mark.parametrize(
    ("lifecycle", "own", "limits"),
    [
        ("three", ["", "", "five", ""], ["3", "3", "5", "5"]),
        ("", ["", "week", "", "three"], ["default", "week", "week", "3"]),
        ("default", ["", "all", "default", ""], ["default", "all", "default", "default"]),
        ("three", ["none", ""], ["all", "all"]),
    ],
)
def test_a_phase_takes_the_words_of_the_latest_before_it(lifecycle: str, own: list[str], limits: list[str]) -> None:
    made = [Phase(name=str(place), release_retention_policy=PERIODS.get(said)) for place, said in enumerate(own)]
    whole = Lifecycle(release_retention_policy=PERIODS.get(lifecycle), phases=made)
    known = {"3": Limit(items=3), "5": Limit(items=5), "week": Limit(days=7), "all": ALL, "default": Limit(items=9)}
    assert [one.limit for one in phase_limits(whole, made, Limit(items=9))] == [known[limit] for limit in limits]


def test_what_a_space_says_by_default_is_a_limit_too() -> None:
    assert limit_of(SpaceDefaultRetentionPolicy(), ALL) == ALL
    said = SpaceDefaultRetentionPolicy(strategy="Count", quantity_to_keep=30, unit="Days")
    assert (limit_of(said, ALL), str(limit_of(said, ALL))) == (Limit(days=30), "those of the last 30 days")


# -- runs of runbooks


@pytest.mark.parametrize(
    ("limit", "kept"),
    [(ALL, [1, 2, 3, 4, 5]), (Limit(items=2), [1, 4, 5]), (Limit(days=15), [1, 5]), (Limit(days=1), [1, 5])],
)
def test_runs_are_counted_for_each_place(limit: Limit, kept: list[int]) -> None:
    """The first is of a tenant; the newest of a place always stays."""
    tenants, ages = ["ann", None, None, None, None], [75, 60, 45, 30, 15]
    runs = [
        HeldRun(str(number), "backup", "prod", tenant, number, NOW - timedelta(days=age))
        for number, (tenant, age) in enumerate(zip(tenants, ages, strict=True), 1)
    ]
    verdicts = judge_runs(runs, {"backup": limit}, NOW)
    assert sorted(one.run.number for one in verdicts if one.is_kept) == kept


def test_a_run_that_has_not_ended_stays() -> None:
    runs = [HeldRun(str(number), "backup", "prod", None, number, NOW, has_ended=number != 1) for number in range(1, 4)]
    verdicts = judge_runs(runs, {"backup": Limit(items=1)}, NOW)
    assert [(one.run.number, one.is_kept) for one in verdicts] == [(3, True), (2, False), (1, True)]
