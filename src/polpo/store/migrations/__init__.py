"""The history of the schema: every change to tables is a revision in `versions`, applied in order at start."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from polpo.kernel.errors import Invalid


def migrate(engine: sa.Engine) -> None:
    """Brings the database to the newest schema in one transaction: it has the old one or the new one, nothing between.

    Invalid for data that another program, or a newer version of Polpo, has written.
    """
    with engine.begin() as connection:
        if is_newest(connection):
            return
        present = MigrationContext.configure(connection).get_current_revision()
        config = configuration()
        _refuse_unknown(connection, present, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_newest(connection: sa.Connection) -> bool:
    """Whether the database has the schema of this version."""
    return MigrationContext.configure(connection).get_current_revision() == _newest()


@cache
def _newest() -> str:
    """Told by the names of the files: reading them all costs more than the rest of a start."""
    return max(path.name[:4] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def _refuse_unknown(connection: sa.Connection, present: str | None, scripts: ScriptDirectory) -> None:
    place = connection.engine.url.render_as_string()
    if present is None:
        if tables := sa.inspect(connection).get_table_names():
            raise Invalid(
                f"The database {place} holds tables, such as '{tables[0]}', but no mark of Polpo's schema: another"
                " program made it, or Polpo before its first release. Choose an empty database or another data folder."
            )
    elif present not in {script.revision for script in scripts.walk_revisions()}:
        raise Invalid(
            f"The database {place} has the schema '{present}', which this version of Polpo does not know: a newer"
            " version has written it. Start that version, or restore a backup."
        )
