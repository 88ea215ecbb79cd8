"""Rules of step templates: what stays, and that every save is a version."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import msgspec

from polpo.features.actiontemplates.resource import (
    ACTION_TEMPLATE_VERSIONS,
    ACTION_TEMPLATES,
    ActionTemplate,
    ActionTemplateVersion,
)
from polpo.features.projects.parameters import complete_parameters
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.steps.kinds import CATALOGUE
from polpo.store.session import Session


def settle_template(_call: Call, template: ActionTemplate, before: ActionTemplate | None) -> None:
    """The kind of step is chosen once, and so is where the template comes from."""
    template.action_type = template.action_type.strip()
    if before is None:
        template.version = 0
        template.community_action_template_id = template.community_action_template_version = None
    else:
        template.action_type = before.action_type
        template.community_action_template_id = before.community_action_template_id
        template.community_action_template_version = before.community_action_template_version
        template.version = before.version + 1
    if not template.action_type:
        sentence = "ActionType is missing; it says what the step does, such as Octopus.Script."
        raise Invalid(sentence, [sentence])
    complete_template(template)


def complete_template(template: ActionTemplate) -> None:
    complete_parameters(template.parameters, "Parameters")
    for package in template.packages:
        package.id = package.id or str(uuid.uuid4())


def keep_version(session: Session, template: ActionTemplate) -> None:
    """Keeps the template as it was stored just now."""
    session.insert(
        ACTION_TEMPLATE_VERSIONS,
        ActionTemplateVersion(
            space_id=template.space_id,
            template_id=template.id,
            version=template.version,
            template=msgspec.structs.replace(template, links={}),
            last_modified_on=template.last_modified_on,
            last_modified_by=template.last_modified_by,
        ),
    )


def version_of(session: Session, template: ActionTemplate, version: int) -> ActionTemplate:
    """The template as it was at a version."""
    if version == template.version:
        return template
    table = ACTION_TEMPLATE_VERSIONS.table
    where = (table.c.template_id == template.id, table.c.version == version)
    found = session.first(ACTION_TEMPLATE_VERSIONS, *where)
    if found is None:
        raise NotFound(f"The step template '{template.name}' has no version {version}.")
    return found.template


def find_template(session: Session, space_id: str, identity: str) -> ActionTemplate:
    found = session.find(ACTION_TEMPLATES, identity)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no step template with the id '{identity}' in this space.")
    return found


@dataclass(frozen=True)
class OfferedKind:
    """A kind of step as something that has a name."""

    id: str
    name: str


def find_offered(session: Session, space_id: str, type_or_id: str) -> ActionTemplate | OfferedKind:
    """A template, or one of the server's kinds of steps by its type."""
    kind = CATALOGUE.find(type_or_id)
    return OfferedKind(kind.type, kind.name) if kind else find_template(session, space_id, type_or_id)


def installed_template(session: Session, space_id: str, community_id: str) -> ActionTemplate | None:
    table = ACTION_TEMPLATES.table
    where = (table.c.space_id == space_id, table.c.community_action_template_id == community_id)
    return session.first(ACTION_TEMPLATES, *where)
