"""Frozen processes and variables that are left over when all that was made with them is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.libraryvariablesets.resource import LIBRARY_VARIABLE_SETS
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES
from polpo.features.releases.resource import RELEASES
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.features.variables.resource import VARIABLE_SETS
from polpo.store.kinds import Kind, reference
from polpo.store.session import Session

Copy = tuple[Kind[Any], str]

_r = RELEASES.table.c


class _MadeWith(msgspec.Struct, rename="pascal"):
    """Of a deployment, a run or a snapshot of a runbook: what it needs of what is frozen."""

    manifest_variable_set_id: str = ""
    frozen_project_variable_set_id: str = ""
    frozen_runbook_process_id: str = ""


def needless_copies(session: Session, project_id: str) -> list[Copy]:
    """Those of a project. The copy of what is stored now stays: the next release takes it."""
    candidates = [
        *_old_copies(session, DEPLOYMENT_PROCESSES, DEPLOYMENT_PROCESSES.table.c.project_id, [project_id]),
        *_old_copies(session, VARIABLE_SETS, VARIABLE_SETS.table.c.owner_id, [project_id]),
        *_runbook_copies(session, project_id),
    ]
    if not candidates:
        return []
    columns = (_r.project_deployment_process_snapshot_id, _r.project_variable_set_snapshot_id)
    of_releases = session.connection.execute(sa.select(*columns).where(_r.project_id == project_id))
    used = {identity for row in of_releases for identity in row} | set(_used_beside_releases(session, project_id))
    return [(kind, identity) for kind, identity in candidates if identity not in used]


def needless_library_copies(session: Session, space_id: str) -> list[Copy]:
    """Those of the library sets of a space: releases and runbook snapshots refer to what they were made with."""
    library = LIBRARY_VARIABLE_SETS.table.c
    owners = session.connection.execute(sa.select(library.id).where(library.space_id == space_id)).scalars().all()
    candidates = _old_copies(session, VARIABLE_SETS, VARIABLE_SETS.table.c.owner_id, owners)
    ids = [identity for _, identity in candidates]
    held = session.connection.execute(sa.select(reference.c.to_id).where(reference.c.to_id.in_(ids))).scalars()
    used = set(held)
    return [(kind, identity) for kind, identity in candidates if identity not in used]


def remove_copies(session: Session, copies: Iterable[Copy]) -> None:
    """Nobody refers to a snapshot, and nobody asks for its own changes, so the rows are all there is of it."""
    for kind, identity in copies:
        session.written.add(kind.name)
        session.connection.execute(sa.delete(kind.table).where(kind.table.c.id == identity))


def _runbook_copies(session: Session, project_id: str) -> list[Copy]:
    table = RUNBOOK_PROCESSES.table.c
    runbooks = sa.select(table.runbook_id).distinct().where(table.project_id == project_id)
    owners = session.connection.execute(runbooks).scalars().all()
    return _old_copies(session, RUNBOOK_PROCESSES, table.runbook_id, owners)


def _old_copies(session: Session, kind: Kind[Any], owner: sa.Column[Any], owners: Sequence[str]) -> list[Copy]:
    table = kind.table.c
    rows = sa.select(table.id, owner, table.version, table.is_snapshot).where(owner.in_(owners))
    found = session.connection.execute(rows).all()
    now = {(whose, version) for _, whose, version, is_copy in found if not is_copy}
    return [(kind, identity) for identity, whose, version, is_copy in found if is_copy and (whose, version) not in now]


def _used_beside_releases(session: Session, project_id: str) -> Iterator[str]:
    decode = msgspec.json.Decoder(_MadeWith).decode
    for kind in (DEPLOYMENTS, RUNBOOK_RUNS, RUNBOOK_SNAPSHOTS):
        documents = sa.select(kind.table.c.doc).where(kind.table.c.project_id == project_id)
        for (document,) in session.connection.execute(documents):
            made = decode(document)
            yield from (made.manifest_variable_set_id, made.frozen_project_variable_set_id)
            yield made.frozen_runbook_process_id
