"""The schema that the revisions make, and what happens to databases that are not ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from polpo.kernel.errors import Invalid
from polpo.server.application import assemble
from polpo.server.revisions import main, missing_operations
from polpo.server.settings import Settings
from polpo.store.kinds import metadata
from polpo.store.migrations import configuration, migrate


def engine_at(path: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)


def schema(engine: sa.Engine) -> dict[str, str]:
    """Every table and index as it was declared to the database, without blanks and quotes; not those of other tests."""
    with engine.connect() as connection:
        statement = sa.text("select name, tbl_name, sql from sqlite_master where sql is not null")
        rows = connection.execute(statement).all()
    return {row.name: re.sub(r'[\s"]', "", row.sql) for row in rows if not _is_foreign(row.tbl_name)}


def _is_foreign(table: str) -> bool:
    return table == "alembic_version" or table.startswith("test_")


def test_the_revisions_make_what_the_features_declare(tmp_path: Path) -> None:
    migrated, declared = engine_at(tmp_path / "a.db"), engine_at(tmp_path / "b.db")
    migrate(migrated)
    metadata.create_all(declared)

    assert schema(migrated) == schema(declared), 'write the missing revision: python -m polpo.server.revisions "What"'
    assert [table for table in missing_operations() if not _is_foreign(table)] == []


def test_a_database_that_is_up_to_date_stays_as_it_is(tmp_path: Path) -> None:
    engine = engine_at(tmp_path / "a.db")
    migrate(engine)
    before = schema(engine)

    migrate(engine)

    assert schema(engine) == before


def test_a_developer_without_changes_writes_no_revision(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["Nothing", "space", "release"]) == 0
    assert "already" in capsys.readouterr().out
    assert main([]) == 2


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    engine = engine_at(tmp_path / "a.db")
    with engine.begin() as connection:
        connection.execute(sa.text("create table customer (id integer)"))

    with pytest.raises(Invalid, match="'customer', but no mark"):
        migrate(engine)

    assert list(schema(engine)) == ["customer"]


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), agent_listen="127.0.0.1:0", admin_password="correct horse battery")
    server = assemble(settings)
    with server.database.engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    server.database.close()
    server.lock.release()

    with pytest.raises(Invalid, match="a newer version has written it"):
        assemble(settings)


def test_the_newest_revision_is_told_by_the_name_of_its_file() -> None:
    """A start that has nothing to do relies on it."""
    scripts = ScriptDirectory.from_config(configuration())
    revisions = {Path(one.path).name[:4]: one.revision for one in scripts.walk_revisions()}
    assert all(name == revision for name, revision in revisions.items())
    assert scripts.get_current_head() == max(revisions)


def test_releases_from_before_get_their_place_in_the_line(tmp_path: Path) -> None:
    engine = engine_at(tmp_path / "a.db")
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        parts = (
            "project_id channel_id version_key project_variable_set_snapshot_id project_deployment_process_snapshot_id"
        )
        columns = ["id", "seq", "row_version", "space_id", "version", "assembled", "doc", *parts.split()]
        release = sa.table("release", *map(sa.column, columns))
        for number, version in enumerate(("1.10.0", "1.9.0-rc.1")):
            row = dict.fromkeys(columns, version) | {"id": f"Releases-{number}", "seq": number, "row_version": 1}
            connection.execute(sa.insert(release).values(**row))

    migrate(engine)

    with engine.connect() as connection:
        rows = connection.exec_driver_sql("select version from release order by sort_key").scalars()
        assert list(rows) == ["1.9.0-rc.1", "1.10.0"]
