"""The audit trail: written in bulk, for there is most of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.events.chain import KIND
from polpo.features.events.resource import Event, EventReference
from polpo.features.events.tables import event, event_about
from polpo.features.events.trail import count_more
from polpo.kernel.clock import iso
from polpo.server.generation.making import Making
from polpo.server.generation.projects import Made
from polpo.store.session import Session

_BATCH = 20_000
_CATEGORIES = ("Modified", "Modified", "Modified", "Created", "DeploymentQueued", "DeploymentSucceeded", "Deleted")
_TYPES = ("Projects", "VariableSets", "DeploymentProcesses", "Deployments", "Releases", "Machines")


def make_events(making: Making, projects: Sequence[Made], environments: Sequence[str]) -> None:
    count, done = making.amounts.events, 0
    while done < count:
        size = min(_BATCH, count - done)

        def work(session: Session, size: int = size, done: int = done) -> None:
            _write(session, making, projects, environments, done, size)

        making.database.write_now(work)
        done += size
        if done % 200_000 == 0:
            making.say(f"{done:,} events")


def _write(
    session: Session, making: Making, projects: Sequence[Made], environments: Sequence[str], done: int, size: int
) -> None:
    first, before = making.chain.take(session, size)
    rows, about = [], []
    for seq in range(first, first + size):
        related = _related(making, projects, environments, seq)
        rows.append(_row(making, seq, (done + seq - first) / making.amounts.events, related))
        about += [{"document_id": identity, "seq": seq} for identity in related]
    making.chain.keep(session, making.chain.bind(before, rows, {}))
    session.connection.execute(sa.insert(event), rows)
    session.connection.execute(sa.insert(event_about), about)
    count_more(session, making.space_id, size)


def _related(making: Making, projects: Sequence[Made], environments: Sequence[str], seq: int) -> list[str]:
    chance = making.random
    found = [f"Deployments-{seq % 50_000 + 1}"]
    if projects:
        found.append(chance.choice(projects).project_id)
    if environments:
        found.append(chance.choice(environments))
    return found


def _row(making: Making, seq: int, part: float, related: list[str]) -> dict[str, Any]:
    chance, moment = making.random, making.moment(part)
    category, document_type = chance.choice(_CATEGORIES), chance.choice(_TYPES)
    message = f"{related[0]} was told of ({category})"
    document = Event(
        id=f"{KIND}-{seq}",
        space_id=making.space_id,
        category=category,
        message=message,
        message_html=message,
        message_references=[
            EventReference(referenced_document_id=related[0], start_index=0, length=len(related[0])),
        ],
        related_document_ids=related,
        occurred=moment,
        user_id="Users-1",
        username="admin",
        identity_established_with="api key",
    )
    return {
        "seq": seq,
        "space_id": making.space_id,
        "occurred": iso(moment),
        "category": category,
        "user_id": "Users-1",
        "agent": "other",
        "document_type": document_type,
        "doc": msgspec.json.encode(document),
    }
