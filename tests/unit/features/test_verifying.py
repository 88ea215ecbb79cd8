"""Whoever changes the audit trail behind the server's back is found out, and what they changed is named."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.unit.features.trails import CHAIN, NEXT, OLD, TABLES, Trail, add

from polpo.features.events.archiving import forget_archive
from polpo.features.events.chain import Link, content_of
from polpo.features.events.lines import event_of, line_of
from polpo.features.events.tables import event, event_about, event_chain, event_detail
from polpo.features.events.trail import Recorder
from polpo.store.session import Session


def _set(seq: int, **values: Any) -> Callable[[Trail], None]:
    return lambda trail: trail.change(
        lambda db: db.execute(sa.update(event).where(event.c.seq == seq).values(**values))
    )


def _document(seq: int, old: bytes, new: bytes) -> Callable[[Trail], None]:
    def work(db: sa.Connection) -> None:
        doc = db.execute(sa.select(event.c.doc).where(event.c.seq == seq)).scalar_one()
        assert old in doc
        db.execute(sa.update(event).where(event.c.seq == seq).values(doc=doc.replace(old, new)))

    return lambda trail: trail.change(work)


def _detail(trail: Trail) -> None:
    def work(db: sa.Connection) -> None:
        detail = zlib.decompress(
            db.execute(sa.select(event_detail.c.detail).where(event_detail.c.seq == 9)).scalar_one()
        )
        assert b'"Name":"d"' in detail
        altered = zlib.compress(detail.replace(b'"Name":"d"', b'"Name":"x"'))
        db.execute(sa.update(event_detail).where(event_detail.c.seq == 9).values(detail=altered))

    trail.change(work)


def _remove(*numbers: int) -> Callable[[Trail], None]:
    def work(db: sa.Connection) -> None:
        for table in (event, event_about, event_detail):
            db.execute(sa.delete(table).where(table.c.seq.in_(numbers)))

    return lambda trail: trail.change(work)


def _swap(trail: Trail) -> None:
    def work(db: sa.Connection) -> None:
        for table in (event, event_about, event_detail):
            for old, new in ((10, 99), (12, 10), (99, 12)):
                db.execute(sa.update(table).where(table.c.seq == old).values(seq=new))

    trail.change(work)


def _insert(trail: Trail) -> None:
    def work(db: sa.Connection) -> None:
        row = dict(db.execute(sa.select(event).where(event.c.seq == 14)).mappings().one())
        row |= {"seq": 15, "doc": row["doc"].replace(b"Events-14", b"Events-15")}
        db.execute(sa.insert(event).values(**row))
        db.execute(sa.insert(event_about).values(document_id="Users-1", seq=15))

    trail.change(work)


def _rewrite_with_plain_hashes(trail: Trail) -> None:
    """By somebody who knows how the chain is made, and has no key."""

    def work(db: sa.Connection) -> None:
        before = db.execute(sa.select(event_chain.c.hash).where(event_chain.c.name == NEXT)).scalar_one()
        for row in db.execute(sa.select(event).order_by(event.c.seq)).all():
            detail = db.execute(sa.select(event_detail.c.detail).where(event_detail.c.seq == row.seq)).scalar()
            doc = row.doc.replace(b"signed in", b"slept well")
            content = content_of(row.agent, row.document_type, doc, detail and zlib.decompress(detail))
            before = hashlib.sha256(before + row.seq.to_bytes(8, "big") + content).digest()
            db.execute(sa.update(event).where(event.c.seq == row.seq).values(doc=doc, hash=before))
        db.execute(sa.update(event_chain).where(event_chain.c.name == "head").values(hash=before))

    trail.change(work)


def _other_chain(trail: Trail) -> None:
    trail.change(lambda db: db.execute(sa.delete(event_chain).where(event_chain.c.name == "begin")))


def _line(trail: Trail) -> None:
    lines = trail.lines(OLD)
    assert b'"b"' in lines[2]
    trail.rewrite(OLD, [*lines[:2], lines[2].replace(b'"b"', b'"z"'), lines[3]])


def _no_line(trail: Trail) -> None:
    lines = trail.lines(OLD)
    trail.rewrite(OLD, [lines[0], *lines[2:]])


def _no_mark(trail: Trail) -> None:
    lines = trail.lines(NEXT)
    plain = msgspec.json.decode(lines[0])
    del plain["Chain"]
    trail.rewrite(NEXT, [msgspec.json.encode(plain), lines[1]])


def _junk_line(trail: Trail) -> None:
    trail.rewrite(NEXT, [*trail.lines(NEXT), b"{}"])


def _no_file(trail: Trail) -> None:
    (trail.folder / "events" / OLD).unlink()


def _broken_file(trail: Trail) -> None:
    path = trail.folder / "events" / NEXT
    path.write_bytes(path.read_bytes()[:-20])


def _forged_deletion(trail: Trail) -> None:
    """As if the file had been deleted in order."""
    _no_file(trail)
    statement = sa.update(event_chain).where(event_chain.c.name == OLD).values(deleted="2026-04-01 by admin")
    trail.change(lambda db: db.execute(statement))


def _whole_day(trail: Trail) -> None:
    """The file, and what the database says of it."""
    _no_file(trail)
    trail.change(lambda db: db.execute(sa.delete(event_chain).where(event_chain.c.name == OLD)))


def _list(trail: Trail) -> None:
    trail.change(lambda db: db.execute(sa.delete(event_about).where(event_about.c.seq == 14)))


def _stray_list(trail: Trail) -> None:
    trail.change(lambda db: db.execute(sa.insert(event_about).values(document_id="Users-1", seq=3)))


TAMPERINGS: dict[str, tuple[Callable[[Trail], None], list[str]]] = {
    "a column": (
        _set(10, user_id="Users-9"),
        ["Events-10 was altered: its column user_id says 'Users-9', the event says"],
    ),
    "the space of an event": (_set(9, space_id="Spaces-2"), ["Events-9 was altered: its column space_id"]),
    "the program": (_set(10, agent="portal"), ["Events-10 in the database was altered"]),
    "the document": (_document(10, b"signed in", b"slept well"), ["Events-10 in the database was altered"]),
    "no JSON": (
        _document(10, b"signed in", b'"'),
        ["Events-10 in the database was altered: it is no event any more"],
    ),
    "the detail": (_detail, ["Events-9 in the database was altered"]),
    "a hash": (
        _set(11, hash=b"x" * 32),
        ["Events-11 in the database was altered: its hash is not that of what it says. Events-12 cannot be judged"],
    ),
    "no hash": (_set(14, hash=None), ["Events-14 is missing: it was removed", "Events-14 in the database has no hash"]),
    "one deleted": (_remove(11), ["Events-11 is missing: it was removed"]),
    "some deleted": (_remove(10, 11, 12), ["Events-10 to Events-12 are missing: they were removed"]),
    "the end deleted": (_remove(13, 14), ["Events-13 to Events-14 are missing"]),
    "two swapped": (
        _swap,
        ["Events-12 stands in the place of Events-10", "Events-10 stands in the place of Events-12"],
    ),
    "one inserted": (_insert, ["Events-15 were inserted: the server has told no more than Events-14", "Events-15 in"]),
    "all rewritten": (
        _rewrite_with_plain_hashes,
        ["Events-7 in the database was altered", "Events-8 to Events-14 cannot be judged by it, or were altered, too"],
    ),
    "where it begins": (_other_chain, ["The record of where the chain begins is gone"]),
    "a line of the archive": (_line, [f"Events-3 in {OLD} was altered"]),
    "a line removed": (
        _no_line,
        [f"Events-2 is missing: the archive file {OLD}, which it was put into, does not have it"],
    ),
    "a line without hash": (_no_mark, [f"Events-5 in {NEXT} has no hash", "Events-5 is missing"]),
    "a line that is none": (_junk_line, [f"Line 3 of {NEXT} was altered: it is no event any more"]),
    "a file removed": (_no_file, [f"Events-1 to Events-4 are missing: the archive file {OLD}"]),
    "a file broken": (
        _broken_file,
        [f"The file {NEXT} cannot be read to its end", "Events-6 is missing"],
    ),
    "a file as if deleted": (
        _forged_deletion,
        [f"What the table event_chain says of {OLD} is not what the server wrote", "Events-1 to Events-4 are missing"],
    ),
    "a file without trace": (_whole_day, ["Events-1 to Events-4 are missing: they were removed"]),
    "what it is listed under": (_list, ["Events-14 is listed under other documents than it names"]),
    "a list of nothing": (_stray_list, ["The table event_about has 1 rows for events that are gone (Events-3)"]),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_tampered_with_is_named(trail: Trail, name: str) -> None:
    tamper, expected = TAMPERINGS[name]
    tamper(trail)

    told = trail.verify().faults

    text = "\n".join(told)
    assert all(part in text for part in expected), text
    assert len(told) <= len(expected), text


def test_an_untouched_trail_has_no_faults(trail: Trail) -> None:
    verdict = trail.verify(trail.head)

    assert (verdict.faults, verdict.checked) == ([], 14)
    assert verdict.head == trail.head
    assert verdict.notes == ["The head that you kept, Events-14, is in the trail."]


def test_a_cut_end_is_found_by_the_head_that_was_kept(trail: Trail) -> None:
    """Somebody puts back the database of yesterday."""
    with trail.database.read() as session:
        yesterday = {table: session.connection.execute(sa.select(table)).mappings().all() for table in TABLES}
    trail.tell("g")
    kept = trail.head

    def restore(db: sa.Connection) -> None:
        for table, rows in yesterday.items():
            db.execute(sa.delete(table))
            if rows:
                db.execute(sa.insert(table), [dict(row) for row in rows])

    trail.change(restore)
    assert trail.verify().faults == []
    assert trail.verify(kept).faults == [
        "The end was cut off: you kept Events-16 as the head, and the trail ends at Events-14."
    ]
    trail.tell("h")
    assert trail.verify(kept).faults == ["Events-16 is not the one whose hash you kept: the trail was made anew."]


def test_a_file_that_was_deleted_in_order_is_no_fault(trail: Trail) -> None:
    trail.database.write_now(lambda session: forget_archive(session, CHAIN, OLD))
    _no_file(trail)

    verdict = trail.verify(Link(4, b"x" * 32))

    assert verdict.faults == ["Events-4 is not the one whose hash you kept: the trail was made anew."]
    assert verdict.notes == [
        f"Events-1 to Events-4 went with {OLD}, which was deleted at 2026-04-12T09:00:00.000+00:00 by system."
    ]
    assert trail.verify(Link(2, b"x" * 32)).notes[-1] == (
        "Events-2, whose hash you kept, went with a file that was deleted in order."
    )


def test_the_server_signs_nothing_that_somebody_forged(trail: Trail) -> None:
    """One file is removed by hand, the record of another says that it had its events, and that is deleted in order."""

    def forge(db: sa.Connection) -> None:
        db.execute(sa.delete(event_chain).where(event_chain.c.name == OLD))
        db.execute(sa.update(event_chain).where(event_chain.c.name == NEXT).values(first=1))

    trail.change(forge)
    trail.database.write_now(lambda session: forget_archive(session, CHAIN, NEXT))
    for name in (OLD, NEXT):
        (trail.folder / "events" / name).unlink()
    faults = trail.verify().faults
    assert any("Events-1 to Events-6 are missing" in one for one in faults), faults
    assert any(f"What the table event_chain says of {NEXT} is not what the server wrote" in one for one in faults)


def test_the_listings_of_archived_events_are_found_by_their_keys(trail: Trail) -> None:
    """A million events have three million listings: none of them is looked at that stays."""
    plans: list[str] = []

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("DELETE FROM event_about"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row.detail for row in rows)

    sa.event.listen(trail.database.engine, "before_cursor_execute", note)
    trail.clock.moment += timedelta(days=200)
    trail.archive()
    assert plans
    assert all("USING PRIMARY KEY (document_id=? AND seq>? AND seq<?)" in one for one in plans), plans
    with trail.database.read() as session:
        listed = session.connection.execute(sa.select(sa.func.min(event_about.c.seq))).scalar()
        kept = session.connection.execute(sa.select(sa.func.min(event.c.seq))).scalar()
    assert kept == listed
    assert trail.verify().faults == []


def test_a_server_that_died_while_archiving_left_no_fault(trail: Trail) -> None:
    """What is in the file already is still in the database, and some of it is gone from there."""
    with trail.database.read() as session:
        rows = {table: session.connection.execute(sa.select(table)).mappings().all() for table in TABLES[:3]}
    trail.clock.moment += timedelta(days=200)
    trail.archive()

    def put_back(db: sa.Connection) -> None:
        for table, found in rows.items():
            db.execute(sa.insert(table), [dict(row) for row in found if row["seq"] > 10])

    trail.change(put_back)
    assert trail.verify().faults == []
    trail.archive()
    assert trail.verify().faults == []
    assert trail.verify().checked == trail.head.seq


def test_events_from_before_the_chain_are_said_to_be_outside_of_it(trail: Trail) -> None:
    for table in (event, event_about, event_detail, event_chain):
        trail.change(lambda db, table=table: db.execute(sa.delete(table)))  # type: ignore[misc]
    (trail.folder / "events" / OLD).unlink()
    (trail.folder / "events" / NEXT).unlink()
    doc = msgspec.json.encode({"Id": "Events-20", "Category": "Created", "ChangeDetails": None})
    old = {"seq": 20, "occurred": "", "category": "Created", "agent": "x", "document_type": "y", "doc": doc}
    trail.change(lambda db: db.execute(sa.insert(event).values(**old)))
    trail.before = 20

    trail.tell("first")

    assert trail.verify().notes == [
        "1 events were told before the chain began, with Events-21; nobody can verify them."
    ]

    assert trail.verify().faults == []
    assert (trail.verify().checked, trail.head.seq) == (2, 22)
    trail.clock.moment += timedelta(days=100)
    trail.archive()
    assert trail.verify().faults == []
    _set(21, agent="portal")(trail)


def test_a_chain_that_somebody_has_begin_anew_is_found(trail: Trail) -> None:
    """They make it look as if there had been none, and the server begins one with the next event."""

    def unbind(db: sa.Connection) -> None:
        db.execute(sa.delete(event_chain))
        db.execute(sa.update(event).values(hash=None))

    trail.change(unbind)
    trail.tell("next")

    assert "The chain was begun anew: Events-1 to Events-14 were bound by it, and are not any more." in (
        trail.verify().faults
    )


def test_a_line_gives_back_what_was_stored(trail: Trail) -> None:
    for name in (OLD, NEXT):
        for line in trail.lines(name):
            assert line_of(event_of(line)) == line


def test_an_undone_write_leaves_no_gap(trail: Trail) -> None:
    def fail(session: Session) -> None:
        add(session, "never")
        Recorder(CHAIN)(session)
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        trail.database.write_now(fail)
    trail.tell("after")
    assert trail.verify().faults == []
    assert trail.verify().checked == 16
