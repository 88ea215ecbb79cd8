"""The audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _event()
    _event_about()
    _event_count()
    _event_detail()


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("occurred", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    op.create_index("ix_event_agent", "event", ["agent", "seq", "space_id"], unique=False)
    op.create_index("ix_event_category", "event", ["category", "seq", "space_id"], unique=False)
    op.create_index("ix_event_document_type", "event", ["document_type", "seq", "space_id"], unique=False)
    op.create_index("ix_event_occurred", "event", ["occurred", "seq"], unique=False)
    op.create_index("ix_event_space", "event", ["space_id", "seq"], unique=False)
    op.create_index("ix_event_user", "event", ["user_id", "seq", "space_id"], unique=False)


def _event_about() -> None:
    op.create_table(
        "event_about",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "seq", name=op.f("pk_event_about")),
        sqlite_with_rowid=False,
    )


def _event_count() -> None:
    op.create_table(
        "event_count",
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", name=op.f("pk_event_count")),
    )


def _event_detail() -> None:
    op.create_table(
        "event_detail",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_detail")),
    )
