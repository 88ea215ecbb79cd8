"""What the files of a version-controlled project say, as the documents of the REST API and back.

Values are plain dictionaries in the shape of the wire. What a file leaves out is left out of them: a missing property
means its default in both. Things outside the file are named by slug there and by id here; `References` knows both.
"""

from __future__ import annotations

from polpo.languages.ocl.projects.channels import channels_from_ocl, channels_to_ocl
from polpo.languages.ocl.projects.files import (
    schema_version_from_ocl,
    schema_version_to_ocl,
    templated_values_from_ocl,
    templated_values_to_ocl,
)
from polpo.languages.ocl.projects.references import AS_WRITTEN, References
from polpo.languages.ocl.projects.runbooks import runbook_from_ocl, runbook_to_ocl
from polpo.languages.ocl.projects.settings import deployment_settings_from_ocl, deployment_settings_to_ocl
from polpo.languages.ocl.projects.steps import deployment_process_from_ocl, deployment_process_to_ocl
from polpo.languages.ocl.projects.variables import variables_from_ocl, variables_to_ocl

__all__ = [
    "AS_WRITTEN",
    "References",
    "channels_from_ocl",
    "channels_to_ocl",
    "deployment_process_from_ocl",
    "deployment_process_to_ocl",
    "deployment_settings_from_ocl",
    "deployment_settings_to_ocl",
    "runbook_from_ocl",
    "runbook_to_ocl",
    "schema_version_from_ocl",
    "schema_version_to_ocl",
    "templated_values_from_ocl",
    "templated_values_to_ocl",
    "variables_from_ocl",
    "variables_to_ocl",
]
