"""The templates for which a tenant gives values: those of its projects, and those of the library sets they include."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec
import sqlalchemy as sa

from polpo.features.libraryvariablesets.resource import LIBRARY_VARIABLE_SETS
from polpo.features.projects.resource import PROJECTS, ActionTemplateParameter, Project
from polpo.features.tenants.resource import Tenant
from polpo.store.documents import Resource, SensitiveValue
from polpo.store.session import Session

_CONTROL = "Octopus.ControlType"


class LibraryTemplates(Resource):
    """As much of a library variable set as is needed here."""

    id: str
    name: str
    templates: list[ActionTemplateParameter] = []


_decoder = msgspec.json.Decoder(LibraryTemplates)


@dataclass(frozen=True)
class TemplateOwner:
    """A project or a library set, with its templates by id."""

    id: str
    name: str
    is_library: bool
    templates: Mapping[str, ActionTemplateParameter]
    environment_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Templates:
    """The projects and library sets of several tenants, read at once."""

    projects: Mapping[str, Project]
    libraries: Mapping[str, LibraryTemplates]

    def owners(self, tenant: Tenant) -> Owners:
        own = {one: self.projects[one] for one in tenant.project_environments if one in self.projects}
        projects = {
            one.id: TemplateOwner(
                one.id, one.name, False, _by_id(one.templates), tuple(tenant.project_environments[one.id])
            )
            for one in sorted(own.values(), key=lambda project: project.name.casefold())
        }
        places: dict[str, dict[str, None]] = {}
        for project in own.values():
            for identity in project.included_library_variable_set_ids:
                places.setdefault(identity, {}).update(dict.fromkeys(tenant.project_environments[project.id]))
        libraries = {
            one.id: TemplateOwner(one.id, one.name, True, _by_id(one.templates), tuple(places[one.id]))
            for one in sorted(self.libraries.values(), key=lambda library: library.name.casefold())
            if one.id in places and one.templates
        }
        return Owners(projects, libraries)


@dataclass(frozen=True)
class Owners:
    """Whose templates a tenant fills in, by id; `environment_ids` of each are those in which it is connected."""

    projects: Mapping[str, TemplateOwner]
    libraries: Mapping[str, TemplateOwner]

    @cached_property
    def all(self) -> Mapping[str, TemplateOwner]:
        return {**self.projects, **self.libraries}

    def __iter__(self) -> Iterator[TemplateOwner]:
        return iter(self.all.values())


def templates_for(session: Session, tenants: Iterable[Tenant]) -> Templates:
    wanted = {project_id for tenant in tenants for project_id in tenant.project_environments}
    projects = session.by_ids(PROJECTS, wanted)
    included = {identity for project in projects.values() for identity in project.included_library_variable_set_ids}
    return Templates(projects, library_templates(session, included))


def library_templates(session: Session, set_ids: Iterable[str]) -> dict[str, LibraryTemplates]:
    table, wanted = LIBRARY_VARIABLE_SETS.table, [one for one in set_ids if one]
    if not wanted:
        return {}
    statement = sa.select(table.c.doc).where(table.c.id.in_(wanted))
    found = [_decoder.decode(doc) for (doc,) in session.connection.execute(statement)]
    return {one.id: one for one in found}


def control_of(template: ActionTemplateParameter) -> str:
    """How a person is asked for the value; empty where the template does not say."""
    return template.display_settings.get(_CONTROL, "")


def is_sensitive(template: ActionTemplateParameter) -> bool:
    return control_of(template) == "Sensitive"


def needs_value(template: ActionTemplateParameter) -> bool:
    """A box that is not ticked has its value, too."""
    return control_of(template) != "Checkbox"


def shown_template(template: ActionTemplateParameter) -> ActionTemplateParameter:
    """The Go client cannot read a default that is null."""
    if template.default_value is not None:
        return template
    empty = SensitiveValue() if is_sensitive(template) else ""
    return msgspec.structs.replace(template, default_value=empty)


def _by_id(templates: Iterable[ActionTemplateParameter]) -> dict[str, ActionTemplateParameter]:
    return {template.id: template for template in templates}
