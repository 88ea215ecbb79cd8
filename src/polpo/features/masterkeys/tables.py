"""Which master keys the data needs."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.store.kinds import metadata
from polpo.store.sealing import sealed

#: A row for the current key, which is not in the database, and for each older one that something is still sealed under:
#: it is kept sealed under the current one. `position` and `moved` tell how far the walk that seals everything anew is.
master_key = sa.Table(
    "master_key",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("since", sa.Text, nullable=False),  # in the form of `iso`
    sa.Column("key", sa.Text, info=sealed("master-key")),  # null for the current one
    sa.Column("position", sa.Text),  # JSON; null when nothing is to be done
    sa.Column("moved", sa.Integer, nullable=False, default=0),  # texts, in this pass
)
