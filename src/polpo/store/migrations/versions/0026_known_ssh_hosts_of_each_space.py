"""Known SSH hosts of each space."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    _known_host()
    _give_to_the_default_space()


def _known_host() -> None:
    with op.batch_alter_table("known_host", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("space_id", sa.Text(), nullable=True), insert_after="row_version")
        batch_op.drop_index(batch_op.f("ix_known_host_seq"))
        batch_op.create_index("ix_known_host_space_id_seq", ["space_id", "seq"], unique=False)


def _give_to_the_default_space() -> None:
    """What was trusted everywhere is trusted there only: other spaces say themselves whom they trust."""
    host = sa.table("known_host", sa.column("id"), sa.column("space_id"), sa.column("doc", sa.LargeBinary))
    space = sa.table("space", sa.column("id"), sa.column("is_default", sa.Boolean))
    connection = op.get_bind()
    default = connection.execute(sa.select(space.c.id).where(space.c.is_default)).scalar()
    for row in connection.execute(sa.select(host.c.id, host.c.doc)).all():
        document = json.dumps({**json.loads(row.doc), "SpaceId": default}).encode()
        connection.execute(sa.update(host).where(host.c.id == row.id).values(space_id=default, doc=document))
