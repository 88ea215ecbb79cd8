"""Writing a new revision of the schema, for developers:

    python -m polpo.server.revisions "Add tenants" [table ...]

Compares what the revisions make with the tables that the features declare, and writes the difference, one function a
table, as the next file in `store/migrations/versions`. Read it before it is committed: a renamed column looks like one
that goes and one that comes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateIndexOp, CreateTableOp, DropIndexOp, DropTableOp, MigrateOperation, UpgradeOps
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from polpo.features.masterkeys.tables import master_key
from polpo.server.features import COLLECTIONS
from polpo.store.kinds import metadata
from polpo.store.migrations import configuration, migrate

#: The condition of a partial index, which Alembic writes as a bare text.
_CONDITION = re.compile(r"(\w+_where)=('[^']*')")
_HEAD = '''"""{message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}


def upgrade() -> None:
{calls}
'''


def missing_operations(tables: Collection[str] = ()) -> dict[str, UpgradeOps]:
    """What the revisions lack, by table; nothing when they make what the features declare."""
    if not COLLECTIONS or master_key.metadata is not metadata:  # that table belongs to no route
        raise RuntimeError("the features declare the tables when they are imported")
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/schema.db")
        try:
            migrate(engine)
            with engine.connect() as connection:
                produced = produce_migrations(MigrationContext.configure(connection), metadata)
        finally:
            engine.dispose()
    missing: dict[str, UpgradeOps] = {}
    for table, operation in _operations(produced.upgrade_ops):
        if table != "alembic_version" and (not tables or table in tables):
            missing.setdefault(table, UpgradeOps([])).ops.append(operation)
    return missing


def _operations(found: UpgradeOps | None) -> Iterator[tuple[str, MigrateOperation]]:
    for operation in found.ops if found else ():
        if isinstance(operation, CreateTableOp | DropTableOp | CreateIndexOp | DropIndexOp):
            yield str(operation.table_name), operation
        else:
            yield str(getattr(operation, "table_name", "")), operation


def write_revision(message: str, tables: Collection[str] = ()) -> Path | None:
    """The new file; None when there is nothing to write."""
    missing = missing_operations(tables)
    if not missing:
        return None
    scripts = ScriptDirectory.from_config(configuration())
    before = scripts.get_current_head()
    revision = f"{int(before or 0) + 1:04}"
    names = {table: "_" + re.sub(r"\W+", "_", table).lower() for table in missing}
    text = _HEAD.format(
        message=message.rstrip("."),
        revision=revision,
        before=f'"{before}"' if before else None,
        calls="\n".join(f"    {name}()" for name in names.values()),
    )
    for table, operations in missing.items():
        text += f"\n\ndef {names[table]}() -> None:\n{_code(operations)}\n"
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")
    path = Path(scripts.versions) / f"{revision}_{slug}.py"
    path.write_text(text)
    return path


def _code(operations: UpgradeOps) -> str:
    """SQLite changes a table by copying it, which Alembic calls a batch; a new table needs none."""
    is_new = any(isinstance(operation, CreateTableOp) for operation in operations.ops)
    body = render_python_code(operations, render_as_batch=not is_new, render_item=_plain_type)
    body = _CONDITION.sub(r"\1=sa.text(\2)", body)
    return "\n".join(f"    {line}" for line in body.splitlines() if line and not line.strip().startswith("#"))


def _plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A revision stands for itself: it must not change when a type of ours does, so it names the database's type."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stderr.write((__doc__ or "").strip() + "\n")
        return 2
    path = write_revision(arguments[0], arguments[1:])
    sys.stdout.write(f"{path}\n" if path else "The revisions make what the features declare already.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
