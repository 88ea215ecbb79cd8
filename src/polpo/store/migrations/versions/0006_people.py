"""Keep people's roles, teams and invitations."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _oidc_identity()
    _invitation()
    _scoped_user_role()
    _stopped_queue()
    _team()
    _user_role()
    _api_key()
    _credentials()
    _portal_session()
    _user()
    _fill_search_keys()


def _oidc_identity() -> None:
    op.create_table(
        "OIDC_identity",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("service_account_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_OIDC_identity")),
    )
    op.create_index("ix_OIDC_identity_seq", "OIDC_identity", ["seq"], unique=False)
    op.create_index(
        "ix_OIDC_identity_service_account_id_issuer", "OIDC_identity", ["service_account_id", "issuer"], unique=False
    )
    op.create_index(
        "uq_OIDC_identity_service_account_id_name_key", "OIDC_identity", ["service_account_id", "name_key"], unique=True
    )


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_space_id_seq", "invitation", ["space_id", "seq"], unique=False)
    op.create_index("uq_invitation_space_id_digest", "invitation", ["space_id", "digest"], unique=True)


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


def _stopped_queue() -> None:
    op.create_table(
        "stopped_queue",
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", name=op.f("pk_stopped_queue")),
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


def _api_key() -> None:
    with op.batch_alter_table("API_key", schema=None) as batch_op:
        batch_op.create_index("ix_API_key_user_id_seq", ["user_id", "seq"], unique=False)


def _credentials() -> None:
    with op.batch_alter_table("credentials", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("external_id", sa.Text(), nullable=True), insert_after="user_id")
        batch_op.create_index("uq_credentials_external_id", ["external_id"], unique=True)


def _portal_session() -> None:
    with op.batch_alter_table("portal_session", schema=None) as batch_op:
        batch_op.create_index("ix_portal_session_user_id", ["user_id"], unique=False)


def _user() -> None:
    with op.batch_alter_table("user", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("search_key", sa.Text(), nullable=True), insert_after="username_key")


def _fill_search_keys() -> None:
    """Users that are there already are to be found too."""
    user = sa.table("user", sa.column("id"), sa.column("search_key"), sa.column("doc"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(user.c.id, user.c.doc)).all():
        document = json.loads(row.doc)
        texts = (str(document.get(name) or "") for name in ("Username", "DisplayName", "EmailAddress"))
        values = {"search_key": "\n".join(texts).casefold()}
        connection.execute(sa.update(user).where(user.c.id == row.id).values(**values))
