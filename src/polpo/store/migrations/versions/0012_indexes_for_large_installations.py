"""Indexes for large installations."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _deployment()
    _reference()


def _deployment() -> None:
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.create_index("ix_deployment_channel_id_space_id_seq", ["channel_id", "space_id", "seq"], unique=False)
        batch_op.create_index(
            "ix_deployment_environment_id_space_id_seq", ["environment_id", "space_id", "seq"], unique=False
        )


def _reference() -> None:
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reference_to"))
        batch_op.create_index("ix_reference_to", ["to_id", "from_kind", "from_id"], unique=False)
