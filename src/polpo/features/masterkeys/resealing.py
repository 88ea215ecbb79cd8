"""Sealing everything anew under the current key, stretch by stretch, while the server works.

A walk goes through every place that keeps sealed texts. How far it is stands in the database, together with what it has
changed, so a server that is killed goes on where it was. What is written meanwhile is sealed under the current key; but
a row that is copied can come to lie behind the walk. So it is done again, until it finds nothing: then the older keys
are forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import sqlalchemy as sa

from polpo.engine.rounds import Rounds
from polpo.features.masterkeys.ring import tell
from polpo.features.masterkeys.tables import master_key
from polpo.kernel.secrets import replace_sealed
from polpo.store.database import Database
from polpo.store.kinds import metadata
from polpo.store.sealing import Found, Position, places, stretch
from polpo.store.session import Session

_c = master_key.c


@dataclass(frozen=True)
class Stretch:
    """Read, and sealed anew in memory; written when nobody else has moved on meanwhile."""

    before: str
    renewed: Sequence[tuple[Found, str]]
    position: Position | None


def is_unfinished(session: Session) -> bool:
    return _position(session) is not None


def seal_some(database: Database) -> bool:
    """One stretch; False when nothing is left to do. The work on the texts is done outside of the transaction."""
    with database.read() as session:
        before = _position(session)
        if before is None:
            return False
        found, position = stretch(
            session.connection, places(session.connection, metadata), msgspec.json.decode(before, type=Position)
        )
    texts = ((one, replace_sealed(one.text, partial(one.place.renewed, database.vault))) for one in found)
    renewed = [(one, text) for one, text in texts if text != one.text]
    made = Stretch(before, renewed, position)
    return database.write_now(lambda session: _written(session, made))


def _written(session: Session, made: Stretch) -> bool:
    if _position(session) != made.before:  # another node did this stretch
        return is_unfinished(session)
    moved = sum(one.replace(session.connection, text) for one, text in made.renewed)
    current = sa.update(master_key).where(_c.key.is_(None))
    if made.position is not None:
        position = msgspec.json.encode(made.position).decode()
        session.connection.execute(current.values(position=position, moved=_c.moved + moved))
        return True
    is_clean = session.connection.execute(sa.select(_c.moved).where(_c.key.is_(None))).scalar_one() == 0
    session.connection.execute(current.values(position=None if is_clean else "{}", moved=0))
    if is_clean:
        _forget_older(session)
    return not is_clean


def _forget_older(session: Session) -> None:
    older = session.connection.execute(sa.select(_c.id).where(_c.key.is_not(None)).order_by(_c.since)).scalars().all()
    session.connection.execute(sa.delete(master_key).where(_c.key.is_not(None)))
    if older:
        named = f"key {older[0]} is" if len(older) == 1 else f"keys {', '.join(older)} are"
        tell(session, f"All secrets are sealed under the key {session.vault.key.id} now; the {named} forgotten")


def _position(session: Session) -> str | None:
    return session.connection.execute(sa.select(_c.position).where(_c.key.is_(None))).scalar_one_or_none()


class Resealing(Rounds):
    """One on each node; where nothing is to be done, it looks once a minute."""

    _REST = 0.02  # seconds after a stretch, for others who write

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def round(self) -> None:
        is_left = True
        while is_left:
            is_left = await asyncio.to_thread(seal_some, self._database)
            await asyncio.sleep(self._REST)
