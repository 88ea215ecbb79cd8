"""The tables of the installation, its users and its tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _api_key()
    _credentials()
    _id_sequence()
    _installation()
    _interruption()
    _reference()
    _server_task()
    _space()
    _task_activity()
    _task_log()
    _task_node()
    _user()


def _api_key() -> None:
    op.create_table(
        "API_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_API_key")),
    )
    op.create_index("ix_API_key_seq", "API_key", ["seq"], unique=False)
    op.create_index("uq_API_key_digest", "API_key", ["digest"], unique=True)


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
    )
    op.create_index("ix_credentials_seq", "credentials", ["seq"], unique=False)
    op.create_index("uq_credentials_user_id", "credentials", ["user_id"], unique=True)


def _id_sequence() -> None:
    op.create_table(
        "id_sequence",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_id_sequence")),
    )


def _installation() -> None:
    op.create_table(
        "installation",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )


def _interruption() -> None:
    op.create_table(
        "interruption",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), nullable=False),
        sa.Column("related_lines", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruption")),
    )
    op.create_index("ix_interruption_space_id_is_pending", "interruption", ["space_id", "is_pending"], unique=False)
    op.create_index("ix_interruption_space_id_seq", "interruption", ["space_id", "seq"], unique=False)
    op.create_index("ix_interruption_task_id", "interruption", ["task_id"], unique=False)


def _reference() -> None:
    op.create_table(
        "reference",
        sa.Column("from_kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("to_kind", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("from_id", "path", "to_id", name=op.f("pk_reference")),
    )
    op.create_index("ix_reference_to", "reference", ["to_id", "to_kind"], unique=False)


def _server_task() -> None:
    op.create_table(
        "server_task",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Text(), nullable=False),
        sa.Column("concurrency_tag", sa.Text(), nullable=True),
        sa.Column("holds_tag", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=True),
        sa.Column("queue_expiry", sa.Text(), nullable=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=True),
        sa.Column("completed", sa.Text(), nullable=True),
        sa.Column("last_updated", sa.Text(), nullable=False),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("has_warnings", sa.Boolean(), nullable=False),
        sa.Column("pending_interruptions", sa.Boolean(), nullable=False),
        sa.Column("waiting_for", sa.Text(), nullable=True),
        sa.Column("node", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("has_been_picked_up", sa.Boolean(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=True),
        sa.Column("environment_id", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("rerun_of", sa.Text(), nullable=True),
        sa.Column("log_lines", sa.Integer(), nullable=False),
        sa.Column("nodes_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_task")),
    )
    op.create_index("ix_server_task_place", "server_task", ["project_id", "environment_id", "seq"], unique=False)
    op.create_index("ix_server_task_queue", "server_task", ["state", "priority", "seq"], unique=False)
    op.create_index("ix_server_task_space", "server_task", ["space_id", "seq"], unique=False)
    op.create_index("ix_server_task_subject", "server_task", ["subject_id"], unique=False)
    op.create_index("ix_server_task_tag", "server_task", ["concurrency_tag", "state"], unique=False)
    op.create_index(
        "uq_server_task_mutex",
        "server_task",
        ["concurrency_tag"],
        unique=True,
        sqlite_where=sa.text("holds_tag"),
        postgresql_where=sa.text("holds_tag"),
    )


def _space() -> None:
    op.create_table(
        "space",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space")),
    )
    op.create_index("ix_space_name_key_seq", "space", ["name_key", "seq"], unique=False)
    op.create_index("uq_space_name_key", "space", ["name_key"], unique=True)
    op.create_index("uq_space_slug", "space", ["slug"], unique=True)


def _task_activity() -> None:
    op.create_table(
        "task_activity",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("t0", sa.Text(), nullable=False),
        sa.Column("t1", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("task_id", "key", "attempt", name=op.f("pk_task_activity")),
    )


def _task_log() -> None:
    op.create_table(
        "task_log",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("raw_size", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("blob_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("task_id", "first_line", name=op.f("pk_task_log")),
    )


def _task_node() -> None:
    op.create_table(
        "task_node",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("progress_message", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "node_id", name=op.f("pk_task_node")),
    )


def _user() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
    )
    op.create_index("uq_user_username_key", "user", ["username_key"], unique=True)
