"""Dashboard and progressions on the wire. Nothing here is stored."""

from __future__ import annotations

from datetime import datetime

from polpo.features.channels.resource import Channel
from polpo.features.deployments.resource import Deployment
from polpo.features.lifecycles.resource import RetentionPeriod
from polpo.features.releases.resource import Release
from polpo.features.tasks.resource import Task
from polpo.features.variables.resource import ReferenceDataItem
from polpo.store.documents import Document, Resource


class DashboardItem(Document, kw_only=True, gc=False):
    """A deployment as a cell of a dashboard."""

    project_id: str
    environment_id: str
    release_id: str
    deployment_id: str
    task_id: str
    tenant_id: str | None
    channel_id: str
    release_version: str
    created: datetime | None
    queue_time: datetime | None
    start_time: datetime | None
    completed_time: datetime | None
    state: str
    has_pending_interruptions: bool
    has_warnings_or_errors: bool
    error_message: str | None
    duration: str
    is_current: bool
    is_previous: bool
    is_completed: bool
    pending_interruption_types: list[str] = []
    has_pending_preconditions: bool = False
    pending_precondition_types: list[str] = []
    deployment_environment_id: str = ""


class DashboardProjectGroup(Document, kw_only=True):
    name: str
    environment_ids: list[str]


class DashboardProject(Document, kw_only=True):
    name: str
    slug: str
    project_group_id: str
    environment_ids: list[str]
    is_disabled: bool
    tenanted_deployment_mode: str
    can_perform_untenanted_deployment: bool = True


class DashboardEnvironment(Document, kw_only=True):
    name: str


class DashboardTenant(Document, kw_only=True):
    name: str
    project_environments: dict[str, list[str]]
    tenant_tags: list[str]
    is_disabled: bool


class Dashboard(Document, kw_only=True):
    """`items` are the newest deployments of each project in each environment, for each tenant and without one;
    `previous_items` the last successful ones where the newest has not succeeded."""

    projects: list[DashboardProject]
    project_groups: list[DashboardProjectGroup]
    environments: list[DashboardEnvironment]
    tenants: list[DashboardTenant] = []
    items: list[DashboardItem]
    previous_items: list[DashboardItem]
    project_limit: int | None = None
    is_filtered: bool = False


class DashboardCell(Resource):
    """A project in an environment: its newest deployment, and how far the tenants are that are connected there.

    `current_tenants` are those that the newest deployment's release runs for.
    """

    environment_id: str
    item: DashboardItem
    connected_tenants: int = 0
    current_tenants: int = 0
    failed_tenants: int = 0
    active_tenants: int = 0


class DashboardRow(Resource):
    """A project with the cells that have something deployed."""

    project: DashboardProject
    cells: list[DashboardCell]


class DashboardMatrix(Document, kw_only=True):
    """One page of projects, by project group and name. `environments` are the columns; `is_filtered` says whether the
    configuration leaves anything out."""

    environments: list[DashboardEnvironment]
    project_groups: list[DashboardProjectGroup]
    rows: list[DashboardRow]
    total_results: int
    is_filtered: bool = False


class PhaseDeployment(Resource):
    deployment: Deployment
    task: Task | None


class PhaseProgression(Document, kw_only=True):
    """A phase as one release sees it. `missing` is how many successes it still needs before the next one opens."""

    name: str
    automatic_deployment_targets: list[str]
    optional_deployment_targets: list[str]
    minimum_environments_before_promotion: int
    is_optional_phase: bool
    is_priority_phase: bool
    blocked: bool
    progress: str
    is_open: bool
    missing: int
    environments: list[ReferenceDataItem]
    deployments: list[PhaseDeployment]


class LifecycleProgression(Document, kw_only=True):
    phases: list[PhaseProgression]
    next_deployments: list[str]
    next_deployments_minimum_required: int


class ReleaseProgression(Resource):
    release: Release
    channel: Channel | None
    deployments: dict[str, list[DashboardItem]]
    next_deployments: list[str]
    open_environments: list[str]
    has_unresolved_defect: bool
    release_retention_period: RetentionPeriod | None = None
    tentacle_retention_period: RetentionPeriod | None = None


class Progression(Document, kw_only=True):
    """A project's releases against environments. `channel_environments` are those that each channel's lifecycle has."""

    environments: list[ReferenceDataItem]
    channel_environments: dict[str, list[ReferenceDataItem]]
    lifecycle_environments: dict[str, list[ReferenceDataItem]]
    releases: list[ReleaseProgression]
