"""Reading and replacing sections, and the rule of maintenance mode."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from polpo.features.configuration.resource import (
    SECTIONS,
    ConfiguredFeatureToggle,
    SmtpConfiguration,
    StoredSection,
)
from polpo.features.configuration.sections import ALL, MAINTENANCE, Section, show_details
from polpo.kernel.errors import NotFound, Unavailable
from polpo.rest.call import Call, Caller
from polpo.rest.collection import stamp
from polpo.store.documents import Document, secrets_of
from polpo.store.session import Session

T = TypeVar("T", bound=Document)

#: Names that clients ask about, and whether this server can do what they stand for.
TOGGLES = {"CommonVariableScopingFeatureToggle": True, "indicate-missing-packages-for-release": False}


def section_of(identity: str) -> Section[Any]:
    found = ALL.get(identity.lower())
    if found is None:
        raise NotFound(f"There is no section '{identity}' of the configuration; there are {', '.join(sorted(ALL))}.")
    return found


def read_section(session: Session, section: Section[T]) -> T:
    """As stored, with its secrets sealed; or as it is when nobody has set anything."""
    stored = session.find(SECTIONS, stored_id(section))
    document = msgspec.convert(stored.values if stored else {}, section.document)
    document.id = section.id
    if stored is not None:
        document.last_modified_on, document.last_modified_by = stored.last_modified_on, stored.last_modified_by
        for place, secret in secrets_of(document):
            if (kept := stored.secrets.get(place)) is not None:
                secret.has_value, secret.new_value = kept.has_value, kept.new_value
    return document


def shown(document: Document) -> Document:
    return show_details(document) if isinstance(document, SmtpConfiguration) else document


def replace_section(call: Call, section: Section[T], document: T) -> T:
    """Secrets without a new text keep the stored one."""
    session = call.session
    before = read_section(session, section)
    document.id = section.id
    section.settle(document)
    secrets = {place: msgspec.structs.replace(secret) for place, secret in secrets_of(document)}
    for _, secret in secrets_of(document):
        secret.has_value, secret.new_value = False, None
    document.last_modified_on = document.last_modified_by = None
    document.links = {}
    values = msgspec.to_builtins(document)
    stored = StoredSection(id=stored_id(section), name=section.name, values=values, secrets=secrets)
    stamp(call, stored)
    if session.find(SECTIONS, stored.id) is None:
        session.insert(SECTIONS, stored)
    else:
        session.update(SECTIONS, stored)
    after = read_section(session, section)
    section.replaced(session, before, after)
    return after


def refuse_in_maintenance(session: Session, caller: Caller | None) -> None:
    """Asked before every change; who administers the system may go on."""
    if caller is None or caller.is_administrator:
        return
    if session.remembered(
        (SECTIONS,), "maintenance", lambda: read_section(session, MAINTENANCE).is_in_maintenance_mode
    ):
        raise Unavailable(
            "The server is in maintenance mode: only administrators can change anything now.",
            help_text="Try again when an administrator has ended the maintenance.",
        )


def toggles(names: list[str]) -> list[ConfiguredFeatureToggle]:
    """Those that are asked for, or all; what nobody knows is left out."""
    wanted = {name.casefold() for name in names}
    return [
        ConfiguredFeatureToggle(name=name, is_enabled=is_enabled)
        for name, is_enabled in TOGGLES.items()
        if not wanted or name.casefold() in wanted
    ]


def stored_id(section: Section[Any]) -> str:
    return f"configuration-{section.id}"
