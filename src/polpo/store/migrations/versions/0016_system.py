"""Make the system around deployments resources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"


def upgrade() -> None:
    _configuration_section()
    _deployment_freeze()
    _logo()
    _logo_picture()
    _server_node()
    _subscription()


def _configuration_section() -> None:
    op.create_table(
        "configuration_section",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_section")),
    )
    op.create_index("ix_configuration_section_seq", "configuration_section", ["seq"])


def _deployment_freeze() -> None:
    op.create_table(
        "deployment_freeze",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_freeze")),
    )
    op.create_index("ix_deployment_freeze_begins_seq", "deployment_freeze", ["begins", "seq"])
    op.create_index("ix_deployment_freeze_ends", "deployment_freeze", ["ends"])
    op.create_index("ix_deployment_freeze_owner_id", "deployment_freeze", ["owner_id"])
    op.create_index("uq_deployment_freeze_name_key", "deployment_freeze", ["name_key"], unique=True)


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
    op.create_index("ix_logo_digest", "logo", ["digest"])
    op.create_index("ix_logo_seq", "logo", ["seq"])


def _logo_picture() -> None:
    op.create_table(
        "logo_picture",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_logo_picture")),
    )


def _server_node() -> None:
    op.create_table(
        "server_node",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_node")),
    )
    op.create_index("ix_server_node_name_key_seq", "server_node", ["name_key", "seq"])
    op.create_index("uq_server_node_name_key", "server_node", ["name_key"], unique=True)


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_space_id_name_key_seq", "subscription", ["space_id", "name_key", "seq"])
    op.create_index("uq_subscription_space_id_name_key", "subscription", ["space_id", "name_key"], unique=True)
