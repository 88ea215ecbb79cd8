"""Who uses a library variable set: projects now, and releases that were made with it."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.libraryvariablesets.resource import (
    LibraryVariableSet,
    LibraryVariableSetProjectUsage,
    LibraryVariableSetUsage,
    ReleaseUsageEntry,
)
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.resource import RELEASES
from polpo.features.variables.resource import VARIABLE_SETS
from polpo.store.kinds import reference
from polpo.store.session import Session


def usage_of(session: Session, used: LibraryVariableSet) -> LibraryVariableSetUsage:
    now = _including(session, used.id)
    releases = _releases(session, used.id)
    projects = session.by_ids(PROJECTS, {*now, *releases})
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
                releases=releases.get(project.id, []),
                runbook_snapshots=[],
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


def _releases(session: Session, set_id: str) -> dict[str, list[ReleaseUsageEntry]]:
    """By project, the newest first."""
    frozen, release = VARIABLE_SETS.table, RELEASES.table
    statement = (
        sa.select(release.c.project_id, release.c.id, release.c.version)
        .join(reference, reference.c.from_id == release.c.id)
        .join(frozen, frozen.c.id == reference.c.to_id)
        .where(frozen.c.owner_id == set_id, frozen.c.is_snapshot.is_(True))
        .order_by(release.c.seq.desc())
    )
    found: dict[str, list[ReleaseUsageEntry]] = {}
    for project_id, release_id, version in session.connection.execute(statement):
        entry = ReleaseUsageEntry(release_id=release_id, release_version=version)
        found.setdefault(project_id, []).append(entry)
    return found
