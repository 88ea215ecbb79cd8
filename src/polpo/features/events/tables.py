"""Where events are kept: in rows of their own, for there are a million of them.

`event_about` says which documents an event is about, newest first for each of them; every list that is narrowed by
documents is read from it. `event_detail` keeps what is asked for seldom. `event_count` knows how many events there are
without counting them. `event_chain` has the ends of the chain of hashes that binds the events together.
"""

from __future__ import annotations

import sqlalchemy as sa

from polpo.store.kinds import metadata

event = sa.Table(
    "event",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("space_id", sa.Text),
    sa.Column("occurred", sa.Text, nullable=False),  # in the form of `iso`, which sorts as time does
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("doc", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary),  # none for what was told before there was a chain
    sa.Index("ix_event_space", "space_id", "seq"),
    sa.Index("ix_event_category", "category", "seq", "space_id"),
    sa.Index("ix_event_user", "user_id", "seq", "space_id"),
    sa.Index("ix_event_document_type", "document_type", "seq", "space_id"),
    sa.Index("ix_event_agent", "agent", "seq", "space_id"),
    sa.Index("ix_event_occurred", "occurred", "seq"),
)

event_about = sa.Table(
    "event_about",
    metadata,
    sa.Column("document_id", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("document_id", "seq"),
    sqlite_with_rowid=False,
)

event_detail = sa.Table(
    "event_detail",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("detail", sa.LargeBinary, nullable=False),  # JSON of ChangeDetails, deflated
)

event_count = sa.Table(
    "event_count",
    metadata,
    sa.Column("space_id", sa.Text, primary_key=True),  # empty for what belongs to no space
    sa.Column("count", sa.Integer, nullable=False),
)

#: Rows `begin` and `head`, where the chain begins and ends, and one for each file of the archive, under its name: which
#: events it was given, and what became of it.
event_chain = sa.Table(
    "event_chain",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),  # of the last event
    sa.Column("deleted", sa.Text, nullable=False),  # when and by whom the file was deleted; empty while it is there
    sa.Column("seal", sa.LargeBinary, nullable=False),  # of the row; empty for `begin` and `head`
)
