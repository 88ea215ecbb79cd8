"""A feature toggle and a rollout group, as stored and sent."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class FeatureToggleEnvironment(Resource):
    """What holds in one environment. Percentages say for how many it is on; tenants, tags and segments, for whom."""

    deployment_environment_id: Annotated[str, ref("Environments")] = ""
    feature_toggle_id: str = ""
    is_enabled: bool = False
    rollout_percentage: float = 100
    client_rollout_percentage: float = 100
    minimum_version: str | None = None
    tenant_ids: list[Annotated[str, ref("Tenants")]] = []
    excluded_tenant_ids: list[Annotated[str, ref("Tenants")]] = []
    tenant_tags: list[str] = []
    excluded_tenant_tags: list[str] = []
    segments: list[dict[str, Any]] = []


class FeatureToggle(Document):
    """`default_is_enabled` holds where no environment says otherwise."""

    space_id: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    name: str = ""
    slug: str = ""
    description: str | None = None
    default_is_enabled: bool = False
    rollout_group_id: Annotated[str, ref("RolloutGroups")] | None = None
    tags: list[str] = []
    environments: list[FeatureToggleEnvironment] = []


class RolloutGroup(Document):
    """Toggles that are rolled out to the same people together. `feature_toggle_usages` is the server's to tell."""

    space_id: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    name: str = ""
    feature_toggle_usages: list[dict[str, Any]] = []


def marked(tags: list[str]) -> str:
    """Tags as one text in which each can be looked for as a whole."""
    return "".join(f"\n{tag.casefold()}\n" for tag in tags)


ROLLOUT_GROUPS = define(
    "RolloutGroups",
    RolloutGroup,
    sa.Column("project_id", sa.Text, nullable=False),
    singular="rollout group",
    unique=[("project_id", "name_key")],
    owned_by=["Projects"],
)
protect_by_columns(ROLLOUT_GROUPS, Projects="project_id")

FEATURE_TOGGLES = define(
    "FeatureToggles",
    FeatureToggle,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("rollout_group_id", sa.Text),
    sa.Column("marked_tags", sa.Text, nullable=False),
    singular="feature toggle",
    computed={"marked_tags": lambda toggle: marked(toggle.tags)},
    unique=[("project_id", "name_key"), ("project_id", "slug")],
    indexes=[("rollout_group_id",)],
    owned_by=["Projects"],
)
protect_by_columns(FEATURE_TOGGLES, Projects="project_id")

_SELF = "/api/{SpaceId}/projects/{ProjectId}/featuretoggles"
register(FeatureToggle, {"Self": _SELF + "/{Slug}", "Project": "/api/{SpaceId}/projects/{ProjectId}"})
register(RolloutGroup, {"Self": _SELF + "/rollout-groups/{Id}", "Project": "/api/{SpaceId}/projects/{ProjectId}"})
