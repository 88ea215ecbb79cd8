"""Tasks that wait for other tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _task_wait()
    _server_task()


def _task_wait() -> None:
    op.create_table(
        "task_wait",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("awaited_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "awaited_id", name=op.f("pk_task_wait")),
    )
    op.create_index("ix_task_wait_awaited_id", "task_wait", ["awaited_id"], unique=False)


def _server_task() -> None:
    with op.batch_alter_table("server_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.Text(), nullable=True))
        batch_op.create_index("ix_server_task_origin", ["origin"], unique=True)
