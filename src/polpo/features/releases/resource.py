"""A release, as stored and sent, and the command that creates one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.features.buildinformation.resource import ReleasePackageVersionBuildInformation
from polpo.features.projects.resource import DeploymentSettings
from polpo.features.variables.resource import VariableScope
from polpo.languages.versions import OctopusVersion
from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class SelectedPackage(Resource):
    """The version of one package: by action and package reference name (empty for the primary package)."""

    action_name: str = ""
    package_reference_name: str | None = ""
    step_name: str | None = None
    version: str = ""


class SnapshotGitReference(Resource):
    git_ref: str | None = None
    git_commit: str | None = None
    variables_git_commit: str | None = None


class SelectedGitResource(Resource):
    action_name: str = ""
    git_resource_reference_name: str | None = None
    git_reference_resource: SnapshotGitReference | None = None


class Release(Document):
    """Process and variables are snapshots made when it was created; only variables can be taken anew.

    `deployment_settings` are those of its commit, for a project in Git; others have theirs in the project.
    `created_by_id` is the user with whose rights it deploys releases of other projects where a lifecycle deploys it;
    empty where the server made it, or an older version of the server was asked to.
    """

    space_id: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    channel_id: Annotated[str, ref("Channels")] = ""
    version: str = ""
    release_notes: str | None = None
    assembled: datetime | None = None
    project_variable_set_snapshot_id: str = ""
    project_deployment_process_snapshot_id: str = ""
    library_variable_set_snapshot_ids: list[Annotated[str, ref("VariableSets")]] = []
    selected_packages: list[SelectedPackage] = []
    selected_git_resources: list[SelectedGitResource] = []
    build_information: list[ReleasePackageVersionBuildInformation] = []
    custom_fields: dict[str, str] = {}
    version_control_reference: SnapshotGitReference | None = None
    deployment_settings: DeploymentSettings | None = None
    ignore_channel_rules: bool = False
    created_by_id: str = ""


class CreateReleaseCommandV1(Resource):
    """Objects are named by id, slug or name. `packages` holds texts such as `Step:1.0.0` or `Package:1.0.0`."""

    project_name: str = ""
    channel_name: str | None = None
    release_version: str | None = None
    release_notes: str | None = None
    package_version: str | None = None
    packages: list[str] = []
    package_prerelease: str | None = None
    git_ref: str | None = None
    git_commit: str | None = None
    git_resources: list[str] = []
    ignore_if_already_exists: bool = False
    ignore_channel_rules: bool = False
    custom_fields: dict[str, str] = {}


class CreateReleaseResponseV1(Resource):
    release_id: str
    release_version: str
    automatically_deployed_environments: str | None = None


class CreateReleaseDefectCommand(Resource):
    description: str = ""


class MissingPackageInfo(Resource):
    id: str
    version: str


class MissingPackages(Resource):
    packages: list[MissingPackageInfo]


class VariableIdentifier(Resource):
    name: str = ""


class SnapshotVariablesByNameCommand(Resource):
    variables: list[VariableIdentifier] = []


class VariableDifference(Resource):
    """A value that came, went or became another one, by name and scope; the texts of secrets are never told."""

    owner_id: str
    owner_name: str
    name: str
    scope: VariableScope
    change: Literal["Added", "Removed", "Changed"]
    is_sensitive: bool
    before: str | None
    after: str | None


class VariableDifferences(Resource):
    """What a release would get if its variables were taken anew."""

    release_id: str
    is_modified: bool
    differences: list[VariableDifference]


class Defect(Document):
    """Why a release must not be promoted further. Kept with its release; blocks until resolved."""

    space_id: str = ""
    release_id: Annotated[str, ref("Releases")] = ""
    description: str = ""
    status: Literal["Unresolved", "Resolved"] = "Unresolved"


class NextVersion(Resource):
    """The version that a template gives."""

    version: str


RELEASES = define(
    "Releases",
    Release,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("channel_id", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("version_key", sa.Text, nullable=False),
    sa.Column("sort_key", sa.Text, nullable=False),
    sa.Column("assembled", sa.DateTime(timezone=True), nullable=False),
    sa.Column("project_variable_set_snapshot_id", sa.Text, nullable=False),
    sa.Column("project_deployment_process_snapshot_id", sa.Text, nullable=False),
    singular="release",
    computed={
        "version_key": lambda release: release.version.casefold(),
        "sort_key": lambda release: OctopusVersion.parse(release.version).sort_key,
    },
    unique=[("project_id", "version_key")],
    order=("seq",),
    indexes=[("project_id", "seq"), ("channel_id", "seq"), ("project_id", "sort_key"), ("channel_id", "sort_key")],
    owned_by=["Projects"],
)
protect_by_columns(RELEASES, Projects="project_id")
DEFECTS = define(
    "Defects",
    Defect,
    sa.Column("release_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    singular="defect",
    order=("seq",),
    indexes=[("release_id", "status")],
    owned_by=["Releases"],
)

_SELF = "/api/{SpaceId}/releases/{Id}"

register(
    Release,
    {
        "Self": _SELF,
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "Progression": _SELF + "/progression",
        "Deployments": _SELF + "/deployments{?skip,take}",
        "DeploymentTemplate": _SELF + "/deployments/template",
        "DeploymentPreviews": _SELF + "/deployments/previews",
        "Artifacts": "/api/{SpaceId}/artifacts?regarding={Id}",
        "Channel": "/api/{SpaceId}/channels/{ChannelId}",
        "ProjectVariableSnapshot": "/api/{SpaceId}/variables/{ProjectVariableSetSnapshotId}",
        "ProjectDeploymentProcessSnapshot": "/api/{SpaceId}/deploymentprocesses/{ProjectDeploymentProcessSnapshotId}",
        "SnapshotVariables": _SELF + "/snapshot-variables",
        "VariableDifference": _SELF + "/variables/difference",
        "Defects": _SELF + "/defects",
        "ReportDefect": _SELF + "/defects",
        "ResolveDefect": _SELF + "/defects/resolve",
        "Web": "/app#/releases/{Id}",
    },
)
