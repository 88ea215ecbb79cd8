"""Processes with their steps and actions, as stored and sent; a snapshot is a document of the same kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, PropertyValue, Resource, ref
from polpo.store.kinds import define

EnvironmentId = Annotated[str, ref("Environments")]
#: The property that says which step template an action was made from, and in which version of it.
TEMPLATE_ID = "Octopus.Action.Template.Id"
TEMPLATE_VERSION = "Octopus.Action.Template.Version"

ChannelId = Annotated[str, ref("Channels")]


class PackageReference(Resource):
    """A package that an action uses. The one with an empty name is the primary package.

    `feed_id` and `package_id` may hold `#{…}`; then the version cannot be looked up before the deployment.
    """

    id: str = ""
    name: str | None = ""
    package_id: str = ""
    feed_id: str = ""
    acquisition_location: str = "Server"
    version: str | None = None
    properties: dict[str, str] = {}
    step_package_inputs_reference_id: str | None = None


class GitDependency(Resource):
    name: str = ""
    repository_uri: str = ""
    default_branch: str = ""
    git_credential_type: str = ""
    git_credential_id: str | None = None
    git_hub_connection_id: str | None = None
    file_path_filters: list[str] = []
    step_package_inputs_reference_id: str | None = None


class DeploymentActionContainer(Resource):
    image: str | None = None
    feed_id: str | None = None
    git_url: str | None = None
    dockerfile: str | None = None


class DeploymentAction(Resource):
    """What one step does. `environments`, `excluded_environments`, `channels` and `tenant_tags` narrow where it runs;
    empty means everywhere."""

    id: str = ""
    name: str = ""
    slug: str = ""
    action_type: str = ""
    notes: str | None = None
    is_disabled: bool = False
    is_required: bool = False
    can_be_used_for_project_versioning: bool = False
    condition: Literal["Success", "Variable"] = "Success"
    container: DeploymentActionContainer = msgspec.field(default_factory=DeploymentActionContainer)
    environments: list[EnvironmentId] = []
    excluded_environments: list[EnvironmentId] = []
    channels: list[ChannelId] = []
    tenant_tags: list[str] = []
    packages: list[PackageReference] = []
    git_dependencies: list[GitDependency] = []
    worker_pool_id: str | None = None
    worker_pool_variable: str | None = None
    properties: dict[str, PropertyValue] = {}
    inputs: dict[str, object] | None = None
    step_package_version: str | None = None


class DeploymentStep(Resource):
    """One or more actions that run in turn on each target. `properties` holds the target tags and the window size."""

    id: str = ""
    name: str = ""
    slug: str = ""
    condition: Literal["Success", "Failure", "Always", "Variable"] = "Success"
    start_trigger: Literal["StartAfterPrevious", "StartWithPrevious"] = "StartAfterPrevious"
    package_requirement: Literal["LetOctopusDecide", "BeforePackageAcquisition", "AfterPackageAcquisition"] = (
        "LetOctopusDecide"
    )
    properties: dict[str, PropertyValue] = {}
    actions: list[DeploymentAction] = []


class Process(Document):
    """What a deployment or a runbook does. `version` is the concurrency token: a write names the one it came from."""

    space_id: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    version: int = 0
    last_snapshot_id: str | None = None
    steps: list[DeploymentStep] = []


class DeploymentProcess(Process):
    """What a deployment of the project does."""


class ReleaseTemplatePackage(Resource):
    """A package of which a new release needs a version. `is_resolvable`: feed and package are known by now."""

    action_name: str
    package_reference_name: str
    package_id: str
    feed_id: str
    feed_name: str
    step_name: str
    is_resolvable: bool
    fixed_version: str | None = None
    version_selected_last_release: str | None = None
    project_name: str | None = None
    nu_get_package_id: str = msgspec.field(default="", name="NuGetPackageId")
    nu_get_feed_id: str = msgspec.field(default="", name="NuGetFeedId")
    nu_get_feed_name: str = msgspec.field(default="", name="NuGetFeedName")


class GitReferenceChosen(Resource):
    git_ref: str | None = None
    git_commit: str | None = None


class ReleaseTemplateGit(Resource):
    """A repository from which a step takes files: a new release fixes a branch, tag or commit of it.

    `git_resource_selected_last_release` is the branch, tag or commit that the release before took.
    """

    action_name: str
    name: str
    repository_uri: str
    default_branch: str
    file_path_filters: list[str] = []
    is_resolvable: bool = True
    git_credential_id: str | None = None
    git_hub_connection_id: str | None = None
    git_resource_selected_last_release: GitReferenceChosen | None = None


class ReleaseTemplate(Resource):
    """What a form for a new release shows."""

    deployment_process_id: str
    last_release_version: str | None = None
    next_version_increment: str = ""
    versioning_package_step_name: str | None = None
    versioning_package_reference_name: str | None = None
    packages: list[ReleaseTemplatePackage] = []
    git_resources: list[ReleaseTemplateGit] = []
    links: dict[str, str] = {}


def process_id_of(project_id: str) -> str:
    return f"deploymentprocess-{project_id}"


def mentioned_in(process: Process) -> Iterator[tuple[str, str, str]]:
    """The step templates that actions were made from, and the feeds, pools and credentials that they name by id."""
    for action in (action for step in process.steps for action in step.actions):
        template = action.properties.get(TEMPLATE_ID)
        if isinstance(template, str) and template:
            yield f"Action[{action.id}].Template", "ActionTemplates", template
        for package in action.packages:
            if package.feed_id and "#{" not in package.feed_id:
                yield f"Action[{action.id}].Package[{package.name or ''}]", "Feeds", package.feed_id
        if action.container.feed_id:
            yield f"Action[{action.id}].Container", "Feeds", action.container.feed_id
        if action.worker_pool_id:
            yield f"Action[{action.id}].WorkerPoolId", "WorkerPools", action.worker_pool_id
        for dependency in action.git_dependencies:
            if dependency.git_credential_id:
                place = f"Action[{action.id}].GitDependency[{dependency.name or ''}]"
                yield place, "GitCredentials", dependency.git_credential_id


def _is_snapshot(process: DeploymentProcess) -> bool:
    return process.id != process_id_of(process.project_id)


DEPLOYMENT_PROCESSES = define(
    "DeploymentProcesses",
    DeploymentProcess,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_snapshot", sa.Boolean, nullable=False),
    singular="deployment process",
    computed={"is_snapshot": _is_snapshot},
    order=("seq", "id"),
    indexes=[("project_id", "is_snapshot", "version")],
    owned_by=["Projects"],
    mentions=mentioned_in,
)
protect_by_columns(DEPLOYMENT_PROCESSES, Projects="project_id")

register(
    DeploymentProcess,
    {
        "Self": "/api/{SpaceId}/projects/{ProjectId}/deploymentprocesses",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "Template": "/api/{SpaceId}/projects/{ProjectId}/deploymentprocesses/template{?channel,releaseId}",
        "Validation": "/api/{SpaceId}/projects/{ProjectId}/deploymentprocesses/validate",
    },
)
