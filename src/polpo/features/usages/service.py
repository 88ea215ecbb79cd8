"""Finding who uses something: by the index of references, and by the steps and variables that hold its id as a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from polpo.features.processes.resource import DEPLOYMENT_PROCESSES
from polpo.features.processes.usages import (
    owners_of_variables_naming,
    runbook_steps_naming,
    steps_naming,
    visible_owners,
)
from polpo.features.projects.resource import PROJECTS
from polpo.features.usages.resource import UsageEntry, UsageGroup, Usages
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import Document
from polpo.store.kinds import kinds, reference

_SHOWN = 30

#: The kinds that are told of, with the right to see them.
_SEEN_BY = {
    "Machines": Permission.MACHINE_VIEW,
    "Workers": Permission.WORKER_VIEW,
    "Accounts": Permission.ACCOUNT_VIEW,
    "Certificates": Permission.CERTIFICATE_VIEW,
    "Lifecycles": Permission.LIFECYCLE_VIEW,
    "ProjectTriggers": Permission.TRIGGER_VIEW,
    "Tenants": Permission.TENANT_VIEW,
    "Runbooks": Permission.RUNBOOK_VIEW,
    "Environments": Permission.ENVIRONMENT_VIEW,
}


def usages_of(call: Call, document: Any) -> Usages:
    """As far as the caller may see who uses it."""
    found: dict[str, dict[str, UsageEntry]] = defaultdict(dict)
    for kind, entry in (*_referring(call, document.id), *_naming(call, document)):
        found[kind].setdefault(entry.id, entry)
    groups = [_group(kind, list(entries.values())) for kind, entries in found.items()]
    return Usages(id=f"{document.id}-usages", space_id=document.space_id, groups=groups)


def _group(kind: str, entries: list[UsageEntry]) -> UsageGroup:
    shown = sorted(entries, key=lambda entry: entry.name.casefold())[:_SHOWN]
    return UsageGroup(kind=kind, total=len(entries), items=shown)


def _referring(call: Call, identity: str) -> Iterator[tuple[str, UsageEntry]]:
    users: dict[str, list[str]] = defaultdict(list)
    statement = sa.select(reference.c.from_kind, reference.c.from_id).distinct()
    for kind, user in call.session.connection.execute(statement.where(reference.c.to_id == identity)):
        users[kind].append(user)
    for name, permission in _SEEN_BY.items():
        if users[name]:
            documents = call.session.by_ids(kinds[name], users[name]).values()
            yield from _entries(name, call.reached(kinds[name], documents, permission))
    table = DEPLOYMENT_PROCESSES.table
    processes = call.session.all(
        DEPLOYMENT_PROCESSES, table.c.id.in_(users[DEPLOYMENT_PROCESSES.name]), ~table.c.is_snapshot
    )
    for project in call.session.by_ids(PROJECTS, [process.project_id for process in processes]).values():
        if call.may(Permission.PROCESS_VIEW, project_id=project.id):
            yield "Projects", UsageEntry(project.id, project.name)


def _entries(kind: str, documents: Iterable[Any]) -> Iterator[tuple[str, UsageEntry]]:
    for one in documents:
        yield kind, UsageEntry(one.id, getattr(one, "name", one.id), getattr(one, "project_id", None))


def _naming(call: Call, document: Any) -> Iterator[tuple[str, UsageEntry]]:
    """Projects whose steps or variables name it, and runbooks and library variable sets that do."""
    session, space_id = call.session, document.space_id
    for step in steps_naming(session, space_id, document.id):
        if call.may(Permission.PROCESS_VIEW, project_id=step.project_id):
            yield "Projects", UsageEntry(step.project_id, step.project_name)
    for usage in runbook_steps_naming(session, space_id, document.id):
        if call.may(Permission.RUNBOOK_VIEW, project_id=usage.project_id):
            yield "Runbooks", UsageEntry(usage.runbook_id, usage.runbook_name, usage.project_id)
    owner: Document
    for owner in visible_owners(call, owners_of_variables_naming(session, space_id, document.id)):
        kind = owner.id.rpartition("-")[0]
        yield kind, UsageEntry(owner.id, getattr(owner, "name", owner.id))
