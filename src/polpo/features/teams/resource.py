"""A team and the roles it is given, as stored and sent."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class NamedReferenceItem(Resource):
    """Something that another system knows, by its id there."""

    id: str = ""
    display_name: str = ""
    display_id_and_name: bool = False


class Team(Document):
    """A team without a space is a team of the whole server. What can be done to it is not for clients to set."""

    space_id: Annotated[str, ref("Spaces")] | None = None
    name: str = ""
    slug: str = ""
    description: str = ""
    member_user_ids: list[Annotated[str, ref("Users")]] = []
    external_security_groups: list[NamedReferenceItem] = []
    can_be_deleted: bool = True
    can_be_renamed: bool = True
    can_change_members: bool = True
    can_change_roles: bool = True


class ScopedUserRole(Document):
    """A role that a team holds: in a space, narrowed by the lists where they are not empty, or without a space."""

    space_id: Annotated[str, ref("Spaces")] | None = None
    team_id: Annotated[str, ref("Teams")] = ""
    user_role_id: Annotated[str, ref("UserRoles")] = ""
    project_group_ids: list[Annotated[str, ref("ProjectGroups")]] = []
    project_ids: list[Annotated[str, ref("Projects")]] = []
    environment_ids: list[Annotated[str, ref("Environments")]] = []
    tenant_ids: list[Annotated[str, ref("Tenants")]] = []


TEAMS = define(
    "Teams",
    Team,
    singular="team",
    unique=[("name_key",), ("slug",)],
    owned_by=["Spaces"],
)
SCOPED_USER_ROLES = define(
    "ScopedUserRoles",
    ScopedUserRole,
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("user_role_id", sa.Text, nullable=False),
    singular="scoped user role",
    order=("seq",),
    indexes=[("team_id", "space_id"), ("user_role_id", "space_id")],
    owned_by=["Spaces", "Teams"],
)

register(
    Team,
    {
        "Self": "/api/teams/{Id}",
        "ScopedUserRoles": "/api/teams/{Id}/scopeduserroles{?skip,take,spaces,includeSystem}",
    },
)
register(ScopedUserRole, {"Self": "/api/scopeduserroles/{Id}"})
