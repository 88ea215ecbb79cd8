"""A trigger, as stored and sent: a filter, which says when, and an action, which says what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.features.releases.resource import SnapshotGitReference
from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, Resource, SensitiveValue, ref
from polpo.store.kinds import define

FilterType = Literal[
    "MachineFilter",
    "OnceDailySchedule",
    "ContinuousDailySchedule",
    "DailySchedule",
    "DaysPerWeekSchedule",
    "DaysPerMonthSchedule",
    "CronExpressionSchedule",
    "FeedFilter",
    "ArcFeedFilter",
    "GitFilter",
    "WebhookFilter",
]
ActionType = Literal[
    "AutoDeploy",
    "DeployLatestRelease",
    "DeployLatestReleaseToEnvironment",
    "DeployNewRelease",
    "RunRunbook",
    "CreateRelease",
]
DayOfWeek = Literal["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
EnvironmentId = Annotated[str, ref("Environments")]

SCHEDULES: frozenset[str] = frozenset(
    {
        "OnceDailySchedule",
        "ContinuousDailySchedule",
        "DailySchedule",
        "DaysPerWeekSchedule",
        "DaysPerMonthSchedule",
        "CronExpressionSchedule",
    }
)


class DeploymentActionSlugPackage(Resource, omit_defaults=True):
    """A package of a step: the action's slug, and the name of the package reference (empty for the primary one).

    Filters of the older kind name the action instead.
    """

    deployment_action_slug: str | None = None
    deployment_action: str | None = None
    package_reference: str | None = None


class GitTriggerSource(Resource):
    deployment_action_slug: str = ""
    git_dependency_name: str = ""
    include_file_paths: list[str] = []
    exclude_file_paths: list[str] = []


class TriggerFilter(Resource, omit_defaults=True, kw_only=True):
    """`filter_type` says which of the others mean something; the rest is left out. Days may come as one text."""

    filter_type: FilterType
    id: str | None = None
    # something happened to a target
    environment_ids: list[EnvironmentId] | None = None
    roles: list[str] | None = None
    event_groups: list[str] | None = None
    event_categories: list[str] | None = None
    # schedules; times of the day have no zone of their own
    timezone: str | None = None
    start_time: str | None = None
    days_of_week: list[str] | str | None = None
    run_type: Literal["ScheduledTime", "Continuously"] | None = None
    interval: Literal["OnceDaily", "OnceHourly", "OnceEveryMinute"] | None = None
    hour_interval: int | None = None
    minute_interval: int | None = None
    run_after: str | None = None
    run_until: str | None = None
    sunday: bool | None = None
    monday: bool | None = None
    tuesday: bool | None = None
    wednesday: bool | None = None
    thursday: bool | None = None
    friday: bool | None = None
    saturday: bool | None = None
    monthly_schedule_type: Literal["DateOfMonth", "DayOfMonth"] | None = None
    date_of_month: str | None = None
    day_number_of_month: str | None = None
    day_of_week: DayOfWeek | None = None
    cron_expression: str | None = None
    # new packages, commits, calls from outside
    packages: list[DeploymentActionSlugPackage] | None = None
    sources: list[GitTriggerSource] | None = None
    webhook_id: str | None = None
    require_api_key: bool | None = None
    secret: SensitiveValue | None = None


class TriggerAction(Resource, omit_defaults=True, kw_only=True):
    """`action_type` says which of the others mean something; the rest is left out. `variables` is what a form held."""

    action_type: ActionType
    id: str | None = None
    should_redeploy_when_machine_has_been_deployed_to: bool | None = None
    should_redeploy_when_release_is_current: bool | None = None
    channel_id: Annotated[str, ref("Channels")] | None = None
    source_environment_ids: list[EnvironmentId] | None = None
    destination_environment_id: EnvironmentId | None = None
    environment_id: EnvironmentId | None = None
    environment_ids: list[EnvironmentId] | None = None
    tenant_ids: list[str] | None = None
    tenant_tags: list[str] | None = None
    runbook_id: str | None = None
    runbook_tags: list[str] | None = None
    form_values: dict[str, str] | None = None
    variable: str | None = None
    variables: str | None = None
    version_control_reference: SnapshotGitReference | None = None


class ProjectTrigger(Document, kw_only=True):
    space_id: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    name: str = ""
    description: str = ""
    is_disabled: bool = False
    filter: TriggerFilter
    action: TriggerAction


class SchedulesAhead(Resource, kw_only=True):
    """Filters, saved or not, of which the next times are asked."""

    filters: list[TriggerFilter]
    count: int = 5


class ScheduleAhead(Resource):
    """The next times of a filter; none where it waits for no time, or is not one that could be saved."""

    times: list[datetime]
    faults: list[str]


def _mentioned(trigger: ProjectTrigger) -> Iterator[tuple[str, str, str]]:
    """What belongs to features that build on projects."""
    action = trigger.action
    if action.runbook_id:
        yield "Action.RunbookId", "Runbooks", action.runbook_id
    for place, tenant in enumerate(action.tenant_ids or []):
        yield f"Action.TenantIds[{place}]", "Tenants", tenant


PROJECT_TRIGGERS = define(
    "ProjectTriggers",
    ProjectTrigger,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("filter_type", sa.Text, nullable=False),
    sa.Column("action_type", sa.Text, nullable=False),
    sa.Column("runbook_id", sa.Text),
    sa.Column("is_disabled", sa.Boolean, nullable=False),
    singular="trigger",
    computed={
        "filter_type": lambda trigger: trigger.filter.filter_type,
        "action_type": lambda trigger: trigger.action.action_type,
        "runbook_id": lambda trigger: trigger.action.runbook_id or None,
    },
    unique=[("project_id", "name_key")],
    indexes=[("space_id", "filter_type"), ("runbook_id",)],
    owned_by=["Projects"],
    mentions=_mentioned,
)
protect_by_columns(PROJECT_TRIGGERS, Projects="project_id")

register(
    ProjectTrigger,
    {
        "Self": "/api/{SpaceId}/projecttriggers/{Id}",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
    },
)
