"""Deleting a space with everything in it.

A space can hold very much, and writes wait for each other, so it goes in parts: first its documents and tasks, then the
space itself, with its teams. When the server stops in between, the space is still there, and deleting it once more
goes on.
"""

from __future__ import annotations

from polpo.engine.forgetting import forget_tasks
from polpo.engine.stopping import set_queue_stopped
from polpo.features.spaces.resource import SPACES, Space
from polpo.features.spaces.service import find_space_id, refuse_busy, refuse_lasting
from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.discarding import sweep
from polpo.store.session import Session

_AT_ONCE = 200  # documents of a kind, or tasks, in one transaction


async def remove_space(database: Database, blobs: BlobStore, named: str) -> None:
    """Refuses as long as the space is the default one, its queue runs, or tasks that have begun are not done."""

    def space_to_remove(session: Session) -> Space:
        space = session.get(SPACES, find_space_id(session, named))
        refuse_lasting(space)
        refuse_busy(session, space)
        return space

    def remove_part(session: Session) -> bool:
        forgotten = forget_tasks(session, space.id, _AT_ONCE)
        removed = session.empty_space(space.id, _AT_ONCE, but=(TEAMS, SCOPED_USER_ROLES))
        return bool(removed or forgotten)

    with database.read() as session:
        space = space_to_remove(session)
    while await database.write(remove_part):
        pass

    def remove_rest(session: Session) -> None:
        space_to_remove(session)
        set_queue_stopped(session, space.id, stopped=False)
        session.delete(SPACES, space.id)

    await database.write(remove_rest)
    await sweep(database, blobs)
    for folder in ("packages", "artifacts"):
        for key in await blobs.list(f"{folder}/{space.id}/"):
            await blobs.delete(key)
