"""The set of a user's permissions, and memberships, as sent. None of it is stored: it follows from teams and roles."""

from __future__ import annotations

import msgspec

from polpo.features.teams.resource import NamedReferenceItem
from polpo.rest.links import register
from polpo.store.documents import Document, Resource


class UserPermissionRestriction(Resource):
    """One grant: in a space, and for what; an empty list narrows nothing."""

    space_id: str = ""
    restricted_to_project_ids: list[str] = []
    restricted_to_project_group_ids: list[str] = []
    restricted_to_environment_ids: list[str] = []
    restricted_to_tenant_ids: list[str] = []


class ProjectedTeamReferenceDataItem(Resource):
    """A team that the user belongs to."""

    id: str = ""
    name: str = ""
    space_id: str | None = None
    is_directly_assigned: bool = True
    external_group_names: list[str] = []
    external_security_groups: list[NamedReferenceItem] = []


class UserPermissionSet(Document):
    """`id` is the user's. The complete flags say that nothing was left out because the reader may not see it."""

    space_permissions: dict[str, list[UserPermissionRestriction]] = msgspec.field(default_factory=dict)
    system_permissions: list[str] = []
    teams: list[ProjectedTeamReferenceDataItem] = []
    is_permissions_complete: bool = True
    is_teams_complete: bool = True


class TeamName(Document):
    name: str = ""


class TeamMembership(Resource):
    user_id: str = ""
    team_id: str = ""
    team_name: str = ""
    space_id: str | None = None
    is_directly_assigned: bool = True
    external_security_groups: list[NamedReferenceItem] = []


register(
    UserPermissionSet,
    {
        "Self": "/api/users/{Id}/permissions",
        "User": "/api/users/{Id}",
        "Export": "/api/users/{Id}/permissions/export{?spaces,includeSystem}",
    },
)
register(TeamName, {"Self": "/api/teams/{Id}"})
