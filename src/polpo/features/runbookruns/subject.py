"""What a run of a runbook is about: its snapshot, or the runbook as it is now, and the system variables."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from polpo.features.deployments.facts import git_facts, place_facts, task_facts
from polpo.features.deployments.subject import Subject
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.processes.resource import Process
from polpo.features.projects.resource import PROJECTS, DeploymentConnectivityPolicy
from polpo.features.releases.resource import SelectedPackage
from polpo.features.runbookruns.resource import RunbookRun
from polpo.features.runbooks.processes import process_of_runbook
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES, Runbook
from polpo.features.runbooksnapshots.resource import RunbookSnapshot
from polpo.features.runbooksnapshots.service import settled_packages
from polpo.features.users.resource import USERS
from polpo.features.variables.resource import VARIABLE_SETS, Variable
from polpo.features.variables.service import included_variables, variables_of
from polpo.features.variables.snapshots import frozen_variables
from polpo.kernel.clock import iso
from polpo.kernel.errors import Invalid, TaskError
from polpo.store.session import Session

TASK_KIND = "RunbookRun"


@dataclass(frozen=True, kw_only=True)
class RunbookSubject(Subject):
    """`snapshot` has no id where the runbook is looked at as it is now."""

    runbook: Runbook
    snapshot: RunbookSnapshot


def subject_of_snapshot(
    session: Session, runbook: Runbook, snapshot: RunbookSnapshot, environment_id: str
) -> RunbookSubject:
    process = session.find(RUNBOOK_PROCESSES, snapshot.frozen_runbook_process_id)
    variables = session.find(VARIABLE_SETS, snapshot.frozen_project_variable_set_id)
    if process is None or variables is None:
        raise TaskError(f"The frozen process or variables of '{snapshot.name}' are gone; make a new snapshot.")
    library = frozen_variables(session, snapshot.library_variable_set_snapshot_ids)
    return subject_with(session, runbook, snapshot, environment_id, process, (variables.variables, library))


def subject_of_draft(session: Session, runbook: Runbook, environment_id: str) -> RunbookSubject:
    """The runbook as it would be frozen now. Packages that have no version yet are left out."""
    process = process_of_runbook(session, runbook)
    packages: list[SelectedPackage] = []
    with contextlib.suppress(Invalid):  # the plan's problems will name them
        packages = settled_packages(session, process, [])
    draft = RunbookSnapshot(space_id=runbook.space_id, runbook_id=runbook.id, selected_packages=packages)
    own = variables_of(session, runbook.project_id).variables
    included = session.get(PROJECTS, runbook.project_id).included_library_variable_set_ids
    library = [variable for one in included_variables(session, included) for variable in one.variables]
    return subject_with(session, runbook, draft, environment_id, process, (own, library))


def subject_with(  # the parts of one document
    session: Session,
    runbook: Runbook,
    snapshot: RunbookSnapshot,
    environment_id: str,
    process: Process,
    variables: tuple[Sequence[Variable], Sequence[Variable]],
) -> RunbookSubject:
    """`variables`: the project's own, and those of the library."""
    return RunbookSubject(
        project=session.get(PROJECTS, runbook.project_id),
        runbook=runbook,
        snapshot=snapshot,
        environment=session.get(ENVIRONMENTS, environment_id),
        process=process,
        variables=variables[0],
        library=variables[1],
        selected_packages=snapshot.selected_packages,
        selected_git_resources=snapshot.selected_git_resources,
        policy=runbook.connectivity_policy or DeploymentConnectivityPolicy(),
        owner_id=runbook.id,
        frozen_as="snapshot",
    )


def facts_of_run(session: Session, subject: RunbookSubject, run: RunbookRun) -> dict[str, str]:
    """The system variables that hold in the whole run."""
    runbook, snapshot = subject.runbook, subject.snapshot
    facts: dict[str, str | None] = {
        **place_facts(session, subject),
        "Runbook.Id": runbook.id,
        "Runbook.Name": runbook.name,
        "RunbookSnapshot.Id": snapshot.id,
        "RunbookSnapshot.Name": snapshot.name,
        "RunbookSnapshot.Notes": snapshot.notes or "",
        **_run_facts(session, run),
        **git_facts("RunbookRun.Git", snapshot.git_reference),
        "Web.RunbookSnapshotLink": f"/app#/{run.space_id}/projects/{subject.project.slug}/runbooks/{runbook.id}",
        "Web.RunbookRunLink": f"/app#/{run.space_id}/tasks/{run.task_id}",
    }
    return {f"Octopus.{name}": text for name, text in facts.items() if text is not None}


def _run_facts(session: Session, run: RunbookRun) -> dict[str, str | None]:
    """Scripts that serve both kinds of process ask for `Deployment` where they mean the run at hand."""
    user = session.find(USERS, run.deployed_by_id)
    created = iso(run.created) if run.created else ""
    return {
        "RunbookRun.Id": run.id,
        "RunbookRun.Name": run.name,
        "RunbookRun.Comments": run.comments or "",
        "RunbookRun.Created": created,
        "RunbookRun.CreatedUtc": created,
        "Deployment.Id": run.id,
        "Deployment.Name": run.name,
        "Deployment.Comments": run.comments or "",
        "Deployment.Created": created,
        "Deployment.CreatedBy.Id": run.deployed_by_id,
        "Deployment.CreatedBy.Username": user.username if user else None,
        "Deployment.CreatedBy.DisplayName": run.deployed_by,
        "Deployment.CreatedBy.EmailAddress": user.email_address if user else None,
        "Deployment.ForcePackageDownload": str(run.force_package_download),
        "Deployment.SpecificMachines": ",".join(run.specific_machine_ids),
        "Deployment.ExcludedMachines": ",".join(run.excluded_machine_ids),
        **task_facts(session, run.task_id),
        "Task.Argument[RunbookRunId]": run.id,
        "Task.QueueTime": iso(run.queue_time) if run.queue_time else "",
        "Task.QueueTimeExpiry": iso(run.queue_time_expiry) if run.queue_time_expiry else "",
    }
