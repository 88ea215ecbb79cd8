"""Rules of runbooks: what a new one gets, where it may run, how it is copied and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.channels.resource import CHANNELS
from polpo.features.environments.ephemeral import environments_of_project
from polpo.features.environments.resource import Environment
from polpo.features.lifecycles.progression import phases_of
from polpo.features.lifecycles.resource import LIFECYCLES
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projects.resource import PROJECTS, DeploymentConnectivityPolicy, Project
from polpo.features.projects.service import refuse_in_git
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.processes import process_of_runbook
from polpo.features.runbooks.resource import (
    KEPT_RUNS,
    RUNBOOK_PROCESSES,
    RUNBOOKS,
    Runbook,
    RunbookProcess,
    RunbookRetentionPolicy,
    runbook_process_id_of,
)
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.features.tagsets.service import check_tags
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.store.kinds import Kind
from polpo.store.session import Session

#: What a PUT does not change, because only the server sets it.
_KEPT = ("project_id", "runbook_process_id")

#: What a copy takes over; names, places and dates are its own.
_COPIED = (
    "environment_scope",
    "environments",
    "multi_tenancy_mode",
    "connectivity_policy",
    "default_guided_failure_mode",
    "run_retention_policy",
    "force_package_download",
    "fail_target_discovery",
    "cancel_queued_tasks",
    "cancel_running_tasks",
    "runbook_tags",
)


def find_runbook(session: Session, space_id: str, runbook_id: str) -> Runbook:
    """A runbook of the space by its id. Slugs are unique in a project only."""
    found = session.find(RUNBOOKS, runbook_id)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no runbook with the id '{runbook_id}' in this space.")
    return found


def find_runbook_of(session: Session, project: Project, named: str) -> Runbook:
    """A runbook of the project by its id or slug."""
    table = RUNBOOKS.table
    wanted = sa.or_(table.c.id == named, table.c.slug == named)
    found = session.first(RUNBOOKS, table.c.project_id == project.id, wanted)
    if found is None:
        raise NotFound(f"The project '{project.name}' has no runbook with the id or slug '{named}'.")
    return found


def find_runbook_by_any_name(session: Session, project: Project, named: str) -> Runbook:
    """By name, id or slug, as the executions commands name runbooks."""
    table, wanted = RUNBOOKS.table, named.strip()
    by_name = session.first(RUNBOOKS, table.c.project_id == project.id, table.c.name_key == wanted.casefold())
    return by_name or find_runbook_of(session, project, wanted)


# -- writing


def settle_runbook(call: Call, runbook: Runbook, before: Runbook | None) -> None:
    """Fills what the server decides, and the defaults of what was left out."""
    if before is None:
        _place(call, runbook)
    else:
        for attribute in _KEPT:
            setattr(runbook, attribute, getattr(before, attribute))
    refuse_in_git(call.session.find(PROJECTS, runbook.project_id), "runbooks", "runbooks")
    check_tags(call.session, call.space, runbook, describes=True)
    complete_runbook(runbook)
    _settle_published(call.session, runbook)


def complete_runbook(runbook: Runbook) -> Runbook:
    """With the defaults of what was left out."""
    runbook.connectivity_policy = runbook.connectivity_policy or DeploymentConnectivityPolicy(
        allow_deployments_to_no_targets=True
    )
    _settle_retention(runbook.run_retention_policy)
    return runbook


def _place(call: Call, runbook: Runbook) -> None:
    session = call.session
    if not runbook.project_id:
        sentence = "ProjectId is missing; a runbook belongs to a project."
        raise Invalid(sentence, [sentence])
    runbook.id, _ = session.new_id(RUNBOOKS.name)
    runbook.runbook_process_id = runbook_process_id_of(runbook.id)
    runbook.published_runbook_snapshot_id = None


def _settle_published(session: Session, runbook: Runbook) -> None:
    """Writing the id of a snapshot is how clients publish it."""
    published = runbook.published_runbook_snapshot_id or None
    runbook.published_runbook_snapshot_id = published
    snapshot = session.find(RUNBOOK_SNAPSHOTS, published)
    if published and (snapshot is None or snapshot.runbook_id != runbook.id):
        sentence = f"PublishedRunbookSnapshotId names '{published}', which is no snapshot of this runbook."
        raise Invalid(sentence, [sentence])


def _settle_retention(policy: RunbookRetentionPolicy) -> None:
    if policy.quantity_to_keep < 0:
        sentence = f"RunRetentionPolicy.QuantityToKeep is {policy.quantity_to_keep}; it cannot be below 0."
        raise Invalid(sentence, [sentence])
    if not policy.strategy:
        if policy.should_keep_forever or policy.quantity_to_keep == 0:
            policy.strategy = "Forever"
        else:
            is_usual = policy.quantity_to_keep == KEPT_RUNS and policy.unit == "Items"
            policy.strategy = "Default" if is_usual else "Count"
    policy.should_keep_forever = policy.strategy == "Forever"


def equip_runbook(session: Session, runbook: Runbook, source: Runbook | None) -> None:
    """Gives a new runbook its process: empty, or with the steps of the one it is a copy of."""
    process = RunbookProcess(
        id=runbook.runbook_process_id,
        space_id=runbook.space_id,
        project_id=runbook.project_id,
        runbook_id=runbook.id,
        steps=process_of_runbook(session, source).steps if source else [],
        last_modified_on=runbook.last_modified_on,
        last_modified_by=runbook.last_modified_by,
    )
    session.insert(RUNBOOK_PROCESSES, process)


def clone_settings(source: Runbook, runbook: Runbook) -> None:
    """Prepares a request for a copy: the source's settings, and its project unless another one is named."""
    runbook.project_id = runbook.project_id or source.project_id
    runbook.description = runbook.description or source.description
    for attribute in _COPIED:
        setattr(runbook, attribute, getattr(source, attribute))


def clone_runbooks(session: Session, source: Project, project: Project) -> Mapping[str, str]:
    """Gives a project unpublished copies of another one's runbooks; the ids of the copies by those of the originals."""
    copies = {}
    for original in session.all(RUNBOOKS, RUNBOOKS.table.c.project_id == source.id):
        identity, _ = session.new_id(RUNBOOKS.name)
        copy = msgspec.structs.replace(
            original,
            id=identity,
            project_id=project.id,
            runbook_process_id=runbook_process_id_of(identity),
            published_runbook_snapshot_id=None,
        )
        session.insert(RUNBOOKS, copy)
        equip_runbook(session, copy, original)
        copies[original.id] = identity
    return copies


def end_runbook(call: Call, runbook: Runbook) -> None:
    """Takes along everything that belongs to the runbook: what refers goes before what is referred to."""
    session = call.session
    owned: list[Kind[Any]] = [RUNBOOK_RUNS, RUNBOOK_SNAPSHOTS, RUNBOOK_PROCESSES]
    for kind in owned:
        table = kind.table
        ids = session.connection.execute(sa.select(table.c.id).where(table.c.runbook_id == runbook.id)).scalars()
        for identity in list(ids):
            session.delete(kind, identity)


# -- where it may run


def environments_of(session: Session, runbook: Runbook) -> list[Environment]:
    """The environments in which the runbook may run, in their order."""
    every = environments_in_order(session, runbook.space_id)
    if runbook.environment_scope == "Specified":
        return [one for one in every if one.id in runbook.environments]
    ephemeral = environments_of_project(session, runbook.space_id, runbook.project_id)
    if runbook.environment_scope == "All":
        return [*every, *ephemeral]
    allowed = _environments_of_lifecycles(session, runbook, every)
    return [*(one for one in every if one.id in allowed), *ephemeral]


def _environments_of_lifecycles(session: Session, runbook: Runbook, every: list[Environment]) -> set[str]:
    """Those of the project's own lifecycle and of its channels' lifecycles."""
    project = session.get(PROJECTS, runbook.project_id)
    channels = session.all(CHANNELS, CHANNELS.table.c.project_id == project.id)
    ids = {project.lifecycle_id, *(channel.lifecycle_id or "" for channel in channels)}
    found = set()
    for lifecycle in session.by_ids(LIFECYCLES, ids).values():
        for phase in phases_of(lifecycle, every):
            found |= {*phase.automatic_deployment_targets, *phase.optional_deployment_targets}
    return found
