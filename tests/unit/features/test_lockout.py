"""How long sign-ins are refused after how many failures, and what counts as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from polpo.features.users.lockout import (
    Subject,
    begin_attempt,
    by_address,
    by_name,
    failures_of,
    forget,
    forgive,
    refuse_locked_out,
    told_time,
)
from polpo.kernel.errors import TooManyRequests
from polpo.store.database import Database

EVA = by_name("eva", "eva")


def place(address: str) -> Subject:
    found = by_address(address)
    assert found is not None
    return found


HOME = place("192.0.2.7")


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def move(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock(database: Database) -> MovedClock:
    database.clock = clock = MovedClock()
    return clock


def fail(database: Database, *subjects: Subject) -> float:
    """One attempt that is not forgiven; for how many seconds the next one is refused."""
    database.write_now(lambda session: begin_attempt(session, subjects))
    with database.read() as session:
        until = max((found.until for one in subjects if (found := failures_of(session, one)).until), default=None)
        return (until - session.clock.now()).total_seconds() if until else 0.0


@pytest.mark.parametrize(
    ("subject", "failures", "seconds"),
    [
        *((EVA, count, 0) for count in range(5)),
        *((EVA, 5 + more, seconds) for more, seconds in enumerate((30, 60, 120, 240, 480, 900, 900))),
        (EVA, 1_000_000, 900),
        *((HOME, count, seconds) for count, seconds in ((0, 0), (49, 0), (50, 30), (51, 60), (60, 900))),
    ],
)
def test_each_failure_beyond_the_free_ones_doubles_the_wait_up_to_a_bound(
    subject: Subject, failures: int, seconds: int
) -> None:
    assert subject.wait(failures) == timedelta(seconds=seconds)


def test_what_is_refused_is_not_counted_so_nobody_is_kept_out_for_ever(database: Database, clock: MovedClock) -> None:
    assert [fail(database, EVA, HOME) for _ in range(5)] == [0, 0, 0, 0, 30]

    for seconds in (0, 10, 19.5):
        clock.move(seconds)
        with pytest.raises(TooManyRequests) as refused:
            fail(database, EVA, HOME)
        assert refused.value.message.startswith("Too many sign-ins have failed; try again in ")
    assert refused.value.retry_after == 1
    clock.move(0.5)
    assert fail(database, EVA, HOME) == 60


def test_a_name_is_counted_from_everywhere_and_an_address_for_all_names(database: Database, clock: MovedClock) -> None:
    for last in range(5):
        fail(database, EVA, place(f"192.0.2.{last}"))
    with pytest.raises(TooManyRequests):
        fail(database, EVA, place("192.0.2.200"))

    for number in range(50):
        fail(database, by_name(f"user{number}", ""), HOME)
    with pytest.raises(TooManyRequests):
        fail(database, by_name("another", ""), HOME)
    assert fail(database, by_name("another", ""), place("192.0.2.8")) == 0


def test_success_forgives_the_name_and_one_attempt_of_the_address(database: Database, clock: MovedClock) -> None:
    for _ in range(4):
        fail(database, EVA, HOME)
    database.write_now(lambda session: forgive(session, EVA, HOME))

    with database.read() as session:
        assert (failures_of(session, EVA).count, failures_of(session, HOME).count) == (0, 3)
        refuse_locked_out(session, (EVA, HOME))


@pytest.mark.parametrize(("subject", "hours"), [(EVA, 24), (HOME, 1)])
def test_old_failures_are_forgotten(database: Database, clock: MovedClock, subject: Subject, hours: int) -> None:
    for _ in range(4):
        fail(database, subject)
    clock.move(hours * 3600 - 1)
    with database.read() as session:
        assert failures_of(session, subject).count == 4
    clock.move(1)

    fail(database, subject)

    with database.read() as session:
        assert failures_of(session, subject).count == 1
    assert database.write_now(lambda session: forget(session, subject))
    assert not database.write_now(lambda session: forget(session, subject))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_who_has_a_whole_network_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (place(one).key == place(other).key) is same


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "", "nowhere"])
def test_this_machine_is_not_counted(address: str) -> None:
    assert by_address(address) is None


def test_a_name_counts_without_regard_to_case_and_is_not_kept_in_clear() -> None:
    assert by_name(" EVA ", "").key == EVA.key
    assert "eva" not in EVA.key
    assert by_name("192.0.2.7", "").key != HOME.key


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, "1 second"),
        (30, "30 seconds"),
        (29.1, "30 seconds"),
        (90, "90 seconds"),
        (91, "2 minutes"),
        (900, "15 minutes"),
    ],
)
def test_waits_are_told_as_people_say_them(seconds: float, told: str) -> None:
    assert told_time(seconds) == told
