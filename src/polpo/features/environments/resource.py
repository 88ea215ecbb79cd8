"""An environment, as it is stored and sent."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document
from polpo.store.kinds import define


class Environment(Document):
    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    sort_order: int = 0
    use_guided_failure: bool = False
    allow_dynamic_infrastructure: bool = False
    environment_tags: list[str] = []
    extension_settings: list[dict[str, object]] = []


ENVIRONMENTS = define(
    "Environments",
    Environment,
    sa.Column("sort_order", sa.Integer, nullable=False),
    singular="environment",
    unique=[("name_key",), ("slug",)],
    order=("sort_order", "seq"),
)

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
