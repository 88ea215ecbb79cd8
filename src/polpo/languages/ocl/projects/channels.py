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
        Field("Tag", Text()),
        Field("VersionRange", Text()),
        Field("VersionTagRegex", Text()),
        Field("VersioningStrategy", Text()),
    ),
    (action_package("ActionPackages", name="deployment_action_packages", many=True),),
)
_GIT_RULE = Shape(
    (Field("Rules", Texts()),),
    (
        Child(
            "GitDependencyActions",
            Shape(
                (
                    Field("GitDependencyName", Text(), name="git_dependency"),
                    Field("DeploymentActionSlug", Text(), name="step"),
                )
            ),
            many=True,
        ),
    ),
)
_CUSTOM_FIELD = Shape((Field("Description", Text()), Field("FieldName", Text())))
_CHANNEL = Shape(
    (
        Field("AutomaticEphemeralEnvironmentDeployments", Flag()),
        Field("Description", Text(keep_empty=False)),
        Field("EphemeralEnvironmentNameTemplate", Text()),
        Field("GitReferenceRules", Texts()),
        Field("IsDefault", Flag()),
        Field("LifecycleId", Reference(kinds.LIFECYCLES), name="lifecycle"),
        Field("ParentEnvironmentId", Reference(kinds.ENVIRONMENTS), name="parent_environment"),
        Field("Slug", Text(keep_empty=False)),
        Field("TenantTags", Texts()),
        Field("Type", Choice(("Lifecycle", "EphemeralEnvironment"), "Lifecycle")),
    ),
    (
        Child("CustomFieldDefinitions", _CUSTOM_FIELD, many=True),
        Child("GitResourceRules", _GIT_RULE, many=True),
        Child("Rules", _RULE, many=True),
    ),
)
_CHANNELS = Shape(children=(Child("Channels", _CHANNEL, name="channel", many=True, label="Name"),))


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
