"""A tenant, as it is stored and sent."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import by_column, protect
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define
from polpo.store.lines import as_lines

ProjectId = Annotated[str, ref("Projects")]
EnvironmentId = Annotated[str, ref("Environments")]


class TenantIcon(Resource):
    id: str = ""
    color: str = ""


class Tenant(Document):
    """`project_environments` says to which environments of which projects the tenant is connected."""

    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    is_disabled: bool = False
    cloned_from_tenant_id: str | None = None
    tenant_tags: list[str] = []
    project_environments: dict[ProjectId, list[EnvironmentId]] = {}
    icon: TenantIcon | None = None


class ConnectTenants(Resource):
    """Which tenants are to be connected to which environments of which projects, besides what they are connected to.

    Those with the tags are meant besides those that are named: one of each set that is given.
    """

    tenant_ids: list[str] = []
    tenant_tags: list[str] = []
    project_environments: dict[str, list[str]] = {}


class ConnectedTenants(Resource):
    """Those that were connected to something new."""

    tenant_ids: list[str]


class MultiTenancyStatus(Document):
    enabled: bool = True


class TagTest(Resource):
    """Whether a tenant passes a filter of tags; `missing_tags` are those of which it would need one."""

    is_matched: bool
    reason: str
    missing_tags: list[str]


TENANTS = define(
    "Tenants",
    Tenant,
    sa.Column("is_disabled", sa.Boolean, nullable=False),
    sa.Column("cloned_from_tenant_id", sa.Text),
    sa.Column("tag_lines", sa.Text, nullable=False),
    singular="tenant",
    computed={"tag_lines": lambda tenant: as_lines(tenant.tenant_tags)},
    unique=[("name_key",), ("slug",)],
)
protect(TENANTS, lambda tenant: {"Tenants": [tenant.id]}, {"Tenants": by_column(TENANTS.table.c.id)})

register(
    Tenant,
    {
        "Self": "/api/{SpaceId}/tenants/{Id}",
        "Variables": "/api/{SpaceId}/tenants/{Id}/variables",
        "Web": "/app#/{SpaceId}/tenants/{Id}",
        "Logo": "/api/{SpaceId}/tenants/{Id}/logo{?cb}",
    },
)
register(MultiTenancyStatus, {"Self": "/api/tenants/status"})
