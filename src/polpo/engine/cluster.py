"""The nodes of one installation, as the database knows them: who lives, what each takes, and which tasks are lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from polpo.engine import queue
from polpo.engine.tables import cluster_node, server_task
from polpo.engine.tasks import RUNNING
from polpo.store.session import Session

ALIVE, DEAD, GONE = "alive", "dead", "gone"
_n, _t = cluster_node, server_task


@dataclass(frozen=True)
class Node:
    """A server process. `cap` is how many tasks it runs at one time; one that drains starts none."""

    name: str
    cap: int
    is_draining: bool
    is_alive: bool = True
    is_leader: bool = True
    running: int = 0
    last_seen: datetime | None = None


def living() -> sa.Select[Any]:
    """The ids of the nodes that live."""
    return sa.select(_n.c.id).where(_n.c.state == ALIVE)


def beating(session: Session) -> list[str]:
    """The names of the nodes that have beaten lately, by their own measure; only on a database that nodes share."""
    now = sa.extract("epoch", sa.func.clock_timestamp())
    found = sa.select(_n.c.name).where(_n.c.state == ALIVE, _n.c.beat >= now - _n.c.dead_after)
    return sorted(session.connection.execute(found).scalars())


def lost() -> sa.ColumnElement[bool]:
    """Whether a task counts as running while its node is no more."""
    return sa.and_(_t.c.state.in_(RUNNING), _t.c.node.not_in(living()))


def lose_node(session: Session, node: str) -> list[str]:
    """Queues what a node leaves behind when it ends in good order."""
    return queue.recover(session, _t.c.node == node)


def room_of_others(session: Session, node: str) -> int:
    """How many tasks may run at one time on all living nodes but this one, together."""
    others = (_n.c.state == ALIVE, _n.c.id != node, ~_n.c.draining)
    statement = sa.select(sa.func.coalesce(sa.func.sum(_n.c.cap), 0)).where(*others)
    return int(session.connection.execute(statement).scalar_one())


def all_nodes(session: Session) -> list[Node]:
    """By name: the living, and of those that are not their last life. The leader is the one that lives longest."""
    rows = session.connection.execute(sa.select(_n).order_by(_n.c.started)).all()
    counted = sa.select(_t.c.node, sa.func.count()).where(_t.c.state.in_(RUNNING)).group_by(_t.c.node)
    running = {row[0]: row[1] for row in session.connection.execute(counted)}
    leader = next((row.id for row in rows if row.state == ALIVE), None)
    found: dict[str, Node] = {}
    for row in rows:
        known = found.get(row.name)
        if known is not None and known.is_alive:
            continue
        found[row.name] = Node(
            name=row.name,
            cap=row.cap,
            is_draining=row.draining,
            is_alive=row.state == ALIVE,
            is_leader=row.id == leader,
            running=int(running.get(row.id, 0)),
            last_seen=datetime.fromtimestamp(row.beat, UTC),
        )
    return sorted(found.values(), key=lambda node: node.name)


def forget_node(session: Session, name: str) -> None:
    """Removes what is known of the former lives of a node."""
    session.connection.execute(sa.delete(_n).where(_n.c.name == name, _n.c.state != ALIVE))
