"""Runbooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _runbook()
    _runbook_process()
    _runbook_run()
    _runbook_snapshot()


def _runbook() -> None:
    op.create_table(
        "runbook",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("runbook_process_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runbook")),
    )
    op.create_index("ix_runbook_space_id_name_key_seq", "runbook", ["space_id", "name_key", "seq"], unique=False)
    op.create_index(
        "uq_runbook_space_id_project_id_name_key", "runbook", ["space_id", "project_id", "name_key"], unique=True
    )
    op.create_index("uq_runbook_space_id_project_id_slug", "runbook", ["space_id", "project_id", "slug"], unique=True)


def _runbook_process() -> None:
    op.create_table(
        "runbook_process",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("runbook_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_snapshot", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runbook_process")),
    )
    op.create_index("ix_runbook_process_project_id", "runbook_process", ["project_id"], unique=False)
    op.create_index(
        "ix_runbook_process_runbook_id_is_snapshot_version",
        "runbook_process",
        ["runbook_id", "is_snapshot", "version"],
        unique=False,
    )
    op.create_index("ix_runbook_process_space_id_seq_id", "runbook_process", ["space_id", "seq", "id"], unique=False)


def _runbook_run() -> None:
    op.create_table(
        "runbook_run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("runbook_id", sa.Text(), nullable=False),
        sa.Column("runbook_snapshot_id", sa.Text(), nullable=False),
        sa.Column("environment_id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runbook_run")),
    )
    op.create_index("ix_runbook_run_project_id_seq", "runbook_run", ["project_id", "seq"], unique=False)
    op.create_index(
        "ix_runbook_run_runbook_id_environment_id_seq",
        "runbook_run",
        ["runbook_id", "environment_id", "seq"],
        unique=False,
    )
    op.create_index(
        "ix_runbook_run_runbook_snapshot_id_seq", "runbook_run", ["runbook_snapshot_id", "seq"], unique=False
    )
    op.create_index("ix_runbook_run_space_id_seq", "runbook_run", ["space_id", "seq"], unique=False)
    op.create_index("ix_runbook_run_task_id", "runbook_run", ["task_id"], unique=False)


def _runbook_snapshot() -> None:
    op.create_table(
        "runbook_snapshot",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("runbook_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runbook_snapshot")),
    )
    op.create_index("ix_runbook_snapshot_project_id_seq", "runbook_snapshot", ["project_id", "seq"], unique=False)
    op.create_index("ix_runbook_snapshot_runbook_id_seq", "runbook_snapshot", ["runbook_id", "seq"], unique=False)
    op.create_index("ix_runbook_snapshot_space_id_seq", "runbook_snapshot", ["space_id", "seq"], unique=False)
    op.create_index(
        "uq_runbook_snapshot_space_id_project_id_name_key",
        "runbook_snapshot",
        ["space_id", "project_id", "name_key"],
        unique=True,
    )
