"""The engine's tables: tasks, their journal, their log tree, and the index of their log lines.

The mutex is the unique index over `concurrency_tag` where `holds_tag`: a task takes the tag when it is claimed and
gives it back when it ends, so a paused or recovered task keeps it while it is off the road. No race, priority or second
process can put two tasks of one tag in flight.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from polpo.kernel.clock import iso
from polpo.store.kinds import metadata
from polpo.store.sealing import sealed


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC, kept as text of fixed form, so that databases without a zoned type order it rightly."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else iso(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, default=False)


server_task = sa.Table(
    "server_task",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("space_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_since", Moment, nullable=False),
    sa.Column("concurrency_tag", sa.Text),
    _flag("holds_tag"),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("not_before", Moment),
    sa.Column("queue_expiry", Moment),
    sa.Column("created", Moment, nullable=False),
    sa.Column("started", Moment),
    sa.Column("completed", Moment),
    sa.Column("last_updated", Moment, nullable=False),
    sa.Column("error_message", sa.Text),
    _flag("has_warnings"),
    _flag("pending_interruptions"),
    sa.Column("waiting_for", sa.Text),  # JSON list of the keys of what a paused task waits for
    sa.Column("node", sa.Text),
    sa.Column("fence", sa.Integer, nullable=False, default=0),
    _flag("cancel_requested"),
    sa.Column("cancelled_by", sa.Text),
    _flag("has_been_picked_up"),
    sa.Column("project_id", sa.Text),
    sa.Column("environment_id", sa.Text),
    sa.Column("tenant_id", sa.Text),
    sa.Column("subject_id", sa.Text),
    sa.Column("arguments", sa.Text, nullable=False, info=sealed("script")),  # JSON
    sa.Column("plan", sa.Text, info=sealed("plan")),  # it holds the values of sensitive variables
    sa.Column("rerun_of", sa.Text),
    sa.Column("log_lines", sa.Integer, nullable=False, default=0),
    sa.Column("nodes_version", sa.Integer, nullable=False, default=0),
    sa.Column("origin", sa.Text),  # what started it, where that must not start a second one
    sa.Column("cancel_reason", sa.Text),
)
sa.Index(
    "uq_server_task_mutex",
    server_task.c.concurrency_tag,
    unique=True,
    sqlite_where=server_task.c.holds_tag,
    postgresql_where=server_task.c.holds_tag,
)
sa.Index("ix_server_task_origin", server_task.c.origin, unique=True)
sa.Index("ix_server_task_queue", server_task.c.state, server_task.c.priority, server_task.c.seq)
sa.Index("ix_server_task_seq", server_task.c.seq)
sa.Index("ix_server_task_state_space", server_task.c.state, server_task.c.space_id)
sa.Index("ix_server_task_tag", server_task.c.concurrency_tag, server_task.c.state)
sa.Index("ix_server_task_space", server_task.c.space_id, server_task.c.seq)
sa.Index("ix_server_task_place", server_task.c.project_id, server_task.c.environment_id, server_task.c.seq)
sa.Index("ix_server_task_subject", server_task.c.subject_id)
sa.Index("ix_server_task_kind", server_task.c.kind, server_task.c.seq)

#: What happened, by name. `state` is started, done or failed; a sealed result is a text of the vault.
task_activity = sa.Table(
    "task_activity",
    metadata,
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("result", sa.Text, info=sealed("journal")),
    _flag("sealed"),
    sa.Column("t0", Moment, nullable=False),
    sa.Column("t1", Moment),
    sa.PrimaryKeyConstraint("task_id", "key", "attempt"),
)

task_node = sa.Table(
    "task_node",
    metadata,
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("node_id", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("parent_id", sa.Integer),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("started", Moment),
    sa.Column("ended", Moment),
    sa.Column("progress", sa.Integer, nullable=False, default=0),
    sa.Column("progress_message", sa.Text, nullable=False, default=""),
    sa.Column("position", sa.Integer, nullable=False, default=0),
    sa.PrimaryKeyConstraint("task_id", "node_id"),
)

#: Which task waits for the end of which other one.
task_wait = sa.Table(
    "task_wait",
    metadata,
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("awaited_id", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("task_id", "awaited_id"),
)
sa.Index("ix_task_wait_awaited_id", task_wait.c.awaited_id)

#: Which machines a task is about, by their ids, so that people find it there.
task_place = sa.Table(
    "task_place",
    metadata,
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("place", "task_id"),
)
sa.Index("ix_task_place_task_id", task_place.c.task_id)

#: Where the lines are: a row is a batch kept inline while it is fresh, later a piece of a segment in the blob store.
task_log = sa.Table(
    "task_log",
    metadata,
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("first_line", sa.Integer, nullable=False),
    sa.Column("line_count", sa.Integer, nullable=False),
    sa.Column("raw_size", sa.Integer, nullable=False),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("blob_key", sa.Text),
    sa.PrimaryKeyConstraint("task_id", "first_line"),
)

#: Spaces whose queue is stopped: what has not begun there does not begin.
stopped_queue = sa.Table("stopped_queue", metadata, sa.Column("space_id", sa.Text, primary_key=True))

#: When what comes again and again was done last, by its name.
recurrence = sa.Table(
    "recurrence",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("last", Moment, nullable=False),
)

#: The nodes of a database that several share, a row for each start of each. Times are seconds of the database's clock.
cluster_node = sa.Table(
    "cluster_node",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("started", sa.Float(53), nullable=False),
    sa.Column("beat", sa.Float(53), nullable=False),
    sa.Column("dead_after", sa.Float(53), nullable=False),
    sa.Column("cap", sa.Integer, nullable=False),
    sa.Column("draining", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # alive, gone (it said so) or dead (the others say so)
)
