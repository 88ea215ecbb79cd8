"""Make the system around deployments resources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"


def upgrade() -> None:
    _logo()
    _logo_picture()


def _logo() -> None:
    op.create_table(
        "logo",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logo")),
    )
    op.create_index("ix_logo_digest", "logo", ["digest"], unique=False)
    op.create_index("ix_logo_seq", "logo", ["seq"], unique=False)


def _logo_picture() -> None:
    op.create_table(
        "logo_picture",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_logo_picture")),
    )
