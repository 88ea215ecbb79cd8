"""What tasks leave behind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _discarded_blob()
    _recurrence()
    _server_task()


def _discarded_blob() -> None:
    op.create_table(
        "discarded_blob",
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_discarded_blob")),
    )


def _recurrence() -> None:
    op.create_table(
        "recurrence",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_recurrence")),
    )


def _server_task() -> None:
    with op.batch_alter_table("server_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cancel_reason", sa.Text(), nullable=True))
        batch_op.create_index("ix_server_task_kind", ["kind", "seq"], unique=False)
