"""A runbook and its process, as stored and sent; a snapshot of the process is a document of the same kind."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.features.processes.resource import EnvironmentId, Process, mentioned_in
from polpo.features.projects.resource import DeploymentConnectivityPolicy, GuidedFailureMode, TenantedDeploymentMode
from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define

EnvironmentScope = Literal["All", "Specified", "FromProjectLifecycles"]

#: How many runs an environment keeps unless told otherwise.
KEPT_RUNS = 100


class RunbookRetentionPolicy(Resource):
    """How many runs are kept in each environment. `strategy` decides; older clients leave it out."""

    strategy: Literal["", "Default", "Forever", "Count"] = ""
    quantity_to_keep: int = KEPT_RUNS
    unit: Literal["Days", "Items"] = "Items"
    should_keep_forever: bool = False


class Runbook(Document):
    """`published_runbook_snapshot_id` names what is run unless something else is asked for.

    Without a connectivity policy a runbook may run where there are no targets, unlike a deployment.
    """

    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    runbook_process_id: str = ""
    published_runbook_snapshot_id: str | None = None
    environment_scope: EnvironmentScope = "All"
    environments: list[EnvironmentId] = []
    multi_tenancy_mode: TenantedDeploymentMode = "Untenanted"
    connectivity_policy: DeploymentConnectivityPolicy | None = None
    default_guided_failure_mode: GuidedFailureMode = "EnvironmentDefault"
    run_retention_policy: RunbookRetentionPolicy = msgspec.field(default_factory=RunbookRetentionPolicy)
    force_package_download: bool = False
    fail_target_discovery: bool = False
    cancel_queued_tasks: bool = False
    cancel_running_tasks: bool = False
    runbook_tags: list[str] = []


class RunbookProcess(Process):
    """What a run of the runbook does.

    Processes, snapshots and runs name their runbook without a reference: that of a project in Git is no document here.
    """

    runbook_id: str = ""


def runbook_process_id_of(runbook_id: str) -> str:
    return f"RunbookProcess-{runbook_id}"


def _is_snapshot(process: RunbookProcess) -> bool:
    return process.id != runbook_process_id_of(process.runbook_id)


RUNBOOKS = define(
    "Runbooks",
    Runbook,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("runbook_process_id", sa.Text, nullable=False),
    singular="runbook",
    unique=[("project_id", "name_key"), ("project_id", "slug")],
    owned_by=["Projects"],
)
protect_by_columns(RUNBOOKS, Projects="project_id")
RUNBOOK_PROCESSES = define(
    "RunbookProcesses",
    RunbookProcess,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("runbook_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_snapshot", sa.Boolean, nullable=False),
    singular="runbook process",
    computed={"is_snapshot": _is_snapshot},
    order=("seq", "id"),
    indexes=[("runbook_id", "is_snapshot", "version"), ("project_id",)],
    owned_by=["Projects"],
    mentions=mentioned_in,
)
protect_by_columns(RUNBOOK_PROCESSES, Projects="project_id")

_SELF = "/api/{SpaceId}/runbooks/{Id}"
_IN_PROJECT = "/api/{SpaceId}/projects/{ProjectId}/runbooks/{Id}"

register(
    Runbook,
    {
        "Self": _SELF,
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "RunbookProcesses": "/api/{SpaceId}/runbookProcesses/{RunbookProcessId}",
        "RunbookSnapshots": _IN_PROJECT + "/runbookSnapshots{/name}{?skip,take,searchByName}",
        "RunbookSnapshotTemplate": _SELF + "/runbookSnapshotTemplate",
        "RunbookRunTemplate": _SELF + "/runbookRunTemplate",
        "RunbookRunPreview": _SELF + "/runbookRuns/preview/{environment}{?includeDisabledSteps}",
        "RunbookRunTenantPreview": _SELF + "/runbookRuns/preview/{environment}/{tenant}{?includeDisabledSteps}",
        "CreateRunbookRun": _SELF + "/runbookRuns/create",
        "RunbookEnvironments": _IN_PROJECT + "/environments",
        "Progression": "/api/{SpaceId}/progression/runbooks/{Id}",
        "TaskRunDashboardItemsTemplate": "/api/{SpaceId}/progression/runbooks/taskRuns"
        "{?projectIds,runbookIds,skip,take}",
    },
)
register(
    RunbookProcess,
    {
        "Self": "/api/{SpaceId}/runbookProcesses/{Id}",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "Runbook": "/api/{SpaceId}/runbooks/{RunbookId}",
        "RunbookSnapshotTemplate": "/api/{SpaceId}/runbookProcesses/{Id}/runbookSnapshotTemplate",
    },
)
