"""A channel and its version rules, as stored and sent."""

from __future__ import annotations

from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class DeploymentActionPackage(Resource):
    """A package of a step: the action's name and the package reference's name (empty for the primary package)."""

    deployment_action: str = ""
    package_reference: str | None = ""


class ChannelVersionRule(Resource):
    """Packages that must lie in a version interval and whose pre-release tag must match an expression."""

    id: str = ""
    action_packages: list[DeploymentActionPackage] = []
    tag: str = ""
    version_range: str = ""
    version_tag_regex: str | None = None
    versioning_strategy: str | None = None


class DeploymentActionGitDependency(Resource):
    deployment_action_slug: str = ""
    git_dependency_name: str = ""


class ChannelGitResourceRule(Resource):
    id: str = ""
    git_dependency_actions: list[DeploymentActionGitDependency] = []
    rules: list[str] = []


class ChannelCustomFieldDefinition(Resource):
    field_name: str = ""
    description: str = ""


class ChannelVersionRuleTest(Resource):
    version: str = ""
    version_range: str = ""
    pre_release_tag: str = ""
    feed_type: str = "BuiltIn"


class ChannelVersionsTest(Resource):
    """One rule and many versions, such as those of a feed."""

    versions: list[str] = []
    version_range: str = ""
    pre_release_tag: str = ""
    feed_type: str = "BuiltIn"


class TestedVersion(Resource):
    version: str
    satisfies_version_range: bool
    satisfies_pre_release_tag: bool
    errors: list[str]


class VersionRuleTestResponse(Resource):
    satisfies_version_range: bool
    satisfies_pre_release_tag: bool
    errors: list[str]


class Channel(Document):
    """Without a lifecycle of its own it follows the project's."""

    space_id: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    is_default: bool = False
    type: Literal["Lifecycle", "EphemeralEnvironment"] = "Lifecycle"
    lifecycle_id: Annotated[str, ref("Lifecycles")] | None = None
    rules: list[ChannelVersionRule] = []
    git_reference_rules: list[str] = []
    git_resource_rules: list[ChannelGitResourceRule] = []
    tenant_tags: list[str] = []
    custom_field_definitions: list[ChannelCustomFieldDefinition] = []
    parent_environment_id: Annotated[str, ref("Environments")] | None = None
    ephemeral_environment_name_template: str | None = None
    automatic_ephemeral_environment_deployments: bool = False


CHANNELS = define(
    "Channels",
    Channel,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("is_default", sa.Boolean, nullable=False),
    sa.Column("lifecycle_id", sa.Text),
    singular="channel",
    unique=[("project_id", "name_key"), ("project_id", "slug")],
    owned_by=["Projects"],
)
protect_by_columns(CHANNELS, Projects="project_id")

register(
    Channel,
    {
        "Self": "/api/{SpaceId}/channels/{Id}",
        "Releases": "/api/{SpaceId}/channels/{Id}/releases{/version}{?skip,take,searchByVersion}",
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "Projects": "/api/{SpaceId}/projects/{ProjectId}",
        "Lifecycle": "/api/{SpaceId}/lifecycles/{LifecycleId}",
    },
)
