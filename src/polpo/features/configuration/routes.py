"""The configuration over HTTP: each section at its own address, and all of them below /api/configuration."""

from __future__ import annotations

from typing import Any

from polpo.features.configuration.describing import metadata_of
from polpo.features.configuration.resource import (
    ConfigurationSection,
    FeatureToggleConfiguration,
    Metadata,
    SmtpIsConfigured,
)
from polpo.features.configuration.sections import ALL, SMTP, Section
from polpo.features.configuration.service import (
    read_section,
    replace_section,
    section_of,
    shown,
    toggles,
)
from polpo.rest.answers import Page
from polpo.rest.binding import convert
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("configuration", scope="system")

_CONFIGURE = Permission.CONFIGURE_SERVER


@routes.get("/configuration", _CONFIGURE, response=ConfigurationSection, paged=True)
def list_sections(call: Call) -> Page[ConfigurationSection]:
    """List the sections of the configuration"""
    paging, known = call.paging, [_entry(section) for section in ALL.values()]
    return Page(known[paging.skip : paging.skip + paging.take], len(known), paging, "ConfigurationSection")


@routes.get("/configuration/feature-toggles", "signed in", query=("Name",))
def feature_toggles(call: Call) -> FeatureToggleConfiguration:
    """Say which abilities that clients ask about this server has"""
    return FeatureToggleConfiguration(feature_toggles=toggles(call.texts("name")))


@routes.get("/configuration/{id}", _CONFIGURE)
def read_entry(_call: Call, id: str) -> ConfigurationSection:
    """Get a section's name and description"""
    return _entry(section_of(id))


@routes.get("/configuration/{id}/metadata", _CONFIGURE)
def read_metadata(_call: Call, id: str) -> Metadata:
    """Tell how to show a section"""
    return metadata_of(section_of(id))


@routes.get("/configuration/{id}/values", _CONFIGURE)
def read_values(call: Call, id: str) -> dict[str, Any]:
    """Get a section's values"""
    return shown(read_section(call.session, section_of(id)))  # type: ignore[return-value] # a struct goes as an object


@routes.put("/configuration/{id}/values", _CONFIGURE)
def replace_values(call: Call, id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Replace a section's values"""
    section = section_of(id)
    return shown(replace_section(call, section, convert(section.document, body)))  # type: ignore[return-value] # dito


@routes.get("/smtpconfiguration/isconfigured", "signed in")
def smtp_is_configured(call: Call) -> SmtpIsConfigured:
    """Say whether mail can be sent"""
    smtp = read_section(call.session, SMTP)
    return SmtpIsConfigured(id="smtp-is-configured", is_configured=bool(smtp.smtp_host and smtp.send_email_from))


def _entry(section: Section[Any]) -> ConfigurationSection:
    return ConfigurationSection(id=section.id, name=section.name, description=section.description)


def _serve(section: Section[Any]) -> None:
    def read(call: Call) -> Any:
        return shown(read_section(call.session, section))

    def change(call: Call, body: Any) -> Any:
        return shown(replace_section(call, section, body))

    name, document = section.name, section.document
    routes.add("GET", section.path, section.view, read, response=document, summary=f"Get the configuration: {name}")
    routes.add(
        "PUT",
        section.path,
        _CONFIGURE,
        change,
        body=document,
        response=document,
        summary=f"Replace the configuration: {name}",
    )


for _section in ALL.values():
    if _section.path:
        _serve(_section)
