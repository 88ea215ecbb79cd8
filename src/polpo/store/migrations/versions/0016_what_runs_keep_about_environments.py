"""What runs keep about environments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    _environment_state()


def _environment_state() -> None:
    op.create_table(
        "environment_state",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("environment_id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_environment_state")),
    )
    op.create_index(
        "ix_environment_state_project_id_environment_id_tenant_id",
        "environment_state",
        ["project_id", "environment_id", "tenant_id"],
        unique=False,
    )
    op.create_index(
        "ix_environment_state_space_id_name_key_seq", "environment_state", ["space_id", "name_key", "seq"], unique=False
    )
