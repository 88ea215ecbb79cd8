"""Places that software is deployed to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _account()
    _certificate()
    _proxy()
    _worker()
    _worker_connection()


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("account_type", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index("ix_account_space_id_name_key_seq", "account", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("uq_account_space_id_name_key", "account", ["space_id", "name_key"], unique=True)
    op.create_index("uq_account_space_id_slug", "account", ["space_id", "slug"], unique=True)


def _certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("not_after", sa.Text(), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=False),
        sa.Column("archived", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("tenant_lines", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    op.create_index(
        "ix_certificate_is_archived_name_key_seq", "certificate", ["is_archived", "name_key", "seq"], unique=False
    )
    op.create_index(
        "ix_certificate_space_id_name_key_seq", "certificate", ["space_id", "name_key", "seq"], unique=False
    )


def _proxy() -> None:
    op.create_table(
        "proxy",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy")),
    )
    op.create_index("ix_proxy_space_id_name_key_seq", "proxy", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("uq_proxy_space_id_name_key", "proxy", ["space_id", "name_key"], unique=True)


def _worker() -> None:
    op.create_table(
        "worker",
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
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_index("ix_worker_space_id_name_key_seq", "worker", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("ix_worker_thumbprint", "worker", ["thumbprint"], unique=False)
    op.create_index("ix_worker_uri", "worker", ["uri"], unique=False)
    op.create_index("uq_worker_space_id_name_key", "worker", ["space_id", "name_key"], unique=True)
    op.create_index("uq_worker_space_id_slug", "worker", ["space_id", "slug"], unique=True)


def _worker_connection() -> None:
    op.create_table(
        "worker_connection",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_connection")),
    )
    op.create_index("ix_worker_connection_space_id_seq", "worker_connection", ["space_id", "seq"], unique=False)
