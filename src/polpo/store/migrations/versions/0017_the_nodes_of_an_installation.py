"""The nodes of an installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _cluster_node()


def _cluster_node() -> None:
    op.create_table(
        "cluster_node",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started", sa.Float(precision=53), nullable=False),
        sa.Column("beat", sa.Float(precision=53), nullable=False),
        sa.Column("dead_after", sa.Float(precision=53), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_node")),
    )
