"""Health checks that come by themselves: a task for each policy whose time has come, once, however many nodes look."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from polpo.engine import Engine, NewTask, server_task
from polpo.engine.forgetting import forget_ended
from polpo.engine.recurring import is_turn, take_turn
from polpo.engine.rounds import Rounds
from polpo.engine.tasks import COMPLETED
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machinepolicies.schedule import interval_of, next_check, schedule_faults
from polpo.features.machines.requesting import TASK_KIND
from polpo.features.machines.wishing import CheckWish, subjects
from polpo.store.database import Database
from polpo.store.session import Session

_TAG = "health/"
_KEPT, _FORGETTING, _MOST_FORGOTTEN = timedelta(days=30), timedelta(minutes=10), 50
#: Policies whose checks are begun in one round; the others come in the next ones.
_AT_ONCE = 5

log = structlog.get_logger("polpo.health")


class HealthSchedule(Rounds):
    """One on each node."""

    PAUSE = 30.0

    def __init__(self, database: Database, engine: Engine) -> None:
        super().__init__()
        self._database = database
        self._engine = engine
        self._told: set[tuple[str, str | None]] = set()

    async def round(self) -> None:
        """Queues what is due, and forgets the tasks of a month ago."""
        await self._database.write(self._queue_due)
        await self._database.write(_forget_old)

    def _queue_due(self, session: Session) -> None:
        begun = 0
        for policy in session.all(MACHINE_POLICIES):
            if begun < _AT_ONCE and self._can_be_followed(policy) and _is_turn(session, policy):
                begun += self._queue(session, policy)

    def _can_be_followed(self, policy: MachinePolicy) -> bool:
        """Earlier versions stored any text as a schedule. One that means nothing must not hold the other policies."""
        checks = policy.machine_health_check_policy
        faults = schedule_faults(checks) if checks.health_check_cron else []
        if faults and (policy.id, checks.health_check_cron) not in self._told:
            self._told.add((policy.id, checks.health_check_cron))
            log.error("a machine policy has no schedule that could be followed", policy=policy.name, faults=faults)
        return not faults

    def _queue(self, session: Session, policy: MachinePolicy) -> bool:
        """Not where an earlier one still goes on or waits, nor where there is nothing to be checked."""
        tag = f"{_TAG}{policy.id}"
        where = (server_task.c.concurrency_tag == tag, server_task.c.state.not_in(COMPLETED))
        if session.connection.execute(sa.select(server_task.c.id).where(*where).limit(1)).first() is not None:
            log.warning("a health check takes longer than the time between two", policy=policy.name)
            return False
        arguments = {"MachinePolicyId": policy.id}
        machines = subjects(session, policy.space_id, CheckWish.of(arguments))
        if not machines:
            return False
        wish = NewTask(
            kind=TASK_KIND,
            description=f"Check the health of machines with the policy {policy.name}",
            space_id=policy.space_id,
            arguments=arguments,
            concurrency_tag=tag,
            places=[machine.id for machine in machines],
        )
        self._engine.enqueue(session, wish)
        return True


def _forget_old(session: Session) -> None:
    """Of the checks that came by themselves; what they found is with the machines."""
    if not is_turn(session, "old-health-checks", _FORGETTING):
        return
    old = session.clock.now() - _KEPT
    where = (
        server_task.c.kind == TASK_KIND,
        server_task.c.concurrency_tag.startswith(_TAG),
        server_task.c.completed < old,
    )
    found = sa.select(server_task.c.id).where(*where).order_by(server_task.c.seq).limit(_MOST_FORGOTTEN)
    forget_ended(session, session.connection.execute(found).scalars().all())


def _is_turn(session: Session, policy: MachinePolicy) -> bool:
    checks, now = policy.machine_health_check_policy, session.clock.now()

    def is_due(last: datetime) -> bool:
        moment = next_check(checks, last)
        return moment is not None and moment <= now

    return take_turn(session, f"{_TAG}{policy.id}", is_due, first=_first(policy, now))


def _first(policy: MachinePolicy, now: datetime) -> datetime:
    """Policies of the same interval come at different times, so that not all machines are asked at once."""
    interval = interval_of(policy.machine_health_check_policy)
    return now if interval is None else now - interval * (zlib.crc32(policy.id.encode()) / 2**32)
