"""Channels of a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polpo.languages.ocl.elements import Document
from polpo.languages.ocl.projects import references as kinds
from polpo.languages.ocl.projects.fields import Choice, Field, Flag, Reference, Text, Texts
from polpo.languages.ocl.projects.references import AS_WRITTEN, References
from polpo.languages.ocl.projects.settings import action_package
from polpo.languages.ocl.projects.shapes import Child, Shape, Wire, read, written
from polpo.languages.ocl.projects.translation import Translation

_RULE = Shape(
    (
        Field("tag", "Tag", Text()),
        Field("version_range", "VersionRange", Text()),
        Field("version_tag_regex", "VersionTagRegex", Text()),
        Field("versioning_strategy", "VersioningStrategy", Text()),
    ),
    (action_package("deployment_action_packages", "ActionPackages", many=True),),
)
_GIT_RULE = Shape(
    (Field("rules", "Rules", Texts()),),
    (
        Child(
            "git_dependency_actions",
            "GitDependencyActions",
            Shape(
                (Field("git_dependency", "GitDependencyName", Text()), Field("step", "DeploymentActionSlug", Text()))
            ),
            many=True,
        ),
    ),
)
_CUSTOM_FIELD = Shape((Field("description", "Description", Text()), Field("field_name", "FieldName", Text())))
_CHANNEL = Shape(
    (
        Field("automatic_ephemeral_environment_deployments", "AutomaticEphemeralEnvironmentDeployments", Flag()),
        Field("description", "Description", Text(keep_empty=False)),
        Field("ephemeral_environment_name_template", "EphemeralEnvironmentNameTemplate", Text()),
        Field("git_reference_rules", "GitReferenceRules", Texts()),
        Field("is_default", "IsDefault", Flag()),
        Field("lifecycle", "LifecycleId", Reference(kinds.LIFECYCLES)),
        Field("parent_environment", "ParentEnvironmentId", Reference(kinds.ENVIRONMENTS)),
        Field("slug", "Slug", Text(keep_empty=False)),
        Field("tenant_tags", "TenantTags", Texts()),
        Field("type", "Type", Choice(("Lifecycle", "EphemeralEnvironment"), "Lifecycle")),
    ),
    (
        Child("custom_field_definitions", "CustomFieldDefinitions", _CUSTOM_FIELD, many=True),
        Child("git_resource_rules", "GitResourceRules", _GIT_RULE, many=True),
        Child("rules", "Rules", _RULE, many=True),
    ),
)
_CHANNELS = Shape(children=(Child("channel", "Channels", _CHANNEL, many=True, label="Name"),))


def channels_to_ocl(channels: Sequence[Mapping[str, Any]], references: References = AS_WRITTEN) -> Document:
    """Ids of channels and rules are not part of the file."""
    translation = Translation(references)
    document = Document(written(_CHANNELS, {"Channels": channels}, translation))
    translation.finish()
    return document


def channels_from_ocl(document: Document, references: References = AS_WRITTEN) -> list[Wire]:
    """In the order of the file. Every channel has a name of its own, and at most one is the default."""
    translation = Translation(references)
    found = read(_CHANNELS, document, translation)
    channels: list[Wire] = found.get("Channels", [])
    for unknown in found.get("Unmapped", ()):
        translation.fault(f"'{unknown['name']}' is no channel")
    names = [str(channel["Name"]).casefold() for channel in channels]
    for name in sorted({name for name in names if not name or names.count(name) > 1}):
        translation.fault(f"Two channels have the name '{name}'" if name else "A channel has no name")
    if sum(bool(channel.get("IsDefault")) for channel in channels) > 1:
        translation.fault("More than one channel is the default")
    translation.finish()
    return channels
