"""Promotion of releases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from polpo.languages.versions import OctopusVersion

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _release_opening()
    _release()


def _release_opening() -> None:
    op.create_table(
        "release_opening",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_release_opening")),
    )


def _release() -> None:
    with op.batch_alter_table("release", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("sort_key", sa.Text(), nullable=True), insert_after="version_key")
    _fill_sort_keys()
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.alter_column("sort_key", existing_type=sa.Text(), nullable=False)
        batch_op.create_index("ix_release_channel_id_sort_key", ["channel_id", "sort_key"], unique=False)
        batch_op.create_index("ix_release_project_id_sort_key", ["project_id", "sort_key"], unique=False)


def _fill_sort_keys() -> None:
    """Releases that are there already are in the line, too."""
    release = sa.table("release", sa.column("id"), sa.column("version"), sa.column("sort_key"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(release.c.id, release.c.version)).all():
        values = {"sort_key": OctopusVersion.parse(row.version).sort_key}
        connection.execute(sa.update(release).where(release.c.id == row.id).values(**values))
