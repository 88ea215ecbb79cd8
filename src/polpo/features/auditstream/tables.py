"""How far the stream is: one row, while there is a stream."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.store.kinds import metadata

audit_stream = sa.Table(
    "audit_stream",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sent", sa.Integer, nullable=False),  # the number of the last event that was taken
    sa.Column("sent_on", sa.Text, nullable=False),  # times in the form of `iso`, or empty
    sa.Column("failures", sa.Integer, nullable=False),  # in a row
    sa.Column("error", sa.Text, nullable=False),  # of the last attempt; empty when it was taken
    sa.Column("retry_on", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),  # the node that sends
    sa.Column("held_until", sa.Text, nullable=False),
)
