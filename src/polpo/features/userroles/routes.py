"""User roles and the vocabulary of permissions over HTTP."""

from __future__ import annotations

from polpo.features.rights.administration import require_for_permissions
from polpo.features.userroles.descriptions import described
from polpo.features.userroles.resource import USER_ROLES, PermissionDescription, UserRole
from polpo.features.userroles.service import refuse_built_in, settle_role
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("userroles", scope="system")


def _prepare(call: Call, role: UserRole, before: UserRole | None) -> None:
    """A role that somebody holds shall not become one of administrators, nor cease to be one, by a lesser right."""
    settle_role(call, role, before)
    earlier = before.granted_system_permissions if before else []
    require_for_permissions(call, set(role.granted_system_permissions) ^ set(earlier))


user_roles = Collection(
    USER_ROLES,
    "/userroles",
    view=Permission.USER_ROLE_VIEW,
    create=Permission.USER_ROLE_EDIT,
    edit=Permission.USER_ROLE_EDIT,
    delete=Permission.USER_ROLE_EDIT,
    prepare=_prepare,
    removing=refuse_built_in,
    scope="system",
)
user_roles.register(routes)


@routes.get("/permissions/all", "signed in")
def permissions(_call: Call) -> dict[str, PermissionDescription]:
    """Every permission by name: what it allows, at which level, and by what a grant can be narrowed"""
    return {permission.value: described(permission) for permission in Permission}
