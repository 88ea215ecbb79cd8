"""What was made with a version of a package: releases and runbook snapshots, and the projects whose steps take it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from polpo.features.packages.permitted import projects_taking
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, Process
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.packages import needed_packages, selected
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.store.documents import Resource
from polpo.store.kinds import Kind
from polpo.store.searching import mentions
from polpo.store.session import Session

_MOST = 100
#: What begins a version and has no case: stored choices are looked for by it.
_CASELESS = re.compile(r"[0-9.]*")


class PackageUsageEntry(Resource):
    """`name` is a release's version, or what a runbook snapshot is called."""

    id: str
    name: str
    project_id: str
    project_name: str
    assembled: datetime | None


class PackageUsageProject(Resource):
    id: str
    name: str
    slug: str


class PackageUsage(Resource):
    """`projects` take the package today, whatever its version. Of releases and snapshots, the newest are named."""

    projects: list[PackageUsageProject]
    releases: list[PackageUsageEntry]
    runbook_snapshots: list[PackageUsageEntry]


def usage_of(call: Call, package_id: str, version: str) -> PackageUsage:
    """As far as the caller may see who uses it."""
    session, key = call.session, (package_id.casefold(), version.casefold())
    seen = call.narrowed(Permission.PROJECT_VIEW, protection_of(PROJECTS))
    projects = {one.id: one for one in session.all(PROJECTS, PROJECTS.table.c.space_id == call.space, *seen)}
    taking = projects_taking(session, call.space, package_id)
    releases = call.narrowed(Permission.RELEASE_VIEW, protection_of(RELEASES))
    snapshots = call.narrowed(Permission.RUNBOOK_VIEW, protection_of(RUNBOOK_SNAPSHOTS))
    return PackageUsage(
        projects=[
            PackageUsageProject(id=one.id, name=one.name, slug=one.slug)
            for one in projects.values()
            if one.id in taking
        ],
        releases=_entries(_users(session, call.space, RELEASES, key, releases), projects),
        runbook_snapshots=_entries(_users(session, call.space, RUNBOOK_SNAPSHOTS, key, snapshots), projects),
    )


def _users(
    session: Session, space_id: str, kind: Kind[Any], key: tuple[str, str], where: Iterable[Any]
) -> Iterator[Release | RunbookSnapshot]:
    """The newest first. The database finds the few that mention the version; only those are opened."""
    table = kind.table
    processes: Kind[Process] = DEPLOYMENT_PROCESSES if kind is RELEASES else RUNBOOK_PROCESSES  # type: ignore[assignment]
    begin = _CASELESS.match(key[1])
    named = mentions(table.c.doc, f'"{begin.group() if begin else ""}'.encode())
    known: dict[str, Process | None] = {}
    for holder in session.all(kind, table.c.space_id == space_id, named, *where, order=[table.c.seq.desc()]):
        process_id = process_of(holder)
        if process_id not in known:
            known[process_id] = session.find(processes, process_id)
        process = known[process_id]
        if process is not None and key in set(versions_chosen(process, holder)):
            yield holder


def process_of(holder: Release | RunbookSnapshot) -> str:
    """The snapshot of the process that it was made with."""
    if isinstance(holder, Release):
        return holder.project_deployment_process_snapshot_id
    return holder.frozen_runbook_process_id


def versions_chosen(process: Process, holder: Release | RunbookSnapshot) -> Iterable[tuple[str, str]]:
    """Package and version, without case, of whatever it was made with."""
    needed = needed_packages(process, holder.channel_id if isinstance(holder, Release) else "")
    try:
        versions = selected(needed, holder.selected_packages)
    except Invalid:  # what it chose for a step that its process has not was never used
        versions = {}
    for one in needed:
        if one.key in versions:
            yield one.package.package_id.casefold(), versions[one.key].casefold()


def _entries(found: Iterable[Release | RunbookSnapshot], projects: dict[str, Project]) -> list[PackageUsageEntry]:
    entries: list[PackageUsageEntry] = []
    for one in found:
        project = projects.get(one.project_id)
        if project is None:
            continue
        name = one.version if isinstance(one, Release) else one.name
        entries.append(
            PackageUsageEntry(
                id=one.id, name=name, project_id=project.id, project_name=project.name, assembled=one.assembled
            )
        )
        if len(entries) == _MOST:
            break
    return entries
