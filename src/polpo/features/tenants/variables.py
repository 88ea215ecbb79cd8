"""The values that tenants give to templates: where they are kept, which one holds where, and which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
import sqlalchemy as sa

from polpo.features.projects.resource import ActionTemplateParameter
from polpo.features.tenants.resource import Tenant
from polpo.features.tenants.templates import Owners, TemplateOwner, control_of, is_sensitive, needs_value, templates_for
from polpo.kernel.errors import Invalid
from polpo.store.documents import Document, PropertyValue, Resource, SensitiveValue, ref
from polpo.store.kinds import define
from polpo.store.session import Session


class TenantValue(Resource):
    """A value for one template of a project or library set; without environments it holds in all of them."""

    id: str = ""
    owner_id: str = ""
    template_id: str = ""
    value: PropertyValue = ""
    environment_ids: list[str] = []


class TenantValueSet(Document):
    """All that one tenant gives. `version` goes up with each write."""

    space_id: str = ""
    tenant_id: Annotated[str, ref("Tenants")] = ""
    version: int = 0
    values: list[TenantValue] = []


TENANT_VALUE_SETS = define(
    "TenantValueSets",
    TenantValueSet,
    sa.Column("tenant_id", sa.Text, nullable=False),
    singular="set of tenant variables",
    order=("seq",),
    indexes=[("tenant_id",)],
    owned_by=["Tenants"],
)


def values_of(session: Session, tenant: Tenant) -> TenantValueSet:
    """What the tenant gives; empty as long as it gave nothing."""
    return values_of_tenants(session, [tenant])[tenant.id]


def values_of_tenants(session: Session, tenants: Sequence[Tenant]) -> dict[str, TenantValueSet]:
    found = {
        one.tenant_id: one
        for one in session.all(
            TENANT_VALUE_SETS, TENANT_VALUE_SETS.table.c.tenant_id.in_([tenant.id for tenant in tenants])
        )
    }
    return {tenant.id: found.get(tenant.id) or _empty(tenant) for tenant in tenants}


def _empty(tenant: Tenant) -> TenantValueSet:
    return TenantValueSet(id=f"tenantvariables-{tenant.id}", space_id=tenant.space_id, tenant_id=tenant.id)


# -- which value holds


def connected_values(values: Iterable[TenantValue], owners: Owners) -> Iterator[TenantValue]:
    """Without what is for templates that are gone or places that the tenant is not connected to; those may return."""
    for value in values:
        owner = owners.all.get(value.owner_id)
        if owner is None or value.template_id not in owner.templates:
            continue
        places = [one for one in value.environment_ids if one in owner.environment_ids]
        if places or not value.environment_ids:
            yield msgspec.structs.replace(value, environment_ids=places)


def value_in(values: Iterable[TenantValue], owner_id: str, template_id: str, environment_id: str) -> TenantValue | None:
    """The value for the environment, else the one without environments."""
    everywhere = None
    for value in values:
        if (value.owner_id, value.template_id) == (owner_id, template_id):
            if environment_id in value.environment_ids:
                return value
            if not value.environment_ids:
                everywhere = value
    return everywhere


def is_filled(value: PropertyValue | None) -> bool:
    return value.has_value if isinstance(value, SensitiveValue) else bool(value)


def _lacks(template: ActionTemplateParameter, value: TenantValue | None) -> bool:
    if not needs_value(template):
        return False
    return not is_filled(value.value if value else template.default_value)


@dataclass(frozen=True)
class Missing:
    """A template that has no value in an environment, nor a default; of a library set: in all of them."""

    owner: TemplateOwner
    template: ActionTemplateParameter
    environment_id: str | None


def missing_values(values: Sequence[TenantValue], owners: Owners) -> Iterator[Missing]:
    for owner in owners:
        for template in owner.templates.values():
            lacking = [
                place
                for place in owner.environment_ids
                if _lacks(template, value_in(values, owner.id, template.id, place))
            ]
            if owner.is_library and lacking and len(lacking) == len(owner.environment_ids):
                yield Missing(owner, template, None)
            else:
                yield from (Missing(owner, template, place) for place in lacking)


@dataclass(frozen=True)
class GivenValue:
    """What a deployment takes from a template: the tenant's value, else the template's own.

    `control` is how the template asks for it, which tells an id from a text.
    """

    name: str
    value: PropertyValue
    is_library: bool
    is_sensitive: bool
    environment_ids: list[str]
    control: str


@dataclass(frozen=True)
class GivenValues:
    """All templates of a project as a tenant has them in one environment; `missing` are the labels of the unfilled."""

    values: list[GivenValue]
    missing: list[str]


def given_values(session: Session, tenant: Tenant, project_id: str, environment_id: str) -> GivenValues:
    """As things are now: what tenants give is not frozen with a release."""
    alone = msgspec.structs.replace(tenant, project_environments={project_id: [environment_id]})
    owners = templates_for(session, [alone]).owners(alone)
    stored = values_of(session, tenant).values
    given, missing = [], []
    for owner in owners:
        for template in owner.templates.values():
            own = value_in(stored, owner.id, template.id, environment_id)
            if _lacks(template, own):
                missing.append(f"{template.label or template.name} ({owner.name})")
                continue
            value = own.value if own else template.default_value
            if value is not None:
                is_secret = isinstance(value, SensitiveValue)
                control = control_of(template)
                given.append(GivenValue(template.name, value, owner.is_library, is_secret, [environment_id], control))
    return GivenValues(given, missing)


# -- writing


class WantedValue(Resource):
    """A value as a client gives it, whichever form it speaks."""

    owner_id: str
    template_id: str
    value: PropertyValue
    environment_ids: list[str] = []
    id: str = ""


def replace_values(
    session: Session, tenant: Tenant, owners: Mapping[str, TemplateOwner], wanted: Sequence[WantedValue], kind: str
) -> TenantValueSet:
    """Gives the tenant these values for the owners, instead of those that it had. `kind` names an owner in sentences.

    What lies in places that the tenant is not connected to now stays, to be there when it is connected again.
    """
    stored = values_of(session, tenant)
    if faults := list(_faults(wanted, owners, kind)):
        raise Invalid(faults[0] if len(faults) == 1 else "The variables of the tenant cannot be saved.", faults)
    before = {value.id: value for value in stored.values}
    visible = {value.id for value in connected_values(stored.values, Owners(owners, {}))}
    kept = [value for value in stored.values if value.id not in visible]
    taken = {value.id for value in kept}
    made = []
    for one in wanted:
        identity = one.id if one.id in before and one.id not in taken else session.new_id("TenantVariables")[0]
        taken.add(identity)
        template = owners[one.owner_id].templates[one.template_id]
        value = _settled(template, one, before.get(one.id) or _same_place(stored.values, one))
        made.append(TenantValue(identity, one.owner_id, one.template_id, value, list(one.environment_ids)))
    return _saved(session, msgspec.structs.replace(stored, values=[*kept, *made], version=stored.version + 1))


def copy_values(session: Session, source: Tenant, clone: Tenant) -> None:
    """Gives a new tenant what its source gives, secrets too."""
    stored = values_of(session, source)
    if stored.values:
        fresh = [msgspec.structs.replace(value, id=session.new_id("TenantVariables")[0]) for value in stored.values]
        _saved(session, msgspec.structs.replace(_empty(clone), values=fresh, version=1))


def forget_project(session: Session, project_id: str, tenants: Sequence[Tenant]) -> None:
    """Drops the values for the templates of a project that goes."""
    for stored in values_of_tenants(session, tenants).values():
        left = [value for value in stored.values if value.owner_id != project_id]
        if len(left) < len(stored.values):
            _saved(session, msgspec.structs.replace(stored, values=left, version=stored.version + 1))


def _saved(session: Session, values: TenantValueSet) -> TenantValueSet:
    is_new = session.find(TENANT_VALUE_SETS, values.id) is None
    return (session.insert if is_new else session.update)(TENANT_VALUE_SETS, values)


def _faults(wanted: Sequence[WantedValue], owners: Mapping[str, TemplateOwner], kind: str) -> Iterator[str]:
    seen: dict[tuple[str, str], list[set[str]]] = {}
    for one in wanted:
        owner = owners.get(one.owner_id)
        if owner is None:
            yield f"The tenant is not connected to the {kind} '{one.owner_id}', so it cannot give values for it."
            continue
        template = owner.templates.get(one.template_id)
        if template is None:
            yield f"The {kind} '{owner.name}' has no variable template with the id '{one.template_id}'."
            continue
        places = set(one.environment_ids)
        for place in sorted(places - set(owner.environment_ids)):
            yield f"{template.name}: the tenant is not connected to the environment '{place}' for '{owner.name}'."
        before = seen.setdefault((owner.id, template.id), [])
        if any(places & other or places == other for other in before):
            yield f"{template.name}: there are two values for the same environment; give each environment one."
        before.append(places)


def _settled(template: ActionTemplateParameter, wanted: WantedValue, before: TenantValue | None) -> PropertyValue:
    """A secret whose text is not sent again keeps the one that is stored."""
    value = wanted.value
    if isinstance(value, str):
        return SensitiveValue(has_value=bool(value), new_value=value or None) if is_sensitive(template) else value
    if value.new_value is None and value.has_value:
        old = before.value if before else None
        text = old.new_value if isinstance(old, SensitiveValue) else None
        return SensitiveValue(has_value=text is not None, new_value=text)
    return SensitiveValue(has_value=value.new_value is not None, new_value=value.new_value)


def _same_place(values: Sequence[TenantValue], wanted: WantedValue) -> TenantValue | None:
    places = wanted.environment_ids or [""]
    found = [value_in(values, wanted.owner_id, wanted.template_id, place) for place in places]
    return found[0] if found else None
