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
    "connectivity_policy",
    "ConnectivityPolicy",
    Shape(
        (
            Field("allow_deployments_to_no_targets", "AllowDeploymentsToNoTargets", Flag()),
            Field("exclude_unhealthy_targets", "ExcludeUnhealthyTargets", Flag()),
            Field("skip_machine_behavior", "SkipMachineBehavior", Choice(("None", "SkipUnavailableMachines"), "None")),
            Field("target_roles", "TargetRoles", Texts()),
        )
    ),
    always=True,
)
CANCELLATION = (
    Field("cancel_queued_tasks", "CancelQueuedTasks", Flag()),
    Field("cancel_running_tasks", "CancelRunningTasks", Flag()),
    Field("fail_target_discovery", "FailTargetDiscovery", Flag()),
    Field("force_package_download", "ForcePackageDownload", Flag()),
)


def action_package(name: str, wire: str, *, many: bool = False) -> Child:
    """A package of a step; without `package` it is the step's primary one."""
    fields = (
        Field("package", "PackageReference", Text(keep_empty=False)),
        Field("step", "DeploymentAction", Reference(kinds.ACTION_NAMES)),
    )
    return Child(name, wire, Shape(fields), many=many)


_VERSIONING_STRATEGY = Child(
    "versioning_strategy",
    "VersioningStrategy",
    Shape(
        (
            Field("donor_package_step_id", "DonorPackageStepId", Reference(kinds.ACTIONS)),
            Field("template", "Template", Text(keep_empty=False)),
        ),
        (action_package("donor_package", "DonorPackage"),),
    ),
    always=True,
)
_SETTINGS = Shape(
    (
        *CANCELLATION,
        Field(
            "default_guided_failure_mode",
            "DefaultGuidedFailureMode",
            Choice(GUIDED_FAILURE_MODES, "EnvironmentDefault"),
        ),
        Field("default_to_skip_if_already_installed", "DefaultToSkipIfAlreadyInstalled", Flag()),
        Field("deployment_changes_template", "DeploymentChangesTemplate", Text()),
        Field("release_notes_template", "ReleaseNotesTemplate", Text()),
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
