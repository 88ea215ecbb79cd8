"""Tenant variables as clients read and write them, in the older form (by project and environment) and the newer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from polpo.features.projects.resource import ActionTemplateParameter
from polpo.features.tenants.resource import Tenant
from polpo.features.tenants.templates import Owners, TemplateOwner, is_sensitive, shown_template
from polpo.features.tenants.variables import (
    Missing,
    TenantValue,
    TenantValueSet,
    WantedValue,
    connected_values,
    value_in,
)
from polpo.rest.links import register
from polpo.store.documents import Document, PropertyValue, Resource, SensitiveValue

# -- the older form


class ProjectVariables(Resource):
    """`variables` are values by environment and template."""

    project_id: str = ""
    project_name: str = ""
    templates: list[ActionTemplateParameter] = []
    variables: dict[str, dict[str, PropertyValue | None]] = {}
    links: dict[str, str] = {}


class LibraryVariables(Resource):
    """`variables` are values by template."""

    library_variable_set_id: str = ""
    library_variable_set_name: str = ""
    templates: list[ActionTemplateParameter] = []
    variables: dict[str, PropertyValue | None] = {}
    links: dict[str, str] = {}


class TenantVariables(Document):
    """`concurrency_token` is told when read; a write that names another one is refused."""

    space_id: str = ""
    tenant_id: str = ""
    tenant_name: str = ""
    project_variables: dict[str, ProjectVariables] = {}
    library_variables: dict[str, LibraryVariables] = {}
    concurrency_token: str | None = None


register(TenantVariables, {"Self": "/api/{SpaceId}/tenants/{TenantId}/variables"})


def older_form(tenant: Tenant, owners: Owners, stored: TenantValueSet) -> TenantVariables:
    values = list(connected_values(stored.values, owners))
    return TenantVariables(
        id=stored.id,
        space_id=tenant.space_id,
        tenant_id=tenant.id,
        tenant_name=tenant.name,
        project_variables={one.id: _project(tenant.space_id, one, values) for one in owners.projects.values()},
        library_variables={one.id: _library(tenant.space_id, one, values) for one in owners.libraries.values()},
        concurrency_token=str(stored.version),
        last_modified_on=stored.last_modified_on,
        last_modified_by=stored.last_modified_by,
    )


def _project(space_id: str, owner: TemplateOwner, values: Sequence[TenantValue]) -> ProjectVariables:
    return ProjectVariables(
        project_id=owner.id,
        project_name=owner.name,
        templates=[shown_template(template) for template in owner.templates.values()],
        variables={place: _in_place(owner, values, place) for place in owner.environment_ids},
        links={"Project": f"/api/{space_id}/projects/{owner.id}"},
    )


def _library(space_id: str, owner: TemplateOwner, values: Sequence[TenantValue]) -> LibraryVariables:
    return LibraryVariables(
        library_variable_set_id=owner.id,
        library_variable_set_name=owner.name,
        templates=[shown_template(template) for template in owner.templates.values()],
        variables=_in_place(owner, values, ""),
        links={"LibraryVariableSet": f"/api/{space_id}/libraryvariablesets/{owner.id}"},
    )


def _in_place(owner: TemplateOwner, values: Sequence[TenantValue], place: str) -> dict[str, PropertyValue | None]:
    found = {template_id: value_in(values, owner.id, template_id, place) for template_id in owner.templates}
    return {template_id: value.value for template_id, value in found.items() if value is not None}


def wanted_projects(body: TenantVariables, owners: Owners, stored: TenantValueSet) -> list[WantedValue]:
    """A value that is the same as before in all of its environments stays one value."""
    before = list(connected_values(stored.values, owners))
    wanted: list[WantedValue] = []
    same: dict[str, list[str]] = {}
    for project_id, project in body.project_variables.items():
        for place, by_template in project.variables.items():
            for template_id, value in by_template.items():
                if value is None:
                    continue
                old = value_in(before, project_id, template_id, place)
                if old is not None and _is_same(value, old.value):
                    same.setdefault(old.id, []).append(place)
                else:
                    wanted.append(WantedValue(project_id, template_id, value, [place]))
    for old in before:
        if places := same.get(old.id):
            owner = owners.all[old.owner_id]
            covered = [
                place
                for place in owner.environment_ids
                if (held := value_in(before, owner.id, old.template_id, place)) is not None and held.id == old.id
            ]
            scope = old.environment_ids if set(covered) <= set(places) else places
            wanted.append(WantedValue(old.owner_id, old.template_id, _kept(old.value), scope, old.id))
    return wanted


def wanted_libraries(body: TenantVariables, owners: Owners, stored: TenantValueSet) -> list[WantedValue]:
    """What was scoped to environments in the newer form is not seen by the older one, and stays."""
    before = list(connected_values(stored.values, owners))
    wanted = [
        WantedValue(one.owner_id, one.template_id, _kept(one.value), one.environment_ids, one.id)
        for one in before
        if one.owner_id in owners.libraries and one.environment_ids
    ]
    for set_id, library in body.library_variables.items():
        for template_id, value in library.variables.items():
            if value is not None:
                old = value_in(before, set_id, template_id, "")
                wanted.append(WantedValue(set_id, template_id, value, [], old.id if old else ""))
    return wanted


def _is_same(value: PropertyValue, old: PropertyValue) -> bool:
    if isinstance(value, SensitiveValue) and isinstance(old, SensitiveValue):
        return value.has_value and value.new_value is None
    return value == old


def _kept(value: PropertyValue) -> PropertyValue:
    return SensitiveValue(has_value=value.has_value) if isinstance(value, SensitiveValue) else value


# -- the newer form


class VariableScopeOfTenant(Resource):
    environment_ids: list[str] = []


class TenantProjectVariable(Resource, kw_only=True):
    id: str = ""
    project_id: str
    project_name: str
    template_id: str
    template: ActionTemplateParameter
    value: PropertyValue
    scope: VariableScopeOfTenant


class TenantCommonVariable(Resource, kw_only=True):
    id: str = ""
    library_variable_set_id: str
    library_variable_set_name: str
    template_id: str
    template: ActionTemplateParameter
    value: PropertyValue
    scope: VariableScopeOfTenant


class TenantProjectVariables(Resource, kw_only=True):
    """What is missing has no id, and the default of its template as far as there is one."""

    tenant_id: str
    variables: list[TenantProjectVariable]
    missing_variables: list[TenantProjectVariable] | None = None


class TenantCommonVariables(Resource, kw_only=True):
    tenant_id: str
    variables: list[TenantCommonVariable]
    missing_variables: list[TenantCommonVariable] | None = None


class ProjectVariablePayload(Resource):
    id: str = ""
    project_id: str = ""
    template_id: str = ""
    value: PropertyValue | None = None
    scope: VariableScopeOfTenant | None = None


class CommonVariablePayload(Resource):
    id: str = ""
    library_variable_set_id: str = ""
    template_id: str = ""
    value: PropertyValue | None = None
    scope: VariableScopeOfTenant | None = None


class ModifyTenantProjectVariables(Resource):
    variables: list[ProjectVariablePayload] = []


class ModifyTenantCommonVariables(Resource):
    variables: list[CommonVariablePayload] = []


def project_form(
    tenant: Tenant, owners: Owners, stored: TenantValueSet, *, with_missing: bool
) -> TenantProjectVariables:
    found = _newer(owners, owners.projects, stored)

    def shown(value: TenantValue) -> TenantProjectVariable:
        owner = owners.projects[value.owner_id]
        return TenantProjectVariable(
            id=value.id,
            project_id=owner.id,
            project_name=owner.name,
            template_id=value.template_id,
            template=shown_template(owner.templates[value.template_id]),
            value=value.value,
            scope=VariableScopeOfTenant(value.environment_ids),
        )

    missing = [shown(one) for one in _open_places(found, owners.projects.values())] if with_missing else None
    return TenantProjectVariables(
        tenant_id=tenant.id, variables=[shown(one) for one in found], missing_variables=missing
    )


def common_form(tenant: Tenant, owners: Owners, stored: TenantValueSet, *, with_missing: bool) -> TenantCommonVariables:
    found = _newer(owners, owners.libraries, stored)

    def shown(value: TenantValue) -> TenantCommonVariable:
        owner = owners.libraries[value.owner_id]
        return TenantCommonVariable(
            id=value.id,
            library_variable_set_id=owner.id,
            library_variable_set_name=owner.name,
            template_id=value.template_id,
            template=shown_template(owner.templates[value.template_id]),
            value=value.value,
            scope=VariableScopeOfTenant(value.environment_ids),
        )

    missing = [shown(one) for one in _open_places(found, owners.libraries.values())] if with_missing else None
    return TenantCommonVariables(
        tenant_id=tenant.id, variables=[shown(one) for one in found], missing_variables=missing
    )


def _newer(owners: Owners, which: Mapping[str, TemplateOwner], stored: TenantValueSet) -> list[TenantValue]:
    return [value for value in connected_values(stored.values, owners) if value.owner_id in which]


def _open_places(values: Sequence[TenantValue], owners: Iterable[TemplateOwner]) -> Iterable[TenantValue]:
    """Templates without a value of the tenant, with the environments that have none; also where a default steps in."""
    for owner in owners:
        for template in owner.templates.values():
            given = [one for one in values if (one.owner_id, one.template_id) == (owner.id, template.id)]
            if any(not one.environment_ids for one in given):
                continue
            taken = {place for one in given for place in one.environment_ids}
            left = [place for place in owner.environment_ids if place not in taken]
            if left:
                empty = SensitiveValue() if is_sensitive(template) else ""
                yield TenantValue("", owner.id, template.id, empty, left)


def wanted_of(
    payloads: Iterable[ProjectVariablePayload] | Iterable[CommonVariablePayload],
    owner_of: Callable[[ProjectVariablePayload | CommonVariablePayload], str],
) -> list[WantedValue]:
    """A value that is null is none."""
    return [
        WantedValue(
            owner_id=owner_of(one),
            template_id=one.template_id,
            value=one.value,
            environment_ids=list(dict.fromkeys(one.scope.environment_ids)) if one.scope else [],
            id=one.id,
        )
        for one in payloads
        if one.value is not None
    ]


# -- what is missing


class MissingVariable(Resource):
    environment_id: str | None = None
    library_variable_set_id: str | None = None
    project_id: str | None = None
    variable_template_id: str = ""
    variable_template_name: str = ""
    links: dict[str, str] = {}


class TenantsMissingVariables(Resource):
    tenant_id: str
    missing_variables: list[MissingVariable] = []
    links: dict[str, str] = {}


def missing_form(missing: Missing) -> MissingVariable:
    owner = missing.owner
    return MissingVariable(
        environment_id=missing.environment_id,
        library_variable_set_id=owner.id if owner.is_library else None,
        project_id=None if owner.is_library else owner.id,
        variable_template_id=missing.template.id,
        variable_template_name=missing.template.name,
    )
