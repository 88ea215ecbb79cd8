"""A project and its deployment settings, as stored and sent."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.features.channels.resource import DeploymentActionPackage
from polpo.rest.links import register, vary
from polpo.rest.protection import by_column, protect
from polpo.store.documents import Document, PropertyValue, Resource, SensitiveValue, ref
from polpo.store.kinds import define

TenantedDeploymentMode = Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"]
GitCredentialType = Literal["Anonymous", "UsernamePassword", "Reference", "GitHub"]
Persistence = Literal["Database", "VersionControlled"]
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


def _nobody() -> GitCredentialType:
    return "Anonymous"


class ConversionState(Resource):
    variables_are_in_git: bool = False
    runbooks_are_in_git: bool = False


class ProjectGitCredential(Resource, omit_defaults=True):
    """How the server signs in to a repository: not at all, with a password of the project's own, or with one that is
    kept for several projects under an id."""

    type: GitCredentialType = msgspec.field(default_factory=_nobody)
    id: Annotated[str, ref("GitCredentials")] | None = None
    username: str | None = None
    password: SensitiveValue | None = None


def _in_database() -> Persistence:
    return "Database"


class PersistenceSettings(Resource, omit_defaults=True):
    """Where process, settings and variables are kept. All but the type belongs to projects in Git."""

    type: Persistence = msgspec.field(default_factory=_in_database)
    url: str | None = None
    default_branch: str | None = None
    base_path: str | None = None
    credentials: ProjectGitCredential | None = None
    protected_default_branch: bool | None = None
    protected_branch_name_patterns: list[str] | None = None
    conversion_state: ConversionState | None = None

    @property
    def in_git(self) -> bool:
        return self.type == "VersionControlled"

    @property
    def runbooks_in_git(self) -> bool:
        return self.in_git and self.conversion_state is not None and self.conversion_state.runbooks_are_in_git


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
protect(
    PROJECTS,
    lambda project: {"Projects": [project.id], "ProjectGroups": [project.project_group_id]},
    {"Projects": by_column(PROJECTS.table.c.id), "ProjectGroups": by_column(PROJECTS.table.c.project_group_id)},
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


def _links_by_place(project: Project) -> dict[str, str | None]:
    """A project in Git has its parts once for every branch."""
    if not project.persistence_settings.in_git:
        return {}
    at_ref = f"/api/{project.space_id}/projects/{project.id}/{{gitRef}}"
    listing = "{?skip,take,searchByName,refresh}"
    git = f"/api/{project.space_id}/projects/{project.id}/git"
    links: dict[str, str | None] = {
        "ConvertToVcs": None,
        "ConvertToGit": None,
        "DeploymentProcess": f"{at_ref}/deploymentprocesses",
        "DeploymentSettings": f"{at_ref}/deploymentsettings",
        "Variables": f"{at_ref}/variables",
        "SensitiveVariables": f"/api/{project.space_id}/variables/{project.variable_set_id}",
        "Branches": f"{git}/branches{{/name}}{listing}",
        "Tags": f"{git}/tags{{/name}}{listing}",
        "Commits": f"{git}/commits{{/hash}}{{?skip,take,refresh}}",
        "VersionControlCompatibilityReport": f"{git}/compatibility-report",
    }
    if project.persistence_settings.runbooks_in_git:
        links["Runbooks"] = f"{at_ref}/runbooks{{/id}}{{?skip,take,partialName}}"
    return links


vary(Project, _links_by_place)
register(
    DeploymentSettings,
    {
        "Self": "/api/{SpaceId}/projects/{ProjectId}/deploymentsettings",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
    },
)
