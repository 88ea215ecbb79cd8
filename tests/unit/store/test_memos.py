"""Answers that are kept are forgotten as soon as what they come from is written."""

from __future__ import annotations

from collections.abc import Callable

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.spaces.resource import SPACES
from polpo.features.spaces.service import default_space
from polpo.store.database import Database
from polpo.store.memos import Memos
from polpo.store.session import Session


def counting(answers: list[int]) -> Callable[[], int]:
    def find() -> int:
        answers.append(len(answers))
        return answers[-1]

    return find


def test_answer_is_found_once_until_its_kind_is_written() -> None:
    memos, asked = Memos(), counting([])
    assert [memos.recall("k", ("A",), memos.count, asked) for _ in range(3)] == [0, 0, 0]
    memos.note(["B"])
    assert memos.recall("k", ("A",), memos.count, asked) == 0
    memos.note(["A"])
    assert memos.recall("k", ("A",), memos.count, asked) == 1
    assert memos.recall("k", ("A",), memos.count, asked) == 1


def test_answer_of_a_transaction_that_began_before_the_write_is_not_kept() -> None:
    memos, asked = Memos(), counting([])
    begun = memos.count
    memos.note(["A"])
    assert memos.recall("k", ("A",), begun, asked) == 0
    assert memos.recall("k", ("A",), memos.count, asked) == 1


def test_many_answers_do_not_pile_up() -> None:
    memos = Memos()
    for number in range(10_000):
        memos.recall(number, ("A",), 0, lambda: None)
    assert len(memos._kept) <= 4096


def test_reader_sees_a_write_from_its_commit_on_and_a_writer_sees_its_own(database: Database) -> None:
    def names() -> list[str]:
        with database.read() as session:
            return session.remembered((ENVIRONMENTS,), "names", lambda: [e.name for e in session.all(ENVIRONMENTS)])

    database.write_now(lambda session: session.insert(SPACES, default_space()))
    assert names() == []

    def add(session):  # type: ignore[no-untyped-def]
        session.insert(ENVIRONMENTS, Environment(space_id="Spaces-1", name="Test", slug="test"))
        return session.remembered((ENVIRONMENTS,), "names", lambda: [e.name for e in session.all(ENVIRONMENTS)])

    assert database.write_now(add) == ["Test"]
    assert names() == ["Test"]


def test_a_write_may_take_what_was_so_before_it_but_not_beyond_its_own_changes(database: Database) -> None:
    asked = counting([])

    def read() -> int:
        with database.read() as session:
            return session.remembered((SPACES,), "k", asked)

    def change(session: Session) -> tuple[int, int, int]:
        own = session.remembered((SPACES,), "k", asked)
        before = session.remembered((SPACES,), "k", asked, in_writes=True)
        session.insert(SPACES, default_space())
        return own, before, session.remembered((SPACES,), "k", asked, in_writes=True)

    assert read() == 0
    own, before, after = database.write_now(change)
    assert (own, before) == (1, 2 if database.is_shared else 0)
    assert after not in {own, before}
    assert read() > after
