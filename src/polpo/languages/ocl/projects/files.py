"""The files of a version-controlled project, under its base path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polpo.languages.ocl.elements import Attribute, Document
from polpo.languages.ocl.projects.fields import Field, Number
from polpo.languages.ocl.projects.references import AS_WRITTEN, References
from polpo.languages.ocl.projects.shapes import Shape, Wire, read, written
from polpo.languages.ocl.projects.steps import PARAMETERS
from polpo.languages.ocl.projects.translation import Translation

BASE_PATH = ".octopus"
SCHEMA_VERSION_FILE = "schema_version.ocl"
DEPLOYMENT_PROCESS_FILE = "deployment_process.ocl"
DEPLOYMENT_SETTINGS_FILE = "deployment_settings.ocl"
VARIABLES_FILE = "variables.ocl"
CHANNELS_FILE = "channels.ocl"
TEMPLATED_VALUES_FILE = "templated_project_values.ocl"
RUNBOOKS_FOLDER = "runbooks"

SCHEMA_VERSION = 10
"""What this writes: references by slug, runbooks in files, retention policies with a type."""
_SCHEMA = Shape((Field("Version", Number()),))
_TEMPLATED_VALUES = Shape((), PARAMETERS)


def runbook_file(slug: str) -> str:
    return f"{RUNBOOKS_FOLDER}/{slug}.ocl"


def schema_version_to_ocl(version: int = SCHEMA_VERSION) -> Document:
    return Document([Attribute("version", version)])


def schema_version_from_ocl(document: Document) -> int:
    """0 for an empty file."""
    translation = Translation(AS_WRITTEN)
    found = read(_SCHEMA, document, translation)
    translation.finish()
    return int(found.get("Version", 0))


def templated_values_to_ocl(values: Mapping[str, Any], references: References = AS_WRITTEN) -> Document:
    """`Parameters` and `PackageParameters`, as in a step that is a process template."""
    translation = Translation(references)
    document = Document(written(_TEMPLATED_VALUES, values, translation))
    translation.finish()
    return document


def templated_values_from_ocl(document: Document, references: References = AS_WRITTEN) -> Wire:
    translation = Translation(references)
    values = read(_TEMPLATED_VALUES, document, translation)
    translation.finish()
    return values
