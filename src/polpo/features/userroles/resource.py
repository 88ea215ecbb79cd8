"""A user role and the description of a permission, as stored and sent."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define


class UserRole(Document):
    """The three lists of descriptions and restrictions follow from the permissions and are not for clients to set."""

    name: str = ""
    description: str = ""
    can_be_deleted: bool = True
    granted_space_permissions: list[str] = []
    granted_system_permissions: list[str] = []
    space_permission_descriptions: list[str] = []
    system_permission_descriptions: list[str] = []
    supported_restrictions: list[str] = []


class PermissionDescription(Resource):
    description: str = ""
    supported_restrictions: list[str] = []
    can_apply_at_space_level: bool = True
    can_apply_at_system_level: bool = False


USER_ROLES = define(
    "UserRoles",
    UserRole,
    sa.Column("can_be_deleted", sa.Boolean, nullable=False),
    singular="user role",
    unique=[("name_key",)],
)

register(UserRole, {"Self": "/api/userroles/{Id}"})
