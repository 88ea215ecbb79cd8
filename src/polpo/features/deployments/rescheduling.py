"""Another time for a deployment that waits for its own."""

from __future__ import annotations

from datetime import datetime

from polpo.engine import QUEUE_EXPIRY, Engine
from polpo.features.deployments.holding import holding_freezes
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.deployments.service import settled_times
from polpo.kernel.errors import Conflict, Invalid
from polpo.store.documents import Resource
from polpo.store.session import Session


class RescheduleDeploymentCommand(Resource):
    """Another time for a deployment that has not begun; without one, as soon as its turn comes."""

    queue_time: datetime | None = None
    queue_time_expiry: datetime | None = None


def reschedule(
    session: Session, engine: Engine, deployment: Deployment, wanted: RescheduleDeploymentCommand
) -> Deployment:
    """Refused when it has begun, and when a freeze that was not passed before holds at the new time."""
    not_before, expiry = settled_times(session, wanted.queue_time, wanted.queue_time_expiry)
    starts = not_before or session.clock.now()
    deployment.queue_time, deployment.queue_time_expiry = starts, expiry or starts + QUEUE_EXPIRY
    if held := [one.sentence() for one in holding_freezes(session, deployment, starts)]:
        raise Invalid(held[0], held)
    if not engine.reschedule(session, deployment.task_id, not_before, deployment.queue_time_expiry):
        raise Conflict(f"{deployment.task_id} is not waiting in the queue any more, so its time cannot be changed.")
    return session.update(DEPLOYMENTS, deployment)
