"""A run of a runbook, as stored and sent, and the kind of document that it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from polpo.features.deployments.resource import forget_task, refuse_unended
from polpo.features.lifecycles.resource import RetentionPeriod
from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, SensitiveValue, ref
from polpo.store.kinds import define


class RunbookRun(Document):
    """A snapshot of a runbook at work in one environment. How it came out is its task's to tell.

    `form_values` are the values of prompted variables by the id of the variable; those of sensitive ones are sealed in
    `sensitive_form_values` and shown as null. `resumed_from` is the task where this goes on, with `include_excluded` on
    the targets that had dropped out of it, too.
    """

    space_id: str = ""
    name: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    runbook_id: str = ""
    runbook_snapshot_id: Annotated[str, ref("RunbookSnapshots")] = ""
    environment_id: Annotated[str, ref("Environments")] = ""
    tenant_id: Annotated[str, ref("Tenants")] | None = None
    task_id: str = ""
    frozen_runbook_process_id: str = ""
    manifest_variable_set_id: str = ""
    comments: str | None = None
    created: datetime | None = None
    queue_time: datetime | None = None
    queue_time_expiry: datetime | None = None
    deployed_by: str = ""
    deployed_by_id: str = ""
    use_guided_failure: bool = False
    force_package_download: bool = False
    fail_target_discovery: bool = False
    debug_mode: str | None = None
    priority: str | None = None
    skip_actions: list[str] = []
    specific_machine_ids: list[str] = []
    excluded_machine_ids: list[str] = []
    specific_target_tag_ids: list[str] = []
    excluded_target_tag_ids: list[str] = []
    deployed_to_machine_ids: list[str] = []
    form_values: dict[str, str | None] = {}
    sensitive_form_values: dict[str, SensitiveValue] = {}
    tentacle_retention_period: RetentionPeriod | None = None
    failure_encountered: bool = False
    changes: list[dict[str, object]] = []
    changes_markdown: str = ""
    resumed_from: str | None = None
    include_excluded: bool = False


RUNBOOK_RUNS = define(
    "RunbookRuns",
    RunbookRun,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("runbook_id", sa.Text, nullable=False),
    sa.Column("runbook_snapshot_id", sa.Text, nullable=False),
    sa.Column("environment_id", sa.Text, nullable=False),
    sa.Column("tenant_id", sa.Text),
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    singular="runbook run",
    order=("seq",),
    indexes=[
        ("project_id", "seq"),
        ("runbook_id", "environment_id", "seq"),
        ("runbook_snapshot_id", "seq"),
        ("task_id",),
    ],
    owned_by=["RunbookSnapshots", "Projects", "Tenants", "Environments"],
    guard=refuse_unended,
    removed=forget_task,
)
protect_by_columns(RUNBOOK_RUNS, Projects="project_id", Environments="environment_id", Tenants="tenant_id")

register(
    RunbookRun,
    {
        "Self": "/api/{SpaceId}/runbookRuns/{Id}",
        "Task": "/api/tasks/{TaskId}",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "Runbook": "/api/{SpaceId}/runbooks/{RunbookId}",
        "RunbookSnapshot": "/api/{SpaceId}/runbookSnapshots/{RunbookSnapshotId}",
        "Environment": "/api/{SpaceId}/environments/{EnvironmentId}",
        "RunbookProcess": "/api/{SpaceId}/runbookProcesses/{FrozenRunbookProcessId}",
        "Variables": "/api/{SpaceId}/variables/{ManifestVariableSetId}",
        "Artifacts": "/api/{SpaceId}/artifacts?regarding={Id}",
        "Interruptions": "/api/{SpaceId}/interruptions?regarding={Id}",
        "Web": "/app#/{SpaceId}/tasks/{TaskId}",
    },
)
