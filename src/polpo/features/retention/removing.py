"""Taking away what retention decided on: in short transactions, each of which leaves everything whole."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.releases.resource import RELEASES
from polpo.features.retention.releases import Verdict
from polpo.features.retention.runs import RunVerdict
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.kernel.errors import AppError
from polpo.store.session import Session

#: Deployments, or runs, in one transaction; each takes some milliseconds of the writer.
AT_ONCE = 10

_d = DEPLOYMENTS.table.c


def remove_release(session: Session, verdict: Verdict) -> bool | str:
    """True when the release is gone, False when some of its deployments are left; else why it stays after all.

    Its last deployments go together with it: on a release without any, retention would decide anew.
    """
    table, release = RELEASES.table.c, verdict.release
    if session.connection.execute(sa.select(table.id).where(table.id == release.id)).first() is None:
        return True
    newest = session.connection.execute(
        sa.select(sa.func.max(_d.seq)).where(_d.release_id == release.id)
    ).scalar_one()  # fmt: skip
    if (newest or 0) > verdict.newest_deployment:
        return "It was deployed meanwhile."
    oldest = sa.select(_d.id).where(_d.release_id == release.id).order_by(_d.seq).limit(AT_ONCE + 1)
    found = session.connection.execute(oldest).scalars().all()
    try:
        if len(found) > AT_ONCE:
            for identity in found[:AT_ONCE]:
                session.delete(DEPLOYMENTS, identity)
            return False
        session.delete(RELEASES, release.id)
    except AppError as error:
        return error.message
    return True


def remove_runs(session: Session, verdicts: Sequence[RunVerdict]) -> list[str]:
    """Removes the runs; why some stay after all."""
    stayed = []
    for verdict in verdicts:
        try:
            if session.find(RUNBOOK_RUNS, verdict.run.id) is not None:
                session.delete(RUNBOOK_RUNS, verdict.run.id)
        except AppError as error:
            stayed.append(error.message)
    return stayed


def remove_spent_snapshots(session: Session, snapshot_ids: Sequence[str]) -> int:
    """Removes those runbook snapshots that have no run any more and are not what their runbook runs."""
    removed = 0
    for snapshot in session.by_ids(RUNBOOK_SNAPSHOTS, snapshot_ids).values():
        runbook = session.find(RUNBOOKS, snapshot.runbook_id)
        is_published = runbook is not None and runbook.published_runbook_snapshot_id == snapshot.id
        runs = session.count(RUNBOOK_RUNS, RUNBOOK_RUNS.table.c.runbook_snapshot_id == snapshot.id)
        if not runs and not is_published and snapshot.frozen_runbook is None:
            session.delete(RUNBOOK_SNAPSHOTS, snapshot.id)
            removed += 1
    return removed
