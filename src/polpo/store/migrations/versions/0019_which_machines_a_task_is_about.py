"""Which machines a task is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    _task_place()


def _task_place() -> None:
    op.create_table(
        "task_place",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", "task_id", name=op.f("pk_task_place")),
    )
    op.create_index("ix_task_place_task_id", "task_place", ["task_id"], unique=False)
