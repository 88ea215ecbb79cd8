"""Whose templates a caller sees and fills in: what a tenant gives to a project concerns the project as well."""

from __future__ import annotations

from polpo.features.tenants.templates import Owners
from polpo.features.tenants.variables import TenantValueSet
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import PropertyValue

_EDIT = Permission.VARIABLE_EDIT

#: The owner of the template, the template, and where the value holds.
_Place = tuple[str, str, tuple[str, ...]]


def visible_owners(call: Call, owners: Owners) -> Owners:
    """Without the projects that the caller may not see: what is given to them is neither shown nor touched."""
    projects = {
        identity: owner
        for identity, owner in owners.projects.items()
        if call.may(Permission.PROJECT_VIEW, project_id=identity) or call.may(_EDIT, project_id=identity)
    }
    return Owners(projects, owners.libraries)


def require_changes(call: Call, owners: Owners, before: TenantValueSet, after: TenantValueSet) -> None:
    """Refuses unless the caller may edit the variables of each project, in each environment, where a value changed."""
    old, new = _values(before), _values(after)
    for place in old.keys() | new.keys():
        if old.get(place) != new.get(place):
            owner_id, _, environment_ids = place
            owner = owners.all.get(owner_id)
            everywhere = owner.environment_ids if owner is not None else ()
            project_id = owner_id if owner_id in owners.projects else None
            call.require(_EDIT, project_id=project_id, environment_id=environment_ids or everywhere)
    call.settle()


def _values(found: TenantValueSet) -> dict[_Place, PropertyValue]:
    return {(one.owner_id, one.template_id, tuple(one.environment_ids)): one.value for one in found.values}
