"""An environment, as it is stored and sent: a stage of promotion, a parent, or one that comes and goes."""

from __future__ import annotations

from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import by_column, protect
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define

EnvironmentType = Literal["Static", "Parent", "Ephemeral"]


class AutomaticDeprovisioningRule(Resource):
    """After how long without use an ephemeral environment may go."""

    expiry_days: int = 0
    expiry_hours: int = 0


class Environment(Document):
    """One document for all types, so that whatever names an environment can name any of them.

    A parent cannot be deployed to: what is scoped to it holds in the ephemeral environments below it. Those name their
    parent, and the projects that use them.
    """

    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    sort_order: int = 0
    use_guided_failure: bool = False
    allow_dynamic_infrastructure: bool = False
    environment_tags: list[str] = []
    extension_settings: list[dict[str, object]] = []
    type: EnvironmentType = "Static"
    parent_environment_id: Annotated[str, ref("Environments")] | None = None
    automatic_deprovisioning_rule: AutomaticDeprovisioningRule | None = None
    connected_project_ids: list[str] = []


ENVIRONMENTS = define(
    "Environments",
    Environment,
    sa.Column("sort_order", sa.Integer, nullable=False),
    sa.Column("type", sa.Text, nullable=False, server_default="Static"),
    sa.Column("parent_environment_id", sa.Text),
    singular="environment",
    unique=[("name_key",), ("slug",)],
    order=("sort_order", "seq"),
    indexes=[("space_id", "type", "sort_order", "seq"), ("parent_environment_id",)],
)
protect(ENVIRONMENTS, lambda one: {"Environments": [one.id]}, {"Environments": by_column(ENVIRONMENTS.table.c.id)})

register(
    Environment,
    {
        "Self": "/api/{SpaceId}/environments/{Id}",
        "Machines": "/api/{SpaceId}/environments/{Id}/machines{?skip,take,partialName,roles,isDisabled,healthStatuses,"
        "commStyles,tenantIds,tenantTags,shellNames}",
        "SinglyScopedVariableDetails": "/api/{SpaceId}/environments/{Id}/singlyScopedVariableDetails",
        "Metadata": "/api/{SpaceId}/environments/{Id}/metadata",
    },
)
