from __future__ import annotations

import threading
from typing import Annotated

import pytest
import sqlalchemy as sa

from polpo.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from polpo.store.database import Database
from polpo.store.documents import Document, SensitiveValue, ref
from polpo.store.kinds import define


class Shelf(Document):
    space_id: str = ""
    name: str = ""


class Book(Document):
    space_id: str = ""
    name: str = ""
    shelf_id: Annotated[str, ref("TestShelves")] = ""
    secrets: dict[str, str | SensitiveValue] = {}


class Note(Document):
    book_id: Annotated[str, ref("TestBooks")] = ""


SHELVES = define("TestShelves", Shelf, singular="test shelf", unique=[("name_key",)])
BOOKS = define("TestBooks", Book, sa.Column("shelf_id", sa.Text), singular="test book")


class Loan(Document):
    book_id: Annotated[str, ref("TestBooks")] = ""
    words: str = ""


def _shelves_told_of(loan: Loan) -> list[tuple[str, str, str]]:
    return [("Words", "TestShelves", loan.words)] if loan.words else []


NOTES = define("TestNotes", Note, singular="test note", owned_by=["TestBooks"], order=("seq",))


LOANS = define(
    "TestLoans", Loan, singular="test loan", owned_by=["TestBooks"], order=("seq",), mentions=_shelves_told_of
)


def test_new_documents_get_ids_in_order(database: Database) -> None:
    def work(session):
        return [session.insert(SHELVES, Shelf(space_id="Spaces-1", name=name)).id for name in "ab"]

    assert database.write_now(work) == ["TestShelves-1", "TestShelves-2"]


def test_a_name_may_stand_once_in_a_space_whatever_its_case(database: Database) -> None:
    database.write_now(lambda s: s.insert(SHELVES, Shelf(space_id="Spaces-1", name="Fiction")))
    database.write_now(lambda s: s.insert(SHELVES, Shelf(space_id="Spaces-2", name="Fiction")))
    with pytest.raises(Invalid, match="'FICTION' is already taken"):
        database.write_now(lambda s: s.insert(SHELVES, Shelf(space_id="Spaces-1", name="FICTION")))


def test_a_missing_reference_is_named_and_nothing_is_stored(database: Database) -> None:
    with pytest.raises(Invalid, match="ShelfId names the test shelf 'TestShelves-9'"):
        database.write_now(lambda s: s.insert(BOOKS, Book(name="Emma", shelf_id="TestShelves-9")))
    with database.read() as session:
        assert session.count(BOOKS) == 0


def test_what_is_in_use_cannot_be_deleted_and_the_users_are_named(database: Database) -> None:
    def work(session):
        shelf = session.insert(SHELVES, Shelf(name="Fiction"))
        session.insert(BOOKS, Book(name="Emma", shelf_id=shelf.id))
        return shelf.id

    shelf = database.write_now(work)
    with pytest.raises(Conflict, match="in use by the test book 'Emma'"):
        database.write_now(lambda s: s.delete(SHELVES, shelf))


def test_what_is_mentioned_is_in_use_and_the_owner_of_what_has_no_name_is_named(database: Database) -> None:
    def work(session):
        shelf = session.insert(SHELVES, Shelf(name="Fiction"))
        book = session.insert(BOOKS, Book(name="Emma"))
        loan = session.insert(LOANS, Loan(book_id=book.id, words=shelf.id))
        session.insert(LOANS, Loan(book_id=book.id, words="TestShelves-99"))
        return shelf.id, loan

    shelf, loan = database.write_now(work)
    with pytest.raises(Conflict, match="in use by the test loan of the test book 'Emma'"):
        database.write_now(lambda s: s.delete(SHELVES, shelf))
    loan.words = ""
    database.write_now(lambda s: s.update(LOANS, loan))
    database.write_now(lambda s: s.delete(SHELVES, shelf))


def test_deleting_an_owner_takes_what_it_owns(database: Database) -> None:
    def work(session):
        book = session.insert(BOOKS, Book(name="Emma"))
        session.insert(NOTES, Note(book_id=book.id))
        session.delete(BOOKS, book.id)
        return session.count(NOTES)

    assert database.write_now(work) == 0


def test_secrets_are_sealed_kept_replaced_and_cleared(database: Database) -> None:
    def secret(**more):
        return Book(id="TestBooks-1", name="Emma", secrets={"Key": SensitiveValue(**more)})

    def stored(session):
        value = session.get(BOOKS, "TestBooks-1").secrets["Key"]
        return value.new_value, session.reveal(value)

    database.write_now(lambda s: s.insert(BOOKS, secret(new_value="opensesame")))
    with database.read() as session:
        sealed, text = stored(session)
    assert text == "opensesame"
    assert "opensesame" not in sealed
    database.write_now(lambda s: s.update(BOOKS, secret(has_value=True)))
    with database.read() as session:
        assert stored(session)[1] == "opensesame"
    database.write_now(lambda s: s.update(BOOKS, secret(new_value="v1:looks sealed, is not")))
    with database.read() as session:
        assert stored(session)[1] == "v1:looks sealed, is not"
    database.write_now(lambda s: s.update(BOOKS, secret(has_value=False)))
    with database.read() as session:
        assert stored(session) == (None, None)


def test_a_failing_write_undoes_itself_and_not_its_neighbours(database: Database) -> None:
    gate = threading.Event()

    def blocks(_session):
        gate.wait(10)

    def fails(session):
        session.insert(SHELVES, Shelf(name="lost"))
        raise NotFound("no")

    first = database.submit(blocks)
    failing = database.submit(fails)
    kept = database.submit(lambda s: s.insert(SHELVES, Shelf(name="kept")).id)
    gate.set()
    first.result(10)
    with pytest.raises(NotFound):
        failing.result(10)
    assert kept.result(10)
    with database.read() as session:
        assert [shelf.name for shelf in session.all(SHELVES)] == ["kept"]


def test_after_commit_runs_only_for_what_was_committed(database: Database) -> None:
    told: list[str] = []

    def fails(session):
        session.after_commit(lambda: told.append("failed"))
        raise NotFound("no")

    with pytest.raises(NotFound):
        database.write_now(fails)
    database.write_now(lambda s: s.after_commit(lambda: told.append("done")))
    database.write_now(lambda s: None)
    assert told == ["done"]


def test_a_reader_cannot_write(database: Database) -> None:
    with database.read() as session, pytest.raises(sa.exc.DBAPIError):
        session.insert(SHELVES, Shelf(name="x"))


def test_other_databases_are_refused_with_a_sentence() -> None:
    from polpo.kernel.secrets import Vault

    with pytest.raises(Invalid, match="in PostgreSQL, such as"):
        Database("mysql://localhost/polpo", Vault(b"k" * 32))


def test_database_error_does_not_quote_what_was_to_be_written(database: Database) -> None:
    """Such errors reach the server's log."""
    with pytest.raises(sa.exc.IntegrityError) as raised:
        database.write_now(
            lambda session: (
                session.connection.execute(
                    sa.text("insert into id_sequence values (:kind, 1), (:kind, 2)"), {"kind": "opensesame"}
                ).rowcount
            )
        )
    assert "opensesame" not in str(raised.value)


def test_an_emptied_space_loses_its_documents_in_parts_and_what_they_own(database: Database) -> None:
    def fill(session):
        for space in ("Spaces-1", "Spaces-2"):
            shelf = session.insert(SHELVES, Shelf(space_id=space, name="Fiction"))
            for name in "abc":
                book = session.insert(BOOKS, Book(space_id=space, name=name, shelf_id=shelf.id))
                session.insert(NOTES, Note(book_id=book.id))

    database.write_now(fill)
    removed = [database.write_now(lambda s: s.empty_space("Spaces-2", 2)) for _ in range(3)]

    assert removed == [3, 1, 0]
    with database.read() as session:
        assert [book.space_id for book in session.all(BOOKS)] == ["Spaces-1"] * 3
        assert [note.book_id for note in session.all(NOTES)] == ["TestBooks-1", "TestBooks-2", "TestBooks-3"]
        assert session.count(SHELVES) == 1


def test_an_emptied_space_keeps_the_kinds_that_are_to_go_later(database: Database) -> None:
    database.write_now(lambda s: s.insert(SHELVES, Shelf(space_id="Spaces-2", name="Fiction")))

    assert database.write_now(lambda s: s.empty_space("Spaces-2", 10, but=(SHELVES,))) == 0


def test_what_a_transaction_has_deleted_is_missing_in_the_same_transaction(database: Database) -> None:
    """What was once found to exist is not looked up again, so a deletion must be remembered."""

    def work(session):
        shelf = session.insert(SHELVES, Shelf(space_id="Spaces-1", name="Poems"))
        book = session.insert(BOOKS, Book(space_id="Spaces-1", name="Emma", shelf_id=shelf.id))
        session.delete(BOOKS, book.id)
        session.delete(SHELVES, shelf.id)
        session.insert(BOOKS, Book(space_id="Spaces-1", name="Persuasion", shelf_id=shelf.id))

    with pytest.raises(Invalid, match="ShelfId names the test shelf 'TestShelves-1'"):
        database.write_now(work)


def test_a_read_of_another_thread_ends_before_the_database_is_closed(database: Database) -> None:
    """SQLite crashes the process when a connection is closed that a thread reads from."""
    reading, go_on, closed = threading.Event(), threading.Event(), threading.Event()
    counted: list[int] = []

    def read() -> None:
        with database.read() as session:
            session.count(SHELVES)
            reading.set()
            go_on.wait(20)
            counted.append(session.count(SHELVES))

    def close() -> None:
        database.close()
        closed.set()

    threads = [threading.Thread(target=work) for work in (read, close)]
    threads[0].start()
    assert reading.wait(20)
    threads[1].start()
    assert not closed.is_set()
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert (counted, closed.is_set()) == ([0], True)
    with pytest.raises(Unavailable, match="is stopping"), database.read():
        pass
