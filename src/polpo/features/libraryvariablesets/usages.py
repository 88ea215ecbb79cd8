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
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.store.kinds import Kind, reference
from polpo.store.session import Session


def usage_of(call: Call, used: LibraryVariableSet) -> LibraryVariableSetUsage:
    """What the caller may not see of it is counted."""
    session = call.session
    now = _including(session, used.id)
    releases, unseen_releases = _made_with(call, used.id, RELEASES, RELEASES.table.c.version, Permission.RELEASE_VIEW)
    snapshots, unseen_snapshots = _made_with(
        call, used.id, RUNBOOK_SNAPSHOTS, RUNBOOK_SNAPSHOTS.table.c.name, Permission.RUNBOOK_VIEW
    )
    every = session.by_ids(PROJECTS, {*now, *releases, *snapshots}).values()
    projects = call.reached(PROJECTS, every, Permission.PROJECT_VIEW)
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
            for project in sorted(projects, key=lambda project: project.name.casefold())
        ],
        count_of_projects_user_cannot_see=len(every) - len(projects),
        count_of_releases_user_cannot_see=unseen_releases,
        count_of_runbook_snapshots_user_cannot_see=unseen_snapshots,
        links={"Self": f"/api/{used.space_id}/libraryvariablesets/{used.id}/usages"},
    )


def _including(session: Session, set_id: str) -> set[str]:
    statement = sa.select(reference.c.from_id).where(
        reference.c.to_id == set_id, reference.c.from_kind == PROJECTS.name
    )
    return set(session.connection.execute(statement).scalars())


def _made_with(
    call: Call, set_id: str, kind: Kind[Any], title: sa.Column[Any], permission: Permission
) -> tuple[dict[str, list[tuple[str, str]]], int]:
    """Ids and titles of what has frozen the set, by project, the newest first; and how many are not for the caller."""
    frozen, made = VARIABLE_SETS.table, kind.table
    statement = (
        sa.select(made.c.project_id, made.c.id, title)
        .join(reference, reference.c.from_id == made.c.id)
        .join(frozen, frozen.c.id == reference.c.to_id)
        .where(frozen.c.owner_id == set_id, frozen.c.is_snapshot.is_(True))
        .order_by(made.c.seq.desc())
    )
    connection = call.session.connection
    everywhere = connection.execute(sa.select(sa.func.count()).select_from(statement.subquery())).scalar_one()
    found: dict[str, list[tuple[str, str]]] = {}
    seen = connection.execute(statement.where(*call.narrowed(permission, protection_of(kind)))).all()
    for project_id, identity, called in seen:
        found.setdefault(project_id, []).append((identity, called))
    return found, everywhere - len(seen)
