"""Library of a space."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _git_credential()
    _artifact()
    _build_information()
    _library_variable_set()
    _step_template()
    _trigger()
    _version_of_a_step_template()


def _git_credential() -> None:
    op.create_table(
        "Git_credential",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_Git_credential")),
    )
    op.create_index(
        "ix_Git_credential_space_id_name_key_seq", "Git_credential", ["space_id", "name_key", "seq"], unique=False
    )
    op.create_index("uq_Git_credential_space_id_name_key", "Git_credential", ["space_id", "name_key"], unique=True)


def _artifact() -> None:
    op.create_table(
        "artifact",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("filename_key", sa.Text(), nullable=False),
        sa.Column("server_task_id", sa.Text(), nullable=False),
        sa.Column("log_correlation_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifact")),
    )
    op.create_index(
        "ix_artifact_server_task_id_log_correlation_id",
        "artifact",
        ["server_task_id", "log_correlation_id"],
        unique=False,
    )
    op.create_index("ix_artifact_space_id_seq", "artifact", ["space_id", "seq"], unique=False)


def _build_information() -> None:
    op.create_table(
        "build_information",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("package_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("version_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_build_information")),
    )
    op.create_index(
        "ix_build_information_space_id_package_key_sort_key",
        "build_information",
        ["space_id", "package_key", "sort_key"],
        unique=False,
    )
    op.create_index(
        "uq_build_information_space_id_package_key_version_key",
        "build_information",
        ["space_id", "package_key", "version_key"],
        unique=True,
    )


def _library_variable_set() -> None:
    op.create_table(
        "library_variable_set",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("variable_set_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_variable_set")),
    )
    op.create_index(
        "ix_library_variable_set_space_id_content_type",
        "library_variable_set",
        ["space_id", "content_type"],
        unique=False,
    )
    op.create_index(
        "ix_library_variable_set_space_id_name_key_seq",
        "library_variable_set",
        ["space_id", "name_key", "seq"],
        unique=False,
    )
    op.create_index(
        "uq_library_variable_set_space_id_name_key", "library_variable_set", ["space_id", "name_key"], unique=True
    )


def _step_template() -> None:
    op.create_table(
        "step_template",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("action_type", sa.Text(), nullable=False),
        sa.Column("community_action_template_id", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_template")),
    )
    op.create_index(
        "ix_step_template_space_id_community_action_template_id",
        "step_template",
        ["space_id", "community_action_template_id"],
        unique=False,
    )
    op.create_index(
        "ix_step_template_space_id_name_key_seq", "step_template", ["space_id", "name_key", "seq"], unique=False
    )
    op.create_index("uq_step_template_space_id_name_key", "step_template", ["space_id", "name_key"], unique=True)


def _trigger() -> None:
    op.create_table(
        "trigger",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("filter_type", sa.Text(), nullable=False),
        sa.Column("action_type", sa.Text(), nullable=False),
        sa.Column("runbook_id", sa.Text(), nullable=True),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger")),
    )
    op.create_index("ix_trigger_runbook_id", "trigger", ["runbook_id"], unique=False)
    op.create_index("ix_trigger_space_id_filter_type", "trigger", ["space_id", "filter_type"], unique=False)
    op.create_index("ix_trigger_space_id_name_key_seq", "trigger", ["space_id", "name_key", "seq"], unique=False)
    op.create_index(
        "uq_trigger_space_id_project_id_name_key", "trigger", ["space_id", "project_id", "name_key"], unique=True
    )


def _version_of_a_step_template() -> None:
    op.create_table(
        "version_of_a_step_template",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_of_a_step_template")),
    )
    op.create_index(
        "ix_version_of_a_step_template_space_id_version",
        "version_of_a_step_template",
        ["space_id", "version"],
        unique=False,
    )
    op.create_index(
        "uq_version_of_a_step_template_space_id_template_id_version",
        "version_of_a_step_template",
        ["space_id", "template_id", "version"],
        unique=True,
    )
