"""Rules of user roles."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.userroles.builtin import BUILT_IN_ROLES, FIXED, BuiltInRole, permissions_of
from polpo.features.userroles.descriptions import description_of
from polpo.features.userroles.resource import USER_ROLES, UserRole
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import RESTRICTABLE_BY, Permission
from polpo.store.session import Session

#: Names that older clients still send, and what is granted for them today.
_FORMER = {"none": None, "runsystem": None, "packagemetadatapush": Permission.BUILD_INFORMATION_PUSH}
_KNOWN: dict[str, Permission | None] = {**_FORMER, **{permission.casefold(): permission for permission in Permission}}
_SCOPES = ("ProjectGroups", "Projects", "Environments", "Tenants")


def settle_role(_call: Call, role: UserRole, before: UserRole | None) -> None:
    """Permissions in their own spelling; the built-in ones stay undeletable."""
    faults: list[str] = []
    role.granted_space_permissions = _recognised(role.granted_space_permissions, "GrantedSpacePermissions", faults)
    role.granted_system_permissions = _recognised(role.granted_system_permissions, "GrantedSystemPermissions", faults)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The user role names unknown permissions.", faults)
    role.can_be_deleted = before.can_be_deleted if before else True
    if before is not None and before.id in FIXED:
        _refuse_change(role, before)
    describe(role)


def _recognised(names: Iterable[str], where: str, faults: list[str]) -> list[str]:
    granted: dict[str, None] = {}
    for name in names:
        permission = _KNOWN.get(name.casefold(), name)
        if isinstance(permission, Permission):
            granted[permission.value] = None
        elif permission is not None:
            faults.append(f"{where}: there is no permission '{name}'; /api/permissions/all lists them.")
    return list(granted)


def _refuse_change(role: UserRole, before: UserRole) -> None:
    for now, then in (
        (role.granted_space_permissions, before.granted_space_permissions),
        (role.granted_system_permissions, before.granted_system_permissions),
    ):
        if set(now) != set(then):
            sentence = f"What the role '{before.name}' grants cannot be changed; make a role of your own instead."
            raise Invalid(sentence, [sentence])


def describe(role: UserRole) -> None:
    """Fills in what follows from the permissions."""
    space = [Permission(name) for name in role.granted_space_permissions]
    system = [Permission(name) for name in role.granted_system_permissions]
    role.space_permission_descriptions = [description_of(permission) for permission in space]
    role.system_permission_descriptions = [description_of(permission) for permission in system]
    possible = {scope for permission in space for scope in RESTRICTABLE_BY.get(permission, ())}
    if possible & {"Projects"}:
        possible.add("ProjectGroups")
    role.supported_restrictions = [scope for scope in _SCOPES if scope in possible]


def refuse_built_in(_call: Call, role: UserRole) -> None:
    if not role.can_be_deleted:
        raise Conflict(f"The role '{role.name}' is built in and cannot be deleted.")


def ensure_built_in_roles(session: Session) -> None:
    """Every server has them; what people changed in them stays, but those that are fixed follow the vocabulary."""
    known = session.by_ids(USER_ROLES, [role.id for role in BUILT_IN_ROLES])
    for built_in in BUILT_IN_ROLES:
        found = known.get(built_in.id)
        if found is None:
            session.insert(USER_ROLES, _made(session, built_in))
        elif built_in.id in FIXED and _differs(found, built_in):
            found.granted_space_permissions = permissions_of(built_in.space)
            found.granted_system_permissions = permissions_of(built_in.system)
            describe(found)
            session.update(USER_ROLES, found)


def _differs(role: UserRole, built_in: BuiltInRole) -> bool:
    return (role.granted_space_permissions, role.granted_system_permissions) != (
        permissions_of(built_in.space),
        permissions_of(built_in.system),
    )


def _made(session: Session, built_in: BuiltInRole) -> UserRole:
    role = UserRole(
        id=built_in.id,
        name=built_in.name,
        description=built_in.description,
        can_be_deleted=False,
        granted_space_permissions=permissions_of(built_in.space),
        granted_system_permissions=permissions_of(built_in.system),
        last_modified_on=session.clock.now(),
        last_modified_by="system",
    )
    describe(role)
    return role
