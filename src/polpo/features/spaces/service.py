"""Rules of spaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from polpo.engine.tables import server_task
from polpo.engine.tasks import TaskState
from polpo.features.spaces.resource import SPACES, Space
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.paths import DEFAULT_SPACE
from polpo.store.session import Session


@dataclass(frozen=True)
class SpaceEquipment:
    """What every space is given: its managers, default lifecycle, group, policy, pool and feed.

    `server` gives the server what it needs before it has any space: built-in roles and teams. Each giver is idempotent.
    """

    givers: tuple[Callable[[Session, str], object], ...]
    server: tuple[Callable[[Session], object], ...] = ()

    def give_server(self, session: Session) -> None:
        for giver in self.server:
            giver(session)

    def give(self, session: Session, space_id: str) -> None:
        for giver in self.givers:
            giver(session, space_id)


def find_space_id(session: Session, named: str) -> str:
    """The id of a space named in a path by its id or slug."""
    return session.remembered((SPACES,), ("space", named), lambda: _look_up(session, named))


def _look_up(session: Session, named: str) -> str:
    table = SPACES.table
    if session.first(SPACES, table.c.id == named) is not None:
        return named
    by_slug = session.first(SPACES, table.c.slug == named.lower())
    if by_slug is None:
        raise NotFound(f"There is no space '{named}'.")
    return by_slug.id


def find_space(session: Session, _space_id: str, named: str) -> Space:
    """A space by its id or slug, for routes of the space document itself."""
    return session.get(SPACES, find_space_id(session, named))


def default_space() -> Space:
    return Space(
        id=DEFAULT_SPACE,
        name="Default",
        slug="default",
        description="The space that everything belongs to until you make another one.",
        is_default=True,
    )


def settle_space(_call: Call, space: Space, before: Space | None) -> None:
    """Which space is the default is fixed at installation: paths without a space mean it."""
    space.is_default = before.is_default if before else False
    space.is_private = before.is_private if before else False


def refuse_lasting(space: Space) -> None:
    """Refuses to delete what must stay, or what is still at work."""
    if space.is_default:
        raise Conflict("The default space cannot be deleted: addresses without a space mean it.")
    if not space.task_queue_stopped:
        sentence = "Stop the task queue of the space before you delete it (TaskQueueStopped)."
        raise Invalid(sentence, [sentence])


def refuse_busy(session: Session, space: Space) -> None:
    """What has not begun goes along with the space."""
    table = server_task.c
    undone = [state.value for state in TaskState if not state.is_completed]
    at_work = sa.select(table.id).where(
        table.space_id == space.id,
        table.state.in_(undone),
        sa.or_(table.state != TaskState.QUEUED, table.started.is_not(None)),
    )
    if found := session.connection.execute(at_work.limit(1)).scalar_one_or_none():
        raise Conflict(f"The space '{space.name}' has the task {found}, which has begun: cancel it, or wait for it.")
