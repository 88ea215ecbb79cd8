"""Keep people's roles and teams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0005"


def upgrade() -> None:
    _scoped_user_role()
    _team()
    _user_role()


def _scoped_user_role() -> None:
    op.create_table(
        "scoped_user_role",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("user_role_id", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoped_user_role")),
    )
    op.create_index("ix_scoped_user_role_space_id_seq", "scoped_user_role", ["space_id", "seq"], unique=False)
    op.create_index("ix_scoped_user_role_team_id_space_id", "scoped_user_role", ["team_id", "space_id"], unique=False)
    op.create_index(
        "ix_scoped_user_role_user_role_id_space_id", "scoped_user_role", ["user_role_id", "space_id"], unique=False
    )


def _team() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index("ix_team_space_id_name_key_seq", "team", ["space_id", "name_key", "seq"], unique=False)
    op.create_index("uq_team_space_id_name_key", "team", ["space_id", "name_key"], unique=True)
    op.create_index("uq_team_space_id_slug", "team", ["space_id", "slug"], unique=True)


def _user_role() -> None:
    op.create_table(
        "user_role",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("can_be_deleted", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
    )
    op.create_index("ix_user_role_name_key_seq", "user_role", ["name_key", "seq"], unique=False)
    op.create_index("uq_user_role_name_key", "user_role", ["name_key"], unique=True)
