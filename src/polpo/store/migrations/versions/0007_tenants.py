"""Tenants, tag sets and kinds of environments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _set_of_tenant_variables()
    _tag_set()
    _tenant()
    _deployment()
    _environment()


def _set_of_tenant_variables() -> None:
    op.create_table(
        "set_of_tenant_variables",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_of_tenant_variables")),
    )
    op.create_index(
        "ix_set_of_tenant_variables_space_id_seq", "set_of_tenant_variables", ["space_id", "seq"], unique=False
    )
    op.create_index("ix_set_of_tenant_variables_tenant_id", "set_of_tenant_variables", ["tenant_id"], unique=False)


def _tag_set() -> None:
    op.create_table(
        "tag_set",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("scope_lines", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_set")),
    )
    op.create_index("ix_tag_set_space_id_sort_order_seq", "tag_set", ["space_id", "sort_order", "seq"], unique=False)
    op.create_index("uq_tag_set_space_id_name_key", "tag_set", ["space_id", "name_key"], unique=True)


def _tenant() -> None:
    op.create_table(
        "tenant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("cloned_from_tenant_id", sa.Text(), nullable=True),
        sa.Column("tag_lines", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
    )
    op.create_index("ix_tenant_space_id_name_key_seq", "tenant", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("uq_tenant_space_id_name_key", "tenant", ["space_id", "name_key"], unique=True)
    op.create_index("uq_tenant_space_id_slug", "tenant", ["space_id", "slug"], unique=True)


def _deployment() -> None:
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deployment_project_id_environment_id_tenant_id_seq",
            ["project_id", "environment_id", "tenant_id", "seq"],
            unique=False,
        )
        batch_op.create_index("ix_deployment_tenant_id", ["tenant_id"], unique=False)


def _environment() -> None:
    with op.batch_alter_table("environment", recreate="always") as batch_op:
        kind = sa.Column("type", sa.Text(), server_default="Static", nullable=False)
        batch_op.add_column(kind, insert_after="sort_order")
        batch_op.add_column(sa.Column("parent_environment_id", sa.Text(), nullable=True), insert_after="type")
        batch_op.create_index("ix_environment_parent_environment_id", ["parent_environment_id"], unique=False)
        batch_op.create_index(
            "ix_environment_space_id_type_sort_order_seq", ["space_id", "type", "sort_order", "seq"], unique=False
        )
