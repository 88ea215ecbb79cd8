"""The tables of projects, releases, packages and targets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _channel()
    _defect()
    _deployment_process()
    _environment()
    _feed()
    _lifecycle()
    _machine()
    _machine_connection()
    _machine_policy()
    _package()
    _portal_session()
    _project()
    _project_group()
    _release()
    _variable_set()
    _worker_pool()


def _channel() -> None:
    op.create_table(
        "channel",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("lifecycle_id", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_index("ix_channel_space_id_name_key_seq", "channel", ["space_id", "name_key", "seq"], unique=False)
    op.create_index(
        "uq_channel_space_id_project_id_name_key", "channel", ["space_id", "project_id", "name_key"], unique=True
    )
    op.create_index("uq_channel_space_id_project_id_slug", "channel", ["space_id", "project_id", "slug"], unique=True)


def _defect() -> None:
    op.create_table(
        "defect",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defect")),
    )
    op.create_index("ix_defect_release_id_status", "defect", ["release_id", "status"], unique=False)
    op.create_index("ix_defect_space_id_seq", "defect", ["space_id", "seq"], unique=False)


def _deployment_process() -> None:
    op.create_table(
        "deployment_process",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_snapshot", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_process")),
    )
    op.create_index(
        "ix_deployment_process_project_id_is_snapshot_version",
        "deployment_process",
        ["project_id", "is_snapshot", "version"],
        unique=False,
    )
    op.create_index(
        "ix_deployment_process_space_id_seq_id", "deployment_process", ["space_id", "seq", "id"], unique=False
    )


def _environment() -> None:
    op.create_table(
        "environment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_environment")),
    )
    op.create_index(
        "ix_environment_space_id_sort_order_seq", "environment", ["space_id", "sort_order", "seq"], unique=False
    )
    op.create_index("uq_environment_space_id_name_key", "environment", ["space_id", "name_key"], unique=True)
    op.create_index("uq_environment_space_id_slug", "environment", ["space_id", "slug"], unique=True)


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("feed_type", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index("ix_feed_space_id_name_key_seq", "feed", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("uq_feed_space_id_name_key", "feed", ["space_id", "name_key"], unique=True)
    op.create_index("uq_feed_space_id_slug", "feed", ["space_id", "slug"], unique=True)


def _lifecycle() -> None:
    op.create_table(
        "lifecycle",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle")),
    )
    op.create_index("ix_lifecycle_space_id_name_key_seq", "lifecycle", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("uq_lifecycle_space_id_name_key", "lifecycle", ["space_id", "name_key"], unique=True)
    op.create_index("uq_lifecycle_space_id_slug", "lifecycle", ["space_id", "slug"], unique=True)


def _machine() -> None:
    op.create_table(
        "machine",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("machine_policy_id", sa.Text(), nullable=False),
        sa.Column("health_status", sa.Text(), nullable=False),
        sa.Column("communication_style", sa.Text(), nullable=False),
        sa.Column("shell_name", sa.Text(), nullable=True),
        sa.Column("operating_system", sa.Text(), nullable=True),
        sa.Column("thumbprint", sa.Text(), nullable=True),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("role_lines", sa.Text(), nullable=False),
        sa.Column("tenant_lines", sa.Text(), nullable=False),
        sa.Column("tenant_tag_lines", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine")),
    )
    op.create_index("ix_machine_space_id_name_key_seq", "machine", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("ix_machine_thumbprint", "machine", ["thumbprint"], unique=False)
    op.create_index("ix_machine_uri", "machine", ["uri"], unique=False)
    op.create_index("uq_machine_space_id_name_key", "machine", ["space_id", "name_key"], unique=True)
    op.create_index("uq_machine_space_id_slug", "machine", ["space_id", "slug"], unique=True)


def _machine_connection() -> None:
    op.create_table(
        "machine_connection",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_connection")),
    )
    op.create_index("ix_machine_connection_space_id_seq", "machine_connection", ["space_id", "seq"], unique=False)


def _machine_policy() -> None:
    op.create_table(
        "machine_policy",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_policy")),
    )
    op.create_index(
        "ix_machine_policy_space_id_name_key_seq", "machine_policy", ["space_id", "name_key", "seq"], unique=False
    )
    op.create_index("uq_machine_policy_space_id_name_key", "machine_policy", ["space_id", "name_key"], unique=True)


def _package() -> None:
    op.create_table(
        "package",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("package_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("version_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
    )
    op.create_index(
        "ix_package_space_id_package_key_sort_key", "package", ["space_id", "package_key", "sort_key"], unique=False
    )
    op.create_index(
        "uq_package_space_id_package_key_version_key",
        "package",
        ["space_id", "package_key", "version_key"],
        unique=True,
    )


def _portal_session() -> None:
    op.create_table(
        "portal_session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_session")),
    )
    op.create_index("ix_portal_session_seq", "portal_session", ["seq"], unique=False)
    op.create_index("uq_portal_session_digest", "portal_session", ["digest"], unique=True)


def _project() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_group_id", sa.Text(), nullable=False),
        sa.Column("lifecycle_id", sa.Text(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("variable_set_id", sa.Text(), nullable=False),
        sa.Column("cloned_from_project_id", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_index("ix_project_space_id_name_key_seq", "project", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("ix_project_space_id_project_group_id", "project", ["space_id", "project_group_id"], unique=False)
    op.create_index("uq_project_space_id_name_key", "project", ["space_id", "name_key"], unique=True)
    op.create_index("uq_project_space_id_slug", "project", ["space_id", "slug"], unique=True)


def _project_group() -> None:
    op.create_table(
        "project_group",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_group")),
    )
    op.create_index(
        "ix_project_group_space_id_name_key_seq", "project_group", ["space_id", "name_key", "seq"], unique=False
    )
    op.create_index("uq_project_group_space_id_name_key", "project_group", ["space_id", "name_key"], unique=True)
    op.create_index("uq_project_group_space_id_slug", "project_group", ["space_id", "slug"], unique=True)


def _release() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("version_key", sa.Text(), nullable=False),
        sa.Column("assembled", sa.DateTime(timezone=True), nullable=False),
        sa.Column("project_variable_set_snapshot_id", sa.Text(), nullable=False),
        sa.Column("project_deployment_process_snapshot_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index("ix_release_channel_id_seq", "release", ["channel_id", "seq"], unique=False)
    op.create_index("ix_release_project_id_seq", "release", ["project_id", "seq"], unique=False)
    op.create_index("ix_release_space_id_seq", "release", ["space_id", "seq"], unique=False)
    op.create_index(
        "uq_release_space_id_project_id_version_key", "release", ["space_id", "project_id", "version_key"], unique=True
    )


def _variable_set() -> None:
    op.create_table(
        "variable_set",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_snapshot", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variable_set")),
    )
    op.create_index(
        "ix_variable_set_owner_id_is_snapshot_version",
        "variable_set",
        ["owner_id", "is_snapshot", "version"],
        unique=False,
    )
    op.create_index("ix_variable_set_space_id_seq_id", "variable_set", ["space_id", "seq", "id"], unique=False)


def _worker_pool() -> None:
    op.create_table(
        "worker_pool",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("worker_pool_type", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_pool")),
    )
    op.create_index(
        "ix_worker_pool_space_id_sort_order_seq", "worker_pool", ["space_id", "sort_order", "seq"], unique=False
    )
    op.create_index("uq_worker_pool_space_id_name_key", "worker_pool", ["space_id", "name_key"], unique=True)
    op.create_index("uq_worker_pool_space_id_slug", "worker_pool", ["space_id", "slug"], unique=True)
