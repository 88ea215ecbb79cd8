"""Failed sign-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    _sign_in_failure()


def _sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_last", "sign_in_failure", ["last"], unique=False)
