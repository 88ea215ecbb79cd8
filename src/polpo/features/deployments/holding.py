"""Freezes and deployments: which hold one off, now or when it is to begin, and what a person may do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from polpo.engine import TaskRecord
from polpo.features.deploymentfreezes.resource import DEPLOYMENT_FREEZES
from polpo.features.deploymentfreezes.service import Frozen, freezes_of
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.tasks.reasons import explain_by
from polpo.features.tasks.resource import WaitingReason
from polpo.rest.call import Call
from polpo.store.changes import Happening
from polpo.store.session import Session


def holding_freezes(session: Session, deployment: Deployment, moment: datetime) -> Sequence[Frozen]:
    """Those that hold the deployment off at the moment, without what somebody overrode for it."""
    if deployment.is_catch_up:
        return []
    where = (deployment.project_id, deployment.environment_id, deployment.tenant_id)
    frozen = freezes_of(session, *where, moment)
    return [one for one in frozen if one.freeze.id not in deployment.overridden_freeze_ids]


def tell_overrides(session: Session, deployment: Deployment, title: str) -> None:
    """Keeps in the audit trail that somebody deploys in spite of freezes, and why."""
    if not deployment.overridden_freeze_ids:
        return
    found = session.by_ids(DEPLOYMENT_FREEZES, deployment.overridden_freeze_ids)
    names = " and ".join(f"'{found[one].name}'" for one in deployment.overridden_freeze_ids if one in found)
    message = f"{title}: the deployment freeze {names} was overridden. {deployment.freeze_override_reason}"
    about = (deployment.id, deployment.project_id, deployment.environment_id, *deployment.overridden_freeze_ids)
    session.happened(Happening("Modified", message, deployment.space_id, DEPLOYMENTS.name, about))


def _freeze_ahead(call: Call, record: TaskRecord) -> Iterator[WaitingReason]:
    """A deployment that waits is told before it begins that it will be refused."""
    deployment = call.session.find(DEPLOYMENTS, record.subject_id) if record.started is None else None
    if deployment is None:
        return
    now = call.clock.now()
    begins = max(now, record.not_before or now)
    for one in holding_freezes(call.session, deployment, begins):
        when = f"at {begins:%Y-%m-%d %H:%M} UTC" if begins > now else "now"
        yield WaitingReason(
            kind="freeze",
            text=f"Would be refused if it began {when}. {one.sentence()}",
            since=max(record.created, min(one.span.begins, now)),
            task_ids=[],
            freeze_ids=[one.freeze.id],
        )


explain_by(_freeze_ahead)
