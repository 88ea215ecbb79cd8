"""What PostgreSQL must give beyond SQLite: several nodes that hear each other, and connections that come and go."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa
from tests.postgres import Postgres, postgres, start

from polpo.kernel.errors import Invalid, Unavailable
from polpo.kernel.secrets import Vault
from polpo.server.features import COLLECTIONS
from polpo.store.backend import News
from polpo.store.database import Database
from polpo.store.kinds import id_sequence
from polpo.store.listening import decode_news, encode_news
from polpo.store.migrations import migrate
from polpo.store.searching import mentions
from polpo.store.session import Session

assert COLLECTIONS  # the features declare the tables when they are imported
BOUND = 30
VAULT = Vault(b"k" * 32)


@pytest.fixture
def url(postgresql: Postgres, declared: str) -> str:
    postgresql.reset(declared)
    return postgresql.url(declared)


@pytest.fixture
def nodes(url: str) -> Iterator[tuple[Database, Database]]:
    """Two openings of one database, each of which hears the other."""
    one, two = Database(url, VAULT, name="one"), Database(url, VAULT, name="two")
    for node in (one, two):
        hears(node)
    yield one, two
    one.close()
    two.close()


def hears(node: Database) -> None:
    """Returns when the node keeps answers, which it does as soon as it listens."""
    wait_for(lambda: node.memos.newest([]) < float("inf"))


def wait_for(condition: object) -> None:
    tick = threading.Event()
    for _ in range(BOUND * 100):
        if condition():  # type: ignore[operator]
            return
        tick.wait(0.01)
    raise AssertionError("it did not come about")


def write_number(session: Session, kind: str = "Things") -> int:
    session.written.add(kind)
    return session.new_numbers(kind, 1)


def numbers(session: Session) -> list[int]:
    return list(session.connection.execute(sa.select(id_sequence.c.last)).scalars())


def schema(url: str) -> dict[str, set[tuple[str, ...]]]:
    """Columns and indexes as the database knows them, without those of tests."""
    columns = "SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns"
    indexes = "SELECT tablename, indexname, indexdef FROM pg_indexes"
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = {
            "columns": connection.execute(sa.text(f"{columns} WHERE table_schema = 'public'")).all(),
            "indexes": connection.execute(sa.text(f"{indexes} WHERE schemaname = 'public'")).all(),
        }
    return {
        what: {tuple(map(str, row)) for row in rows if not row[0].startswith(("test_", "alembic_"))}
        for what, rows in found.items()
    }


def test_the_revisions_make_from_nothing_what_the_features_declare(postgresql: Postgres, url: str) -> None:
    migrated = postgresql.url(postgresql.create())
    node = Database(migrated, VAULT)
    migrate(node.engine)
    migrate(node.engine)
    node.close()
    assert schema(migrated) == schema(url)


def test_what_one_node_writes_makes_void_what_another_keeps(nodes: tuple[Database, Database]) -> None:
    one, two = nodes

    def asked() -> list[int]:
        with two.read() as session:
            return session.remembered(["Things"], "numbers", lambda: numbers(session))

    assert asked() == []
    one.write_now(write_number)
    wait_for(lambda: asked() == [1])


def test_what_is_announced_is_heard_on_all_nodes(nodes: tuple[Database, Database]) -> None:
    heard: list[tuple[str, str | None]] = []
    for name, node in zip(("one", "two"), nodes, strict=True):
        node.subscribe("bell", lambda item, name=name: heard.append((name, item)))  # type: ignore[misc]
    nodes[0].write_now(lambda session: session.announce("bell", "noon"))
    wait_for(lambda: len(heard) == 2)
    assert sorted(heard) == [("one", "noon"), ("two", "noon")]


def test_what_is_undone_is_not_told(nodes: tuple[Database, Database]) -> None:
    heard: list[str | None] = []
    nodes[1].subscribe("bell", heard.append)

    def fails(session: Session) -> None:
        session.announce("bell", "never")
        raise Invalid("No.")

    with pytest.raises(Invalid):
        nodes[0].write_now(fails)
    nodes[0].write_now(lambda session: session.announce("bell", "later"))
    wait_for(lambda: heard)
    assert heard == ["later"]


def test_a_node_that_was_cut_off_works_on_and_takes_everything_for_changed(
    nodes: tuple[Database, Database], postgresql: Postgres
) -> None:
    _one, two = nodes
    heard: list[str | None] = []
    two.subscribe("bell", heard.append)
    with two.read() as session:
        assert numbers(session) == []
    two.write_now(write_number)
    postgresql.cut_off(two.identity)
    with two.read() as session:
        assert numbers(session) == [1]
    assert two.write_now(write_number) == 2
    wait_for(lambda: heard == [None])
    hears(two)


def test_writers_of_two_nodes_take_turns(nodes: tuple[Database, Database]) -> None:
    writes = [node.submit(write_number) for _ in range(50) for node in nodes]
    assert sorted(write.result(BOUND) for write in writes) == list(range(1, 101))


def test_a_database_that_went_away_is_used_again_when_it_is_back() -> None:
    with postgres() as server, closing(Database(server.url("postgres"), VAULT)) as node:
        server.execute("GRANT ALL ON SCHEMA public TO polpo")
        id_sequence.create(node.engine)
        assert node.write_now(write_number) == 1
        server.process.send_signal(signal.SIGINT)
        server.process.wait(BOUND)
        with pytest.raises(Unavailable, match="cannot be used at the moment"), node.read() as session:
            numbers(session)
        with pytest.raises(Unavailable, match="cannot be used at the moment"):
            node.write_now(write_number)
        server.process = start(server.folder, server.port, as_user=server.user).process
        assert node.write_now(write_number) == 2
        with node.read() as session:
            assert numbers(session) == [2]
        hears(node)


def test_texts_compare_by_bytes_and_may_hold_what_scripts_print(nodes: tuple[Database, Database]) -> None:
    def work(session: Session) -> list[str]:
        rows = [{"kind": kind, "last": 5_000_000_000} for kind in ("b", "B", "a-c", "ab", "nul \0 inside")]
        session.connection.execute(sa.insert(id_sequence), rows)
        return list(session.connection.execute(sa.select(id_sequence.c.kind).order_by(id_sequence.c.kind)).scalars())

    assert nodes[0].write_now(work) == ["B", "a-c", "ab", "b", "nul \u2400 inside"]


def test_bytes_are_found_inside_documents(nodes: tuple[Database, Database]) -> None:
    values = sa.select(sa.literal(b'{"Id":"Machines-1"}', sa.LargeBinary).label("doc")).cte("t")
    with nodes[0].read() as session:
        for needle, found in ((b'"Machines-1"', 1), (b'"Machines-2"', 0)):
            statement = sa.select(sa.func.count()).select_from(values).where(mentions(values.c.doc, needle))
            assert session.connection.execute(statement).scalar_one() == found


def test_news_that_are_too_long_say_everything() -> None:
    text = encode_news("one", News({"Things"}, {"wake": {f"ServerTasks-{number}" for number in range(1000)}}))
    heard = decode_news(text, "two")
    assert heard is not None
    assert heard.everything
    assert decode_news(text, "one") is None
    assert decode_news("no json", "two") is None
