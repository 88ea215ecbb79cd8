"""A deployment, as stored and sent; the commands that create one; and its preview."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Protocol

import sqlalchemy as sa

from polpo.engine import find_task
from polpo.features.buildinformation.resource import (
    CommitDetail,
    ReleasePackageVersionBuildInformation,
    WorkItemLink,
)
from polpo.features.interruptions.resource import Form
from polpo.features.lifecycles.resource import RetentionPeriod
from polpo.features.tasks.forgetting import forget_with_traces
from polpo.features.variables.resource import ReferenceDataItem
from polpo.kernel.errors import Conflict
from polpo.rest.links import register
from polpo.rest.protection import by_column, protect
from polpo.store.documents import Document, Resource, SensitiveValue, ref
from polpo.store.kinds import define
from polpo.store.session import Session


class ReleaseChanges(Resource):
    """One release of those that a deployment brings: its notes, what was built for it, and what that resolves."""

    version: str = ""
    release_notes: str | None = None
    build_information: list[ReleasePackageVersionBuildInformation] = []
    commits: list[CommitDetail] = []
    work_items: list[WorkItemLink] = []


class Deployment(Document):
    """A release on its way to one environment. What runs, and how it came out, is its task's to tell.

    `form_values` are the values of prompted variables by the id of the variable; those of sensitive ones are sealed in
    `sensitive_form_values` and shown as null. `overridden_freeze_ids` are the freezes that somebody passed, with the
    reason. `is_catch_up`: brings to new targets what is deployed in the environment already, so no freeze holds it off.
    `resumed_from` is the task where this goes on, with `include_excluded` on the targets that had dropped out, too.
    `automatic_because` says why it came by itself, if nobody asked for it.
    `parent_deployment_id` is the deployment whose step made this one, and `passed_values` are what that gave to
    variables, by their names.
    """

    space_id: str = ""
    name: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    release_id: Annotated[str, ref("Releases")] = ""
    environment_id: Annotated[str, ref("Environments")] = ""
    channel_id: str = ""
    tenant_id: Annotated[str, ref("Tenants")] | None = None
    task_id: str = ""
    deployment_process_id: str = ""
    manifest_variable_set_id: str = ""
    comments: str | None = None
    created: datetime | None = None
    queue_time: datetime | None = None
    queue_time_expiry: datetime | None = None
    deployed_by: str = ""
    deployed_by_id: str = ""
    use_guided_failure: bool = False
    force_package_download: bool = False
    force_package_redeployment: bool = False
    skip_actions: list[str] = []
    specific_machine_ids: list[str] = []
    excluded_machine_ids: list[str] = []
    deployed_to_machine_ids: list[str] = []
    form_values: dict[str, str | None] = {}
    sensitive_form_values: dict[str, SensitiveValue] = {}
    specific_target_tag_ids: list[str] = []
    excluded_target_tag_ids: list[str] = []
    fail_target_discovery: bool = False
    debug_mode: str | None = None
    priority: str | None = None
    tentacle_retention_period: RetentionPeriod | None = None
    failure_encountered: bool = False
    changes: list[ReleaseChanges] = []
    changes_markdown: str = ""
    parent_deployment_id: str | None = None
    passed_values: dict[str, SensitiveValue] = {}
    passed_secrets: list[str] = []
    overridden_freeze_ids: list[str] = []
    freeze_override_reason: str | None = None
    is_catch_up: bool = False
    resumed_from: str | None = None
    include_excluded: bool = False
    automatic_because: str | None = None


class CreateDeploymentsV1(Resource):
    """Everything is named by id, slug or name. One deployment for each environment is made, or none."""

    project_name: str = ""
    release_version: str = ""
    environment_names: list[str] = []
    comments: str | None = None
    force_package_download: bool = False
    force_package_redeployment: bool = False
    update_variable_snapshot: bool = False
    specific_machine_names: list[str] = []
    excluded_machine_names: list[str] = []
    skip_step_names: list[str] = []
    use_guided_failure: bool | None = None
    run_at: datetime | None = None
    no_run_after: datetime | None = None
    priority: str | None = None
    variables: dict[str, str] = {}
    deployment_freeze_names: list[str] = []
    deployment_freeze_override_reason: str | None = None


class CreateDeploymentFreezeOverrideCommand(Resource):
    """A deployment by ids that passes the freezes that are named, by id or by name."""

    create_deployment_command: Deployment
    freeze_ids: list[str] = []
    reason: str = ""


class CreateDeploymentFreezeOverrideResponse(Resource):
    deployment: Deployment


class CreateTenantedDeploymentsV1(CreateDeploymentsV1):
    """One deployment for each tenant that is named, or that passes the filter of tags and could get the release now."""

    environment_name: str = ""
    tenants: list[str] = []
    tenant_tags: list[str] = []


class DeploymentServerTask(Resource):
    deployment_id: str
    server_task_id: str


class CreatedDeploymentsV1(Resource):
    deployment_server_tasks: list[DeploymentServerTask]


class MachineDeploymentPreview(Resource):
    id: str
    name: str
    has_latest_calamari: bool = True
    health_status: str = "Unknown"


class PackageDeploymentPreview(Resource):
    """A package that would be acquired. `size` in bytes; the name of the primary one is empty."""

    name: str
    package_id: str
    version: str
    feed_id: str
    size: int


class DeploymentTemplateStep(Resource):
    """One action of the plan: where it runs and with which packages, or why it does not."""

    action_id: str
    action_name: str
    action_number: str
    roles: list[str] = []
    machines: list[MachineDeploymentPreview] = []
    machine_names: list[str] = []
    excluded_machines: list[ReferenceDataItem] = []
    unavailable_machines: list[ReferenceDataItem] = []
    can_be_skipped: bool = True
    is_disabled: bool = False
    has_no_applicable_machines: bool = False
    runs_on_server: bool = False
    skip_reason: str | None = None
    worker_pool_name: str = ""
    packages: list[PackageDeploymentPreview] = []


class DeploymentPreview(Document):
    """What a deployment would do. `problems` would refuse it, `warnings` would stand in its log; each is a sentence.

    `missing_variables` are the prompts that need a value from whoever deploys. `release_notes` is what older
    clients call the changes.
    """

    steps_to_execute: list[DeploymentTemplateStep] = []
    form: Form | None = None
    changes: list[ReleaseChanges] = []
    changes_markdown: str = ""
    release_notes: list[ReleaseChanges] = []
    use_guided_failure_mode_by_default: bool = False
    problems: list[str] = []
    warnings: list[str] = []
    missing_variables: list[str] = []


class DeploymentPreviewRequest(Resource):
    environment_id: str = ""
    tenant_id: str | None = None
    include_disabled_steps: bool = False


class DeploymentPreviewRequests(Resource):
    deployment_previews: list[DeploymentPreviewRequest] = []
    include_disabled_steps: bool = False


class PromotionTarget(Document):
    """An environment to which a release may be deployed now."""

    name: str = ""


class TenantPromotion(Document):
    """A tenant, and the environments to which the release may be deployed for it now."""

    name: str = ""
    promote_to: list[PromotionTarget] = []


class ReleaseDeploymentTemplate(Document):
    """Where a release may go: the environments that are open to it by its lifecycle, without and with tenants."""

    deployment_notes: str | None = None
    is_deployment_process_modified: bool = False
    is_variable_set_modified: bool = False
    is_library_variable_set_modified: bool = False
    promote_to: list[PromotionTarget] = []
    tenant_promotions: list[TenantPromotion] = []


class Run(Protocol):
    """What is done in a task: a deployment, or the run of a runbook."""

    task_id: str


def refuse_unended(session: Session, run: Run) -> None:
    """What a run that has not ended needs must stay: itself, its release or snapshot, its project."""
    task = find_task(session, run.task_id)
    if task is not None and not task.state.is_completed:
        raise Conflict(
            f"'{task.description}' has not ended ({task.id} is {task.state.value}); wait for its end, or cancel it,"
            " before you delete what it needs."
        )


def forget_task(session: Session, run: Run) -> None:
    """The task goes with what it did."""
    forget_with_traces(session, [run.task_id])


DEPLOYMENTS = define(
    "Deployments",
    Deployment,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("environment_id", sa.Text, nullable=False),
    sa.Column("release_id", sa.Text, nullable=False),
    sa.Column("channel_id", sa.Text, nullable=False),
    sa.Column("tenant_id", sa.Text),
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    singular="deployment",
    order=("seq",),
    indexes=[
        ("project_id", "environment_id", "seq"),
        ("project_id", "environment_id", "tenant_id", "seq"),
        ("tenant_id",),
        ("environment_id", "space_id", "seq"),
        ("channel_id", "space_id", "seq"),
        ("release_id", "seq"),
        ("task_id",),
        ("space_id", "seq"),
    ],
    owned_by=["Releases", "Projects", "Tenants", "Environments"],
    guard=refuse_unended,
    removed=forget_task,
)

protect(
    DEPLOYMENTS,
    lambda one: {"Projects": [one.project_id], "Environments": [one.environment_id], "Tenants": [one.tenant_id]},
    {
        "Projects": by_column(DEPLOYMENTS.table.c.project_id),
        "Environments": by_column(DEPLOYMENTS.table.c.environment_id),
        "Tenants": by_column(DEPLOYMENTS.table.c.tenant_id),
    },
)

_SELF = "/api/{SpaceId}/deployments/{Id}"

register(
    Deployment,
    {
        "Self": _SELF,
        "Task": "/api/tasks/{TaskId}",
        "Release": "/api/{SpaceId}/releases/{ReleaseId}",
        "Environment": "/api/{SpaceId}/environments/{EnvironmentId}",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "Artifacts": "/api/{SpaceId}/artifacts?regarding={Id}",
        "Interruptions": "/api/{SpaceId}/interruptions?regarding={Id}",
        "DeploymentProcess": "/api/{SpaceId}/deploymentprocesses/{DeploymentProcessId}",
        "Variables": "/api/{SpaceId}/variables/{ManifestVariableSetId}",
        "Web": "/app#/{SpaceId}/deployments/{Id}",
    },
)
