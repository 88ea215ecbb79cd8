"""A project and its deployment settings, as stored and sent."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.features.channels.resource import DeploymentActionPackage
from polpo.rest.links import register
from polpo.store.documents import Document, PropertyValue, Resource, ref
from polpo.store.kinds import define

TenantedDeploymentMode = Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"]
GuidedFailureMode = Literal["EnvironmentDefault", "Off", "On"]

DEFAULT_VERSION_TEMPLATE = "#{Octopus.Version.LastMajor}.#{Octopus.Version.LastMinor}.#{Octopus.Version.NextPatch}"


class VersioningStrategy(Resource):
    """Where the next release's version comes from: a template, or the version of one package (the donor)."""

    template: str | None = None
    donor_package: DeploymentActionPackage | None = None
    donor_package_step_id: str | None = None


class ReleaseCreationStrategy(Resource):
    channel_id: str | None = None
    release_creation_package: DeploymentActionPackage | None = None
    release_creation_package_step_id: str | None = None


class DeploymentConnectivityPolicy(Resource):
    """What a deployment does about targets that cannot be reached, and about having none."""

    allow_deployments_to_no_targets: bool = False
    exclude_unhealthy_targets: bool = False
    skip_machine_behavior: Literal["None", "SkipUnavailableMachines"] = "None"
    target_roles: list[str] = []


class AutoDeployReleaseOverride(Resource):
    environment_id: str = ""
    release_id: str = ""
    tenant_id: str | None = None


class ActionTemplateParameter(Resource):
    id: str = ""
    name: str = ""
    label: str | None = None
    help_text: str | None = None
    default_value: PropertyValue | None = None
    display_settings: dict[str, str] = {}
    allow_clear: bool = False


class ExtensionSettingsValues(Resource):
    extension_id: str = ""
    values: dict[str, object] = {}


class PersistenceSettings(Resource):
    """Where the process is kept."""

    type: Literal["Database", "VersionControlled"] = "Database"


class Icon(Resource):
    id: str = ""
    color: str = ""


class Project(Document):
    """`deployment_process_id` and `variable_set_id` are the server's.

    The fields from `versioning_strategy` on are also served as DeploymentSettings. Strategy and policy are null in
    requests only, where null means "as before"; clients leave them out when they change something else.
    """

    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    is_disabled: bool = False
    project_group_id: Annotated[str, ref("ProjectGroups")] = ""
    lifecycle_id: Annotated[str, ref("Lifecycles")] = ""
    deployment_process_id: str = ""
    variable_set_id: str = ""
    included_library_variable_set_ids: list[Annotated[str, ref("LibraryVariableSets")]] = []
    cloned_from_project_id: str | None = None
    tenanted_deployment_mode: TenantedDeploymentMode = "Untenanted"
    auto_create_release: bool = False
    discrete_channel_release: bool = False
    allow_ignore_channel_rules: bool = True
    auto_deploy_release_overrides: list[AutoDeployReleaseOverride] = []
    release_creation_strategy: ReleaseCreationStrategy = msgspec.field(default_factory=ReleaseCreationStrategy)
    templates: list[ActionTemplateParameter] = []
    extension_settings: list[ExtensionSettingsValues] = []
    project_tags: list[str] = []
    is_version_controlled: bool = False
    persistence_settings: PersistenceSettings = msgspec.field(default_factory=PersistenceSettings)
    project_template_details: dict[str, object] | None = None
    provisioning_runbook_id: str | None = None
    deprovisioning_runbook_id: str | None = None
    retain_tenant_connections: bool = False
    combine_health_and_sync_status_in_dashboard_live_status: bool = False
    execute_deployments_on_event_based_pipeline: bool | None = None
    is_badges_enabled: bool = True
    icon: Icon | None = None
    default_power_shell_edition: str = "Desktop"
    # the deployment settings
    versioning_strategy: VersioningStrategy | None = None
    project_connectivity_policy: DeploymentConnectivityPolicy | None = None
    default_guided_failure_mode: GuidedFailureMode = "EnvironmentDefault"
    default_to_skip_if_already_installed: bool = False
    force_package_download: bool = False
    fail_target_discovery: bool = False
    deployment_changes_template: str | None = None
    release_notes_template: str | None = None
    cancel_queued_tasks: bool = False
    cancel_running_tasks: bool = False


class DeploymentSettings(Document):
    """The part of a project that says how its deployments behave; kept in the project's document."""

    space_id: str = ""
    project_id: str = ""
    connectivity_policy: DeploymentConnectivityPolicy | None = None
    versioning_strategy: VersioningStrategy | None = None
    default_guided_failure_mode: GuidedFailureMode = "EnvironmentDefault"
    default_to_skip_if_already_installed: bool = False
    force_package_download: bool = False
    fail_target_discovery: bool = False
    deployment_changes_template: str | None = None
    release_notes_template: str | None = None
    cancel_queued_tasks: bool = False
    cancel_running_tasks: bool = False


class ProjectSummary(Resource):
    id: str
    space_id: str
    name: str
    slug: str
    description: str
    project_group_id: str
    is_disabled: bool
    has_deployment_process: bool
    has_runbooks: bool


PROJECTS = define(
    "Projects",
    Project,
    sa.Column("project_group_id", sa.Text, nullable=False),
    sa.Column("lifecycle_id", sa.Text, nullable=False),
    sa.Column("is_disabled", sa.Boolean, nullable=False),
    sa.Column("variable_set_id", sa.Text, nullable=False),
    sa.Column("cloned_from_project_id", sa.Text),
    singular="project",
    unique=[("name_key",), ("slug",)],
    indexes=[("space_id", "project_group_id")],
)

_SELF = "/api/{SpaceId}/projects/{Id}"

register(
    Project,
    {
        "Self": _SELF,
        "Releases": _SELF + "/releases{/version}{?skip,take,searchByVersion}",
        "Channels": _SELF + "/channels{/id}{?skip,take,partialName}",
        "OrderChannels": _SELF + "/channels/order",
        "Triggers": _SELF + "/triggers{/id}{?skip,take,partialName,triggerActionType,triggerActionCategory,runbooks}",
        "ScheduledTriggers": _SELF + "/triggers{?skip,take}",
        "Variables": "/api/{SpaceId}/variables/{VariableSetId}",
        "Progression": _SELF + "/progression{?aggregate}",
        "RunbookTaskRunDashboardItemsTemplate": _SELF + "/runbookTaskRunDashboardItems{?skip,take}",
        "DeploymentProcess": _SELF + "/deploymentprocesses",
        "DeploymentSettings": _SELF + "/deploymentsettings",
        "Web": "/app#/{SpaceId}/projects/{Id}",
        "Logo": _SELF + "/logo{?cb}",
        "Metadata": _SELF + "/metadata",
        "Runbooks": _SELF + "/runbooks{/id}{?skip,take,partialName}",
        "RunbookSnapshots": _SELF + "/runbookSnapshots{/name}{?skip,take,searchByName}",
        "Summary": _SELF + "/summary",
        "ConvertToVcs": _SELF + "/git/convert",
        "ConvertToGit": _SELF + "/git/convert",
    },
)
register(
    DeploymentSettings,
    {
        "Self": "/api/{SpaceId}/projects/{ProjectId}/deploymentsettings",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
    },
)
