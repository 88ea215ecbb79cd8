"""One entry of a project's state in an environment, as it is stored; only addresses are ever sent."""

from __future__ import annotations

from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.store.documents import Document, Resource, SensitiveValue, ref
from polpo.store.kinds import define


class EnvironmentState(Document, kw_only=True):
    """A sensitive one has its text in `secret`. `name` is the key, which is compared without case."""

    space_id: str = ""
    project_id: Annotated[str, ref("Projects")]
    environment_id: Annotated[str, ref("Environments")]
    tenant_id: Annotated[str, ref("Tenants")] | None = None
    name: str
    value: str = ""
    secret: SensitiveValue | None = None
    type: Literal["State", "Url"] = "State"


class EnvironmentUrl(Resource):
    name: str
    url: str


ENVIRONMENT_STATES = define(
    "EnvironmentStates",
    EnvironmentState,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("environment_id", sa.Text, nullable=False),
    sa.Column("tenant_id", sa.Text),
    singular="environment state",
    indexes=[("project_id", "environment_id", "tenant_id")],
    owned_by=["Projects", "Environments", "Tenants"],
    audited=False,
)
