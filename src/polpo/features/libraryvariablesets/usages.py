"""Who uses a library variable set: projects now, and releases and runbook snapshots that were made with it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from polpo.features.libraryvariablesets.resource import (
    LibraryVariableSet,
    LibraryVariableSetProjectUsage,
    LibraryVariableSetUsage,
    ReleaseUsageEntry,
    RunbookSnapshotUsageEntry,
)
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.resource import RELEASES
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.features.variables.resource import VARIABLE_SETS
from polpo.store.kinds import Kind, reference
from polpo.store.session import Session


def usage_of(session: Session, used: LibraryVariableSet) -> LibraryVariableSetUsage:
    now = _including(session, used.id)
    releases = _made_with(session, used.id, RELEASES, RELEASES.table.c.version)
    snapshots = _made_with(session, used.id, RUNBOOK_SNAPSHOTS, RUNBOOK_SNAPSHOTS.table.c.name)
    projects = session.by_ids(PROJECTS, {*now, *releases, *snapshots})
    return LibraryVariableSetUsage(
        id=used.id,
        last_modified_on=used.last_modified_on,
        last_modified_by=used.last_modified_by,
        projects=[
            LibraryVariableSetProjectUsage(
                project_id=project.id,
                project_name=project.name,
                project_slug=project.slug,
                is_currently_being_used_in_project=project.id in now,
                releases=[
                    ReleaseUsageEntry(release_id=identity, release_version=version)
                    for identity, version in releases.get(project.id, [])
                ],
                runbook_snapshots=[
                    RunbookSnapshotUsageEntry(snapshot_id=identity, snapshot_name=name)
                    for identity, name in snapshots.get(project.id, [])
                ],
            )
            for project in sorted(projects.values(), key=lambda project: project.name.casefold())
        ],
        links={"Self": f"/api/{used.space_id}/libraryvariablesets/{used.id}/usages"},
    )


def _including(session: Session, set_id: str) -> set[str]:
    statement = sa.select(reference.c.from_id).where(
        reference.c.to_id == set_id, reference.c.from_kind == PROJECTS.name
    )
    return set(session.connection.execute(statement).scalars())


def _made_with(
    session: Session, set_id: str, kind: Kind[Any], title: sa.Column[Any]
) -> dict[str, list[tuple[str, str]]]:
    """Ids and titles of what has frozen the set, by project, the newest first."""
    frozen, made = VARIABLE_SETS.table, kind.table
    statement = (
        sa.select(made.c.project_id, made.c.id, title)
        .join(reference, reference.c.from_id == made.c.id)
        .join(frozen, frozen.c.id == reference.c.to_id)
        .where(frozen.c.owner_id == set_id, frozen.c.is_snapshot.is_(True))
        .order_by(made.c.seq.desc())
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for project_id, identity, called in session.connection.execute(statement):
        found.setdefault(project_id, []).append((identity, called))
    return found
