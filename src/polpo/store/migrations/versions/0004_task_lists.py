"""Lists of tasks and their counts by state, without looking at every task."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("ix_server_task_seq", "server_task", ["seq"], unique=False)
    op.create_index("ix_server_task_state_space", "server_task", ["state", "space_id"], unique=False)
