"""A step template and its versions, as stored and sent, and what is told about their use."""

from __future__ import annotations

from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.features.processes.resource import GitDependency, PackageReference
from polpo.features.projects.resource import ActionTemplateParameter
from polpo.rest.links import register
from polpo.store.documents import Document, PropertyValue, Resource, ref
from polpo.store.kinds import define

UsedBy = Literal["ProjectVersionStrategy", "ProjectReleaseCreationStrategy", "ChannelRule"]


class ActionTemplate(Document):
    """`version` counts the saves. What comes from the community also knows of which of its versions."""

    space_id: str = ""
    name: str = ""
    description: str = ""
    action_type: str = ""
    version: int = 0
    community_action_template_id: str | None = None
    community_action_template_version: int | None = None
    packages: list[PackageReference] = []
    git_dependencies: list[GitDependency] = []
    properties: dict[str, PropertyValue] = {}
    parameters: list[ActionTemplateParameter] = []
    inputs: dict[str, object] | None = None
    step_package_version: str | None = None


class ActionTemplateVersion(Document, kw_only=True):
    """A template as it was saved once."""

    space_id: str = ""
    template_id: Annotated[str, ref("ActionTemplates")]
    version: int
    template: ActionTemplate


class ActionTemplateCategory(Resource):
    id: str
    name: str
    display_order: int
    links: dict[str, str] = {}


class ActionTemplateSearch(Resource):
    """A kind of step that a process can be given: one of this server, a template of the space, or of the community."""

    id: str | None
    name: str
    type: str
    description: str
    category: str
    categories: list[str]
    author: str | None = None
    keywords: str | None = None
    website: str | None = None
    version: str | None = None
    features: list[str] = []
    community_action_template_id: str | None = None
    space_id: str | None = None
    has_update: bool = False
    is_built_in: bool = False
    is_installed: bool = True
    links: dict[str, str] = {}


class ActionTemplateUsage(Resource):
    """A step that was made from a template, and the version that it is at."""

    id: str
    action_template_id: str
    version: str
    process_type: Literal["Deployment", "Runbook"]
    process_id: str
    deployment_process_id: str
    project_id: str
    project_name: str
    project_slug: str
    step_id: str
    step_name: str
    action_id: str
    action_name: str
    runbook_id: str | None = None
    runbook_name: str | None = None
    branch: str | None = None
    release: str | None = None
    links: dict[str, str] = {}


class ActionsUpdateProcess(Resource):
    process_id: str = ""
    process_type: Literal["Deployment", "Runbook"] = "Deployment"
    action_ids: list[str] = []
    git_ref: str | None = None


class ActionsUpdate(Resource):
    """Which steps are to be taken to which version. `overrides` decide where both the step and the template changed."""

    version: int | None = None
    actions_to_update: list[ActionsUpdateProcess] = []
    action_ids_by_process_id: dict[str, list[str]] = {}
    default_property_values: dict[str, PropertyValue] = {}
    overrides: dict[str, PropertyValue] = {}


class ActionUpdateRemovedPackageUsage(Resource):
    package_reference: str
    used_by: UsedBy
    used_by_id: str
    used_by_name: str


class ActionUpdateResult(Resource):
    """`id` is the action's."""

    id: str
    outcome: Literal["Success", "ManualMergeRequired", "DefaultParamterValueMissing", "RemovedPackageInUse"] = "Success"
    manual_merge_required_reasons_by_property_name: dict[str, list[str]] = {}
    names_of_new_parameters_missing_default_value: list[str] = []
    removed_package_usages: list[ActionUpdateRemovedPackageUsage] = []
    links: dict[str, str] = {}


class CommunityActionTemplate(Document):
    """A template of the community, read from a file. `external_id` is the id that the file gives."""

    external_id: str = ""
    name: str = ""
    description: str = ""
    type: str = ""
    action_type: str = ""
    author: str = ""
    category: str = ""
    website: str = ""
    history_url: str = ""
    version: int = 0
    packages: list[PackageReference] = []
    properties: dict[str, PropertyValue] = {}
    parameters: list[ActionTemplateParameter] = []
    inputs: dict[str, object] | None = None
    step_package_version: str | None = None


ACTION_TEMPLATES = define(
    "ActionTemplates",
    ActionTemplate,
    sa.Column("action_type", sa.Text, nullable=False),
    sa.Column("community_action_template_id", sa.Text),
    singular="step template",
    unique=[("name_key",)],
    indexes=[("space_id", "community_action_template_id")],
)
ACTION_TEMPLATE_VERSIONS = define(
    "ActionTemplateVersions",
    ActionTemplateVersion,
    sa.Column("template_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    singular="version of a step template",
    audited=False,  # the change of the template itself is told
    unique=[("template_id", "version")],
    order=("version",),
    owned_by=["ActionTemplates"],
)

_SELF = "/api/{SpaceId}/actiontemplates/{Id}"
_COMMUNITY = "/api/communityactiontemplates/{Id}"

register(
    ActionTemplate,
    {
        "Self": _SELF,
        "Usage": _SELF + "/usage",
        "Versions": _SELF + "/versions/{version}",
        "Logo": _SELF + "/logo{?cb}",
        "ActionsUpdate": _SELF + "/actionsUpdate",
    },
)
register(
    CommunityActionTemplate,
    {
        "Self": _COMMUNITY,
        "Logo": _COMMUNITY + "/logo",
        "Installation": _COMMUNITY + "/installation{/spaceId}",
        "InstalledTemplate": _COMMUNITY + "/actiontemplate{/spaceId}",
    },
)
