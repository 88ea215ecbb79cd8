"""Make the system around deployments resources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _configuration_section()
    _dashboard_configuration()
    _deployment_freeze()
    _feature_toggle()
    _kubernetes_monitor()
    _logo()
    _logo_picture()
    _rate_limiting_policy()
    _retention_policy()
    _rollout_group()
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


def _dashboard_configuration() -> None:
    op.create_table(
        "dashboard_configuration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_configuration")),
    )
    op.create_index("ix_dashboard_configuration_space_id_seq", "dashboard_configuration", ["space_id", "seq"])


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


def _feature_toggle() -> None:
    op.create_table(
        "feature_toggle",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("rollout_group_id", sa.Text(), nullable=True),
        sa.Column("marked_tags", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_toggle")),
    )
    op.create_index("ix_feature_toggle_rollout_group_id", "feature_toggle", ["rollout_group_id"])
    op.create_index("ix_feature_toggle_space_id_name_key_seq", "feature_toggle", ["space_id", "name_key", "seq"])
    op.create_index(
        "uq_feature_toggle_space_id_project_id_name_key",
        "feature_toggle",
        ["space_id", "project_id", "name_key"],
        unique=True,
    )
    op.create_index(
        "uq_feature_toggle_space_id_project_id_slug", "feature_toggle", ["space_id", "project_id", "slug"], unique=True
    )


def _kubernetes_monitor() -> None:
    op.create_table(
        "kubernetes_monitor",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("machine_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kubernetes_monitor")),
    )
    op.create_index("ix_kubernetes_monitor_space_id_seq", "kubernetes_monitor", ["space_id", "seq"])
    op.create_index(
        "uq_kubernetes_monitor_space_id_machine_id", "kubernetes_monitor", ["space_id", "machine_id"], unique=True
    )


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


def _rate_limiting_policy() -> None:
    op.create_table(
        "rate_limiting_policy",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limiting_policy")),
    )
    op.create_index("ix_rate_limiting_policy_name_key_seq", "rate_limiting_policy", ["name_key", "seq"])
    op.create_index("uq_rate_limiting_policy_name_key", "rate_limiting_policy", ["name_key"], unique=True)


def _retention_policy() -> None:
    op.create_table(
        "retention_policy",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("retention_type", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_policy")),
    )
    op.create_index("ix_retention_policy_space_id_name_key_seq", "retention_policy", ["space_id", "name_key", "seq"])
    op.create_index(
        "uq_retention_policy_space_id_retention_type", "retention_policy", ["space_id", "retention_type"], unique=True
    )


def _rollout_group() -> None:
    op.create_table(
        "rollout_group",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollout_group")),
    )
    op.create_index("ix_rollout_group_space_id_name_key_seq", "rollout_group", ["space_id", "name_key", "seq"])
    op.create_index(
        "uq_rollout_group_space_id_project_id_name_key",
        "rollout_group",
        ["space_id", "project_id", "name_key"],
        unique=True,
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
