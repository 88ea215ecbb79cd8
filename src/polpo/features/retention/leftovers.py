"""What nobody chose to keep: old tasks, packages and build information that no release uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from polpo.engine import server_task
from polpo.engine.tasks import COMPLETED
from polpo.features.buildinformation.resource import BUILD_INFORMATION
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.feeds.resource import FEEDS
from polpo.features.feeds.service import built_in_feed_id
from polpo.features.packages.resource import PACKAGES
from polpo.features.packages.usages import process_of, versions_chosen
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, Process
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot
from polpo.kernel.clock import in_utc
from polpo.store.kinds import Kind
from polpo.store.session import Session

#: Of each kind of task, besides those of deployments and runs, which go with what they did.
NEWEST_TASKS, MOST_TASKS, TASK_DAYS = 20, 20_000, 30
#: For build information on packages that are not in the built-in feed.
BUILD_DAYS = 100

_OWNED = {"Deploy": DEPLOYMENTS.table.c, "RunbookRun": RUNBOOK_RUNS.table.c}
_t = server_task.c


# -- tasks


def old_tasks(session: Session) -> list[str]:
    """Ended ones that may go: past a month, and beyond the newest of their kind; and those of deployments gone by."""
    month_ago = session.clock.now() - timedelta(days=TASK_DAYS)
    kinds = session.connection.execute(sa.select(_t.kind).distinct()).scalars().all()
    found: list[str] = []
    for kind in kinds:
        ended = sa.select(_t.id, _t.completed).where(_t.kind == kind, _t.state.in_(COMPLETED))
        if kind in _OWNED:
            alone = ended.where(sa.not_(sa.exists().where(_OWNED[kind].id == _t.subject_id)))
            found += [identity for identity, _ in session.connection.execute(alone)]
        else:
            rest = ended.order_by(_t.seq.desc()).offset(NEWEST_TASKS)
            for place, (identity, completed) in enumerate(session.connection.execute(rest), NEWEST_TASKS):
                if place >= MOST_TASKS or completed < month_ago:
                    found.append(identity)
    return found


# -- packages and build information


def unused_packages(session: Session, space_id: str) -> list[str]:
    """Packages of the built-in feed that are older than it keeps what no release, or runbook snapshot, uses."""
    feed = session.find(FEEDS, built_in_feed_id(space_id))
    days = feed.delete_unreleased_packages_after_days if feed else None
    if not days:
        return []
    cutoff = session.clock.now() - timedelta(days=days)
    candidates = [
        package
        for package in session.all(PACKAGES, PACKAGES.table.c.space_id == space_id)
        if package.published is not None and in_utc(package.published) < cutoff
    ]
    used = used_versions(session, space_id) if candidates else set()
    return [one.id for one in candidates if (one.package_id.casefold(), one.version.casefold()) not in used]


def old_build_information(session: Session, space_id: str) -> list[str]:
    """That of packages of the built-in feed goes when such packages would; that of others after a fixed time."""
    feed = session.find(FEEDS, built_in_feed_id(space_id))
    ours = feed.delete_unreleased_packages_after_days if feed else None
    table = PACKAGES.table.c
    keys = sa.select(table.package_key).distinct().where(table.space_id == space_id)
    in_feed = set(session.connection.execute(keys).scalars())
    now, used = session.clock.now(), None
    found = []
    for one in session.all(BUILD_INFORMATION, BUILD_INFORMATION.table.c.space_id == space_id):
        key, version = one.package_id.casefold(), one.version.casefold()
        days = ours if key in in_feed else BUILD_DAYS
        if not days or not _is_past(one.created, now, days):
            continue
        used = used_versions(session, space_id) if used is None else used
        if (key, version) not in used:
            found.append(one.id)
    return found


def _is_past(moment: datetime | None, now: datetime, days: int) -> bool:
    return moment is not None and in_utc(moment) < now - timedelta(days=days)


@dataclass(frozen=True)
class Horizon:
    """Up to where releases and runbook snapshots were looked at; what is made later lies beyond it."""

    release: int = 0
    snapshot: int = 0

    @classmethod
    def of(cls, session: Session) -> Horizon:
        newest = (sa.select(sa.func.max(kind.table.c.seq)) for kind in (RELEASES, RUNBOOK_SNAPSHOTS))
        return cls(*(session.connection.execute(one).scalar() or 0 for one in newest))


def used_versions(session: Session, space_id: str, beyond: Horizon | None = None) -> set[tuple[str, str]]:
    """Package and version, without case, of whatever a release or a runbook snapshot of the space was made with.

    With `beyond` only of those that were made after it.
    """
    found: set[tuple[str, str]] = set()
    processes: dict[str, Process | None] = {}
    for holder, kind in _holders(session, space_id, beyond or Horizon()):
        process_id = process_of(holder)
        if process_id not in processes:
            processes[process_id] = session.find(kind, process_id)
        process = processes[process_id]
        if process is not None:
            found.update(versions_chosen(process, holder))
    return found


def _holders(
    session: Session, space_id: str, beyond: Horizon
) -> Iterator[tuple[Release | RunbookSnapshot, Kind[Process]]]:
    releases, snapshots = RELEASES.table.c, RUNBOOK_SNAPSHOTS.table.c
    for release in session.all(RELEASES, releases.space_id == space_id, releases.seq > beyond.release):
        yield release, DEPLOYMENT_PROCESSES  # type: ignore[misc]
    for snapshot in session.all(RUNBOOK_SNAPSHOTS, snapshots.space_id == space_id, snapshots.seq > beyond.snapshot):
        yield snapshot, RUNBOOK_PROCESSES  # type: ignore[misc]
