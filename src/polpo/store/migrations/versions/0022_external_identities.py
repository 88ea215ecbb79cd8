"""External identities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    _external_identity()
    _sign_in_attempt()


def _external_identity() -> None:
    op.create_table(
        "external_identity",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
    )
    op.create_index("ix_external_identity_seq", "external_identity", ["seq"], unique=False)
    op.create_index("ix_external_identity_user_id", "external_identity", ["user_id"], unique=False)
    op.create_index(
        "uq_external_identity_provider_issuer_subject",
        "external_identity",
        ["provider", "issuer", "subject"],
        unique=True,
    )


def _sign_in_attempt() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_expires", "sign_in_attempt", ["expires"], unique=False)
    op.create_index("ix_sign_in_attempt_seq", "sign_in_attempt", ["seq"], unique=False)
    op.create_index("uq_sign_in_attempt_state", "sign_in_attempt", ["state"], unique=True)
