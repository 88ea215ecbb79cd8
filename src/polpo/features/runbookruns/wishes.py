"""From the commands of clients to wishes: names resolved, one wish for each environment and tenant."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

import msgspec

from polpo.features.deployments.commands import action_ids, machine_ids, named_environments
from polpo.features.deployments.repeating import entered, still_chosen, still_there
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.projects.resource import PROJECTS
from polpo.features.projects.service import find_project_by_any_name
from polpo.features.runbookruns.commands import RunbookRunCommandV1, RunbookRunParameters
from polpo.features.runbookruns.resource import RunbookRun
from polpo.features.runbookruns.service import Wish
from polpo.features.runbookruns.tenancy import tenants_for
from polpo.features.runbooks.resource import RUNBOOKS, Runbook
from polpo.features.runbooks.service import find_runbook_by_any_name
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot
from polpo.features.runbooksnapshots.service import (
    find_snapshot_of,
    make_snapshot,
    process_of_snapshot,
    published_snapshot,
    runbook_of_snapshot,
)
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import Document
from polpo.store.kinds import Kind
from polpo.store.session import Session

D = TypeVar("D", bound=Document)


def wishes_of_command(session: Session, space_id: str, command: RunbookRunCommandV1) -> list[Wish]:
    """The command of the executions API."""
    for what, text in (("ProjectName", command.project_name), ("RunbookName", command.runbook_name)):
        if not text.strip():
            raise Invalid(f"{what} is missing; name it by id, slug or name.")
    project = find_project_by_any_name(session, space_id, command.project_name)
    if project.persistence_settings.in_git:
        sentence = f"The project '{project.name}' has its runbooks in Git; run them with /runbook-runs/git/create/v1."
        raise Invalid(sentence, [sentence])
    runbook = find_runbook_by_any_name(session, project, command.runbook_name)
    named_one = (command.snapshot or "").strip()
    if named_one:
        snapshot = find_snapshot_of(session, project, named_one, runbook.id)
    else:
        snapshot = published_snapshot(session, runbook)
    return wishes_to_run(session, runbook, snapshot, command)


def wishes_to_run(
    session: Session, runbook: Runbook, snapshot: RunbookSnapshot, command: RunbookRunCommandV1
) -> list[Wish]:
    """One for each place that the command names."""
    space_id = runbook.space_id
    environments = named_environments(session, space_id, command.environment_names)
    return [
        Wish(
            runbook=runbook,
            snapshot=snapshot,
            environment=environment,
            tenant_id=tenant_id,
            comments=command.comments or command.notes,
            skip_actions=action_ids(process_of_snapshot(session, snapshot), command.skip_step_names, "snapshot"),
            specific_machines=machine_ids(session, space_id, command.specific_machine_names),
            excluded_machines=machine_ids(session, space_id, command.excluded_machine_names),
            form_values=command.variables,
            use_guided_failure=command.use_guided_failure,
            force_package_download=command.force_package_download,
            priority=command.priority,
            not_before=command.run_at,
            expiry=command.no_run_after,
        )
        for environment in environments
        for tenant_id in tenants_for(session, runbook, environment, command.tenants, command.tenant_tags)
    ]


def wishes_of_parameters(call: Call, runbook: Runbook, given: RunbookRunParameters) -> list[Wish]:
    return wishes_with(call, runbook, _wanted_snapshot(call, runbook, given), given)


def wishes_with(call: Call, runbook: Runbook, snapshot: RunbookSnapshot, given: RunbookRunParameters) -> list[Wish]:
    session, space_id = call.session, call.space
    ids = [identity for identity in (given.environment_id, *given.environment_ids) if identity]
    tenants = [identity for identity in (given.tenant_id, *given.tenant_ids) if identity]
    environments = named_environments(session, space_id, ids)
    places = [
        (environment, tenant)
        for environment in environments
        for tenant in tenants_for(session, runbook, environment, tenants, given.tenant_tag_names)
    ]
    return [
        Wish(
            runbook=runbook,
            snapshot=snapshot,
            environment=environment,
            tenant_id=tenant_id,
            comments=given.comments,
            skip_actions=given.skip_actions,
            specific_machines=machine_ids(session, space_id, given.specific_machine_ids),
            excluded_machines=machine_ids(session, space_id, given.excluded_machine_ids),
            specific_tags=given.specific_target_tag_ids,
            excluded_tags=given.excluded_target_tag_ids,
            form_values=given.form_values,
            use_guided_failure=given.use_guided_failure,
            force_package_download=given.force_package_download,
            debug_mode=given.debug_mode,
            priority=given.priority,
            not_before=given.queue_time,
            expiry=given.queue_time_expiry,
        )
        for environment, tenant_id in places
    ]


def _wanted_snapshot(call: Call, runbook: Runbook, given: RunbookRunParameters) -> RunbookSnapshot:
    """To run what is not published yet is for those who may change the runbook; it is frozen for the run."""
    named_one = (given.runbook_snapshot_name_or_id or "").strip()
    if named_one:
        project = call.session.get(PROJECTS, runbook.project_id)
        return find_snapshot_of(call.session, project, named_one, runbook.id)
    if given.use_default_snapshot:
        return published_snapshot(call.session, runbook)
    call.require(Permission.RUNBOOK_EDIT, space_id=runbook.space_id, project_id=runbook.project_id)
    return make_snapshot(call, runbook, RunbookSnapshot())


def wish_of_run(session: Session, space_id: str, wanted: RunbookRun) -> Wish:
    """A run as it is posted, by ids."""
    snapshot = _existing(session, RUNBOOK_SNAPSHOTS, space_id, "RunbookSnapshotId", wanted.runbook_snapshot_id)
    runbook_id = wanted.runbook_id or (snapshot.runbook_id if snapshot else "")
    frozen = runbook_of_snapshot(session, snapshot) if snapshot and snapshot.frozen_runbook else None
    runbook = frozen or _existing(session, RUNBOOKS, space_id, "RunbookId", runbook_id)
    if runbook is None:
        raise Invalid("RunbookId is missing; name the runbook to run, or one of its snapshots.")
    snapshot = snapshot or published_snapshot(session, runbook)
    if snapshot.runbook_id != runbook.id:
        raise Invalid(f"RunbookSnapshotId names '{snapshot.id}', which is no snapshot of this runbook.")
    environment = _existing(session, ENVIRONMENTS, space_id, "EnvironmentId", wanted.environment_id)
    if environment is None:
        raise Invalid("EnvironmentId is missing; name the environment to run in.")
    [tenant_id] = tenants_for(session, runbook, environment, [wanted.tenant_id] if wanted.tenant_id else [], [])
    return Wish(
        runbook=runbook,
        snapshot=snapshot,
        environment=environment,
        tenant_id=tenant_id,
        comments=wanted.comments,
        skip_actions=wanted.skip_actions,
        specific_machines=machine_ids(session, space_id, wanted.specific_machine_ids),
        excluded_machines=machine_ids(session, space_id, wanted.excluded_machine_ids),
        specific_tags=wanted.specific_target_tag_ids,
        excluded_tags=wanted.excluded_target_tag_ids,
        form_values=wanted.form_values,
        use_guided_failure=wanted.use_guided_failure or None,
        force_package_download=wanted.force_package_download,
        debug_mode=wanted.debug_mode,
        priority=wanted.priority,
        not_before=wanted.queue_time,
        expiry=wanted.queue_time_expiry,
    )


def wish_to_repeat(session: Session, run: RunbookRun) -> Wish:
    """The same run once more, now. Targets that were deleted meanwhile are no fault, as long as one is left."""
    again = msgspec.structs.replace(
        run,
        form_values=entered(session, run),
        queue_time=None,
        queue_time_expiry=None,
        specific_machine_ids=still_chosen(session, run),
        excluded_machine_ids=still_there(session, run.excluded_machine_ids),
    )
    return dataclasses.replace(wish_of_run(session, run.space_id, again), use_guided_failure=run.use_guided_failure)


def _existing(session: Session, kind: Kind[D], space_id: str, field: str, identity: str) -> D | None:
    """The document that a field names; None when it names nothing."""
    if not identity:
        return None
    found = session.first(kind, kind.table.c.id == identity, kind.table.c.space_id == space_id)
    if found is None:
        sentence = f"{field} names the {kind.singular} '{identity}', which does not exist in this space."
        raise Invalid(sentence, [sentence])
    return found
