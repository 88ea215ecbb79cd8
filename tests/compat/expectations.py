"""What clients expect of an answer: the fields they read are there, with the types that the contract gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compat import facts

_PLAIN: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "string(guid)": (str,),
    "datetime": (str,),
    "timespan": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
#: A Git reference in a path, its slashes not encoded.
_PLAIN_REFERENCE = re.compile(r"/refs/(heads|tags)/\w+/")
_WRAPPED = re.compile(r"(\w+)<(.*)>")

#: What the command line reads of each resource; see its commands.
READ: dict[str, str] = {
    "Account": "Id Name Slug AccountType",
    "BuildInformation": "Id PackageId Version Branch BuildEnvironment VcsCommitNumber VcsType VcsRoot Commits",
    "Channel": "Id Name Description LifecycleId IsDefault ProjectId Rules TenantTags",
    "CreateReleaseResponseV1": "ReleaseId ReleaseVersion",
    "DeploymentServerTask": "DeploymentId ServerTaskId",
    "DeploymentTarget": "Id Name HealthStatus StatusSummary EnvironmentIds Roles TenantIds TenantTags Endpoint",
    "Environment": "Id Name EnvironmentTags AllowDynamicInfrastructure UseGuidedFailure SortOrder Slug",
    "Feed": "Id Name FeedType",
    "GitCredential": "Id Name Details",
    "LibraryVariableSet": "Id Name VariableSetId Templates",
    "Lifecycle": "Id Name Phases",
    "MachinePolicy": "Id Name MachineHealthCheckPolicy MachineUpdatePolicy MachineCleanupPolicy",
    "Package": "Id PackageId Version Description ReleaseNotes",
    "PackageVersion": "PackageId Version Published SizeBytes",
    "Project": "Id Name Slug Description ProjectTags LifecycleId ProjectGroupId VariableSetId Links",
    "ProjectGroup": "Id Name Description",
    "Proxy": "Id Name Host Port ProxyType Username",
    "Release": "Id Version ChannelId Assembled ReleaseNotes ProjectId",
    "Runbook": "Id Name Description ProjectId RunbookTags PublishedRunbookSnapshotId Links",
    "RunbookRunServerTask": "RunbookRunId ServerTaskId",
    "RunbookSnapshot": "Id Name Assembled",
    "Space": "Id Name Description TaskQueueStopped Links",
    "TagSet": "Id Name Scopes Tags",
    "Task": "Id Description State IsCompleted FinishedSuccessfully StartTime CompletedTime SpaceId",
    "TaskDetails": "Task ActivityLogs Progress PhysicalLogSize Links",
    "Team": "Id Name",
    "Tenant": "Id Name Description SpaceId IsDisabled ClonedFromTenantId TenantTags ProjectEnvironments",
    "User": "Id DisplayName Username",
    "VariableSet": "Id OwnerId Version Variables ScopeValues",
    "Worker": "Id Name HealthStatus StatusSummary WorkerPoolIds Endpoint",
    "WorkerPool": "Id Name WorkerPoolType Slug IsDefault CanAddWorkers",
}
#: Links that the Go client follows as they stand, so they must be no templates.
FOLLOWED: dict[str, str] = {
    "Certificate": "Archive Unarchive Replace",
    "Interruption": "Submit Responsible",
    "Lifecycle": "Projects",
    "Project": "Summary ConvertToVcs",
    "ProjectGroup": "Projects",
    "Runbook": "RunbookSnapshotTemplate",
    "ScriptModule": "Variables",
    "Tenant": "Variables",
}
#: Fields whose type the contract's sources name by a word that means something else too.
_MEANT: dict[tuple[str, str], str] = {
    ("GitCredential", "Details"): "GitCredentialDetails",
    ("PersistenceSettings", "Credentials"): "ProjectGitCredential",
}
_ENVELOPE = "ItemType TotalResults ItemsPerPage NumberOfPages LastPageNumber Items Links"


def route_of(method: str, path: str) -> facts.ContractRoute | None:
    """The contract's route that a path is an instance of; the one with the most fixed segments."""
    segments = _segments(_PLAIN_REFERENCE.sub("/main/", path.partition("?")[0]))
    fitting = [route for route in facts.routes() if route.method == method and _fits(_segments(route.path), segments)]
    return max(fitting, key=lambda route: -route.path.count("{"), default=None)


def _segments(path: str) -> list[str]:
    """`/api/spaces/Spaces-1/x` and `/api/Spaces-1/x` are one place."""
    segments = path.strip("/").split("/")
    below_space = len(segments) > 3 and segments[:2] == ["api", "spaces"]
    if below_space and (segments[2] == "{spaceId}" or segments[2].startswith("Spaces-")):
        del segments[1]
    return segments


def _fits(parts: list[str], segments: list[str]) -> bool:
    return len(parts) == len(segments) and all(
        part.startswith("{") or part.lower() == segment.lower() for part, segment in zip(parts, segments, strict=True)
    )


def faults(value: Any, kind: str, place: str = "answer") -> Iterator[str]:
    """A sentence for each place where a value is not what the contract says of its type."""
    if value is None or kind in ("any", "-", "text"):
        return
    if kind.endswith("[]"):
        kind = f"array<{kind[:-2]}>"
    if wrapped := _WRAPPED.fullmatch(kind):
        yield from _wrapped_faults(value, wrapped[1], wrapped[2], place)
    elif kind in _PLAIN:
        if not isinstance(value, _PLAIN[kind]) or (kind == "integer" and isinstance(value, bool)):
            yield f"{place} is {value!r}, which is no {kind}"
    elif kind in facts.enumerations():
        if value not in facts.enumerations()[kind]:
            yield f"{place} is {value!r}, which is no {kind}"
    elif kind == "PropertyValue":
        if not isinstance(value, str | dict):
            yield f"{place} is {value!r}, which is neither text nor secret"
    elif kind in facts.resources():
        yield from _resource_faults(value, kind, place)


def _wrapped_faults(value: Any, outer: str, inner: str, place: str) -> Iterator[str]:
    if outer == "ResourceCollection":
        yield from _missing(value, _ENVELOPE, place)
        value, place = value.get("Items", []), f"{place}.Items"
    if outer == "map":
        if not isinstance(value, dict):
            yield f"{place} is {value!r}, which is no map"
            return
        for key, item in value.items():
            yield from faults(item, inner, f"{place}[{key}]")
        return
    if not isinstance(value, list):
        yield f"{place} is {value!r}, which is no list"
        return
    for index, item in enumerate(value):
        yield from faults(item, inner, f"{place}[{index}]")


def _resource_faults(value: Any, kind: str, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is {value!r}, which is no {kind}"
        return
    resource = facts.resources()[kind]
    yield from _missing(value, READ.get(kind, ""), place)
    links = value.get("Links") or {}
    for name in FOLLOWED.get(kind, "").split():
        if "{" in links.get(name, ""):
            yield f"{place}.Links.{name} is the template {links[name]}, which clients follow as it stands"
    fields = dict(resource.fields)
    if (told := value.get(resource.discriminator or "")) in resource.subtypes:
        fields |= facts.resources()[resource.subtypes[told]].fields
    for name, item in value.items():
        if (field := fields.get(name)) is not None:
            if not field.legal:
                yield from faults(item, _MEANT.get((kind, name), field.type), f"{place}.{name}")
            elif isinstance(item, str) and item not in field.legal:
                yield f"{place}.{name} is {item!r}, which is not among {', '.join(field.legal)}"


def _missing(value: Any, names: str, place: str) -> Iterator[str]:
    absent = [name for name in names.split() if name not in value]
    if absent:
        yield f"{place} lacks {', '.join(absent)}"
