"""Where a release may go, by the rules of a lifecycle."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from polpo.features.lifecycles.progression import Progression, newly_open, phases_of, progression
from polpo.features.lifecycles.resource import Lifecycle, Phase


@dataclass(frozen=True)
class Place:
    id: str
    name: str


DEV, TEST, PERF, PROD = (Place(name, name.title()) for name in ("dev", "test", "perf", "prod"))
ALL = (DEV, TEST, PERF, PROD)


def phase(name: str, *manual: str, automatic: tuple[str, ...] = (), minimum: int = 0, optional: bool = False) -> Phase:
    return Phase(
        id=name,
        name=name,
        optional_deployment_targets=list(manual),
        automatic_deployment_targets=list(automatic),
        minimum_environments_before_promotion=minimum,
        is_optional_phase=optional,
    )


PLAIN = Lifecycle()
THREE = Lifecycle(phases=[phase("Dev", "dev"), phase("Test", "test", "perf"), phase("Prod", "prod")])
ONE_OF_TWO = Lifecycle(phases=[phase("Test", "test", "perf", minimum=1), phase("Prod", "prod")])
OPTIONAL = Lifecycle(phases=[phase("Dev", "dev"), phase("Test", "test", optional=True), phase("Prod", "prod")])
LEADING_OPTIONAL = Lifecycle(phases=[phase("Dev", "dev", optional=True), phase("Test", "test"), phase("Prod", "prod")])
OPEN_END = Lifecycle(phases=[phase("Dev", automatic=("dev",)), phase("Rest")])


@pytest.mark.parametrize(
    ("lifecycle", "successes", "progress", "open_environments", "next_deployments"),
    [
        pytest.param(PLAIN, "", "CPPP", "dev", "dev", id="no phases: one each, in order"),
        pytest.param(PLAIN, "dev", "XCPP", "dev test", "test", id="no phases: second after the first"),
        pytest.param(PLAIN, "dev test perf prod", "XXXX", "dev test perf prod", "", id="everywhere"),
        pytest.param(PLAIN, "test", "CPPP", "dev", "dev", id="a later success does not open a phase"),
        pytest.param(THREE, "dev", "XCP", "dev test perf", "test perf", id="all of a phase are open together"),
        pytest.param(THREE, "dev test", "XCP", "dev test perf", "perf", id="minimum 0 means all"),
        pytest.param(THREE, "dev test perf", "XXC", "dev test perf prod", "prod", id="all done opens the next"),
        pytest.param(ONE_OF_TWO, "perf", "XC", "test perf prod", "prod", id="minimum 1 of 2"),
        pytest.param(OPTIONAL, "", "CPP", "dev", "dev", id="an optional phase waits for what is before it"),
        pytest.param(OPTIONAL, "dev", "XCC", "dev test prod", "test prod", id="an optional phase may be passed over"),
        pytest.param(LEADING_OPTIONAL, "", "CCP", "dev test", "dev test", id="an optional first phase"),
        pytest.param(OPEN_END, "dev", "XC", "dev test perf prod", "test perf prod", id="an empty phase has the rest"),
    ],
)
def test_release_moves_through_phases(
    lifecycle: Lifecycle, successes: str, progress: str, open_environments: str, next_deployments: str
) -> None:
    state = progression(lifecycle, ALL, set(successes.split()))
    assert _letters(state) == progress
    assert state.open_environments == tuple(open_environments.split())
    assert state.next_deployments == tuple(next_deployments.split())


def _letters(state: Progression) -> str:
    return "".join({"Complete": "X", "Current": "C", "Pending": "P"}[phase.progress] for phase in state.phases)


def test_minimum_required_counts_what_is_still_missing() -> None:
    assert progression(THREE, ALL, {"dev"}).next_deployments_minimum_required == 2
    assert progression(THREE, ALL, {"dev", "test"}).next_deployments_minimum_required == 1
    assert progression(THREE, ALL, {"dev", "test", "perf", "prod"}).next_deployments_minimum_required == 0


def test_empty_phase_takes_environments_that_are_made_later() -> None:
    later = (*ALL, Place("dr", "Recovery"))
    assert phases_of(OPEN_END, later)[1].optional_deployment_targets == ["test", "perf", "prod", "dr"]


def test_tenant_without_test_goes_straight_to_production() -> None:
    state = progression(THREE, ALL, {"dev"}, eligible={"dev", "prod"})
    assert state.next_deployments == ("prod",)
    assert not state.allows("test")


def test_minimum_above_what_a_tenant_has_is_lowered() -> None:
    lifecycle = Lifecycle(phases=[phase("Test", "test", "perf", minimum=2), phase("Prod", "prod")])
    assert progression(lifecycle, ALL, {"perf"}, eligible={"perf", "prod"}).allows("prod")


@pytest.mark.parametrize(
    ("successes", "open_environments"),
    [("", "dev"), ("dev", "dev"), ("dev test perf", "dev test perf"), ("dev test", "dev test perf")],
)
def test_blocked_release_keeps_what_it_reached_and_the_first_phase(successes: str, open_environments: str) -> None:
    state = progression(THREE, ALL, set(successes.split()), is_blocked=True)
    assert state.open_environments == tuple(open_environments.split())


def test_refusal_names_the_phase_that_is_waited_for() -> None:
    refusal = progression(THREE, ALL, {"dev"}).refusal(PROD, "1.2.0")
    assert refusal == (
        "Release 1.2.0 cannot be deployed to Prod yet: the phase 'Test' needs 2 more successful deployments before the"
        " phase 'Prod' opens."
    )


def test_refusal_names_an_environment_outside_the_lifecycle() -> None:
    refusal = progression(ONE_OF_TWO, ALL, set()).refusal(DEV, "1.2.0")
    assert refusal is not None
    assert "no phase of its lifecycle has this environment" in refusal


def test_refusal_of_a_blocked_release_names_the_defect() -> None:
    refusal = progression(THREE, ALL, {"dev"}, is_blocked=True).refusal(TEST, "1.2.0")
    assert refusal is not None
    assert "progression is prevented" in refusal


def test_no_refusal_where_the_release_may_go() -> None:
    assert progression(THREE, ALL, {"dev"}).refusal(TEST, "1.2.0") is None


AUTOMATIC = Lifecycle(
    phases=[
        phase("Dev", automatic=("dev",)),
        phase("Test", "perf", automatic=("test",), minimum=1),
        phase("Prod", automatic=("prod",)),
    ]
)
PASSED_OVER = Lifecycle(
    phases=[
        phase("Dev", automatic=("dev",)),
        phase("Test", automatic=("test", "perf"), optional=True),
        phase("Prod", automatic=("prod",)),
    ]
)


@pytest.mark.parametrize(
    ("lifecycle", "before", "now", "sent"),
    [
        pytest.param(AUTOMATIC, None, "", "dev", id="a new release goes to the first phase"),
        pytest.param(AUTOMATIC, "", "dev", "test", id="the next phase opens"),
        pytest.param(AUTOMATIC, "dev", "dev", "", id="the same success again opens nothing"),
        pytest.param(AUTOMATIC, "dev", "dev test", "prod", id="one of the phase is enough"),
        pytest.param(AUTOMATIC, "dev perf", "dev perf test", "", id="what is more than enough opens nothing"),
        pytest.param(AUTOMATIC, "", "test", "", id="a success ahead of its time opens nothing"),
        pytest.param(AUTOMATIC, "test", "dev test", "test prod", id="it counts once the phase before it is complete"),
        pytest.param(PASSED_OVER, "", "dev", "prod", id="an optional phase sends nothing but is passed over"),
        pytest.param(PLAIN, None, "", "", id="without phases all is by hand"),
    ],
)
def test_phases_that_open_send_the_release_to_their_automatic_environments(
    lifecycle: Lifecycle, before: str | None, now: str, sent: str
) -> None:
    was = Progression(()) if before is None else progression(lifecycle, ALL, before.split())
    opened = newly_open(was, progression(lifecycle, ALL, now.split()))
    assert [identity for state in opened for identity in state.automatic_environments] == sent.split()


def test_resolved_defect_opens_what_it_held_shut() -> None:
    blocked, free = (progression(AUTOMATIC, ALL, {"dev"}, is_blocked=value) for value in (True, False))
    assert [state.phase.name for state in newly_open(blocked, free)] == ["Test"]
