"""Deployment settings of a project, and what they share with runbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polpo.languages.ocl.elements import Document
from polpo.languages.ocl.projects import references as kinds
from polpo.languages.ocl.projects.fields import Choice, Field, Flag, Reference, Text, Texts
from polpo.languages.ocl.projects.references import AS_WRITTEN, References
from polpo.languages.ocl.projects.shapes import Child, Shape, Wire, read, written
from polpo.languages.ocl.projects.translation import Translation

GUIDED_FAILURE_MODES = ("EnvironmentDefault", "On", "Off")
CONNECTIVITY_POLICY = Child(
    "ConnectivityPolicy",
    Shape(
        (
            Field("AllowDeploymentsToNoTargets", Flag()),
            Field("ExcludeUnhealthyTargets", Flag()),
            Field("SkipMachineBehavior", Choice(("None", "SkipUnavailableMachines"), "None")),
            Field("TargetRoles", Texts()),
        )
    ),
    always=True,
)
CANCELLATION = (
    Field("CancelQueuedTasks", Flag()),
    Field("CancelRunningTasks", Flag()),
    Field("FailTargetDiscovery", Flag()),
    Field("ForcePackageDownload", Flag()),
)


def action_package(wire: str, *, name: str = "", many: bool = False) -> Child:
    """A package of a step; without `package` it is the step's primary one."""
    fields = (
        Field("PackageReference", Text(keep_empty=False), name="package"),
        Field("DeploymentAction", Reference(kinds.ACTION_NAMES), name="step"),
    )
    return Child(wire, Shape(fields), name=name, many=many)


_VERSIONING_STRATEGY = Child(
    "VersioningStrategy",
    Shape(
        (
            Field("DonorPackageStepId", Reference(kinds.ACTIONS)),
            Field("Template", Text(keep_empty=False)),
        ),
        (action_package("DonorPackage"),),
    ),
    always=True,
)
_SETTINGS = Shape(
    (
        *CANCELLATION,
        Field(
            "DefaultGuidedFailureMode",
            Choice(GUIDED_FAILURE_MODES, "EnvironmentDefault"),
        ),
        Field("DefaultToSkipIfAlreadyInstalled", Flag()),
        Field("DeploymentChangesTemplate", Text()),
        Field("ReleaseNotesTemplate", Text()),
    ),
    (CONNECTIVITY_POLICY, _VERSIONING_STRATEGY),
)


def deployment_settings_to_ocl(settings: Mapping[str, Any], references: References = AS_WRITTEN) -> Document:
    """Ids and the description of a change are not part of the file."""
    translation = Translation(references)
    document = Document(written(_SETTINGS, settings, translation))
    translation.finish()
    return document


def deployment_settings_from_ocl(document: Document, references: References = AS_WRITTEN) -> Wire:
    translation = Translation(references)
    settings = read(_SETTINGS, document, translation)
    translation.finish()
    return settings
