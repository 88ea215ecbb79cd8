"""Full documents, built from the contract's fields, and what must come back of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from compat import facts
from compat.world import World

_SERVER_SET = {"Id", "Links", "SpaceId", "LastModifiedOn", "LastModifiedBy"}
_WRAPPED = re.compile(r"(\w+)<(.*)>")

#: Fields that name other documents, with the recorded ids of what they name.
REFERENCES: Mapping[str, str | list[str]] = {
    "AccountId": "Accounts-2",
    "ChannelId": "Channels-1",
    "DefaultWorkerPoolId": "WorkerPools-1",
    "EnvironmentId": "Environments-1",
    "EnvironmentIds": ["Environments-1", "Environments-2"],
    "LifecycleId": "Lifecycles-1",
    "MachinePolicyId": "MachinePolicies-1",
    "ProjectGroupId": "ProjectGroups-1",
    "ProjectGroupIds": ["ProjectGroups-1"],
    "ProjectId": "Projects-1",
    "ProjectIds": ["Projects-1"],
    "ProxyId": "Proxies-1",
    "RunbookId": "Runbooks-1",
    "TeamId": "Teams-1",
    "TenantIds": ["Tenants-1"],
    "WorkerPoolIds": ["WorkerPools-1"],
    "SpaceManagersTeamMembers": ["Users-1"],
    "MemberUserIds": ["Users-1"],
}
TAGGED = {"TenantTags", "EnvironmentTags", "ProjectTags", "RunbookTags"}
_TEXTS: Mapping[str, str] = {
    "Color": "#36A766",
    "EmailAddress": "ada@example.com",
    "Fingerprint": "SHA256:x",
    "HealthCheckCronTimezone": "UTC",
    "Host": "host.example.com",
    "Thumbprint": "C" * 40,
    "Timezone": "UTC",
    "Slug": "a-slug",
}
_SECRET = {"HasValue": True, "NewValue": "s3cret"}
_PLAIN: Mapping[str, Any] = {
    "integer": 7,
    "number": 7,
    "boolean": True,
    "datetime": "2027-01-02T03:04:05.678+00:00",
    "timespan": "01:02:03",
    "string(guid)": "39b44e47-37d4-4fcd-949c-2d831ebfa65e",
    "any": "anything",
    "PropertyValue": "a value",
}


def full_document(world: World, resource: str, given: Mapping[str, Any], without: frozenset[str]) -> dict[str, Any]:
    """Every field that a client may write, with a value; what is given stands as it is."""
    fields = _writable(resource, given)
    built = {name: _value(world, field) for name, field in fields.items() if name not in without | set(given)}
    return {name: value for name, value in {**built, **given}.items() if name not in without}


def _writable(resource: str, given: Mapping[str, Any]) -> Mapping[str, facts.Field]:
    told = facts.resources()[resource]
    subtype = told.subtypes.get(given.get(told.discriminator or "", ""), resource)
    fields = facts.resources()[subtype].fields
    return {name: field for name, field in fields.items() if name not in _SERVER_SET and not field.is_readonly}


def _value(world: World, field: facts.Field) -> Any:
    if field.name in REFERENCES:
        named = REFERENCES[field.name]
        return [world[one] for one in named] if isinstance(named, list) else world[named]
    if field.name in TAGGED:
        world["TagSets-1"]
        return ["Tier/Gold"]
    if field.legal:
        return [field.legal[0]] if field.type.startswith("array") else field.legal[0]
    return _of_type(world, field.name, field.type)


def _of_type(world: World, name: str, kind: str) -> Any:
    if wrapped := _WRAPPED.fullmatch(kind):
        inner = _of_type(world, name, wrapped[2])
        return {"one": inner} if wrapped[1] == "map" else [inner]
    if kind == "string":
        return _TEXTS.get(name) or ("https://example.com/" if name.endswith(("Uri", "Url", "URI")) else f"A {name}")
    if kind == "SensitiveValue":
        return dict(_SECRET)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in facts.enumerations():
        return facts.enumerations()[kind][0]
    return full_document(world, kind, {}, frozenset())


def changed(resource: str, document: Mapping[str, Any], fixed: frozenset[str]) -> dict[str, Any]:
    """The document with every scalar changed that is neither a reference, nor one of an enumeration, nor fixed."""
    fields = _writable(resource, document)
    kept = fixed | set(REFERENCES) | {name for name, field in fields.items() if field.legal or "+" in field.marks}
    return {name: value if name in kept else _changed(value) for name, value in document.items()}


def _changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value}2" if re.fullmatch(r"A [A-Z]\w+", value) else value
    if isinstance(value, dict) and "NewValue" in value:
        return {"HasValue": True, "NewValue": "another"}
    return value


def losses(written: Any, read: Any, place: str = "") -> Iterator[str]:
    """Where what is read is not what was written."""
    if isinstance(written, dict) and "NewValue" in written:
        told = {"HasValue": read.get("HasValue"), "NewValue": read.get("NewValue")} if isinstance(read, dict) else read
        if told != {"HasValue": True, "NewValue": None}:
            yield f"{place} is {read!r}, not a secret that has a value"
    elif isinstance(written, dict) and isinstance(read, dict):
        for name, item in written.items():
            if name not in read:
                yield f"{place}.{name} is gone"
            else:
                yield from losses(item, read[name], f"{place}.{name}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for index, item in enumerate(written):
            yield from losses(item, read[index], f"{place}[{index}]")
    elif written != read and not _same_time(written, read):
        yield f"{place} is {read!r}, but {written!r} was written"


def _same_time(written: Any, read: Any) -> bool:
    if not (isinstance(written, str) and isinstance(read, str)):
        return False
    try:
        return dt.datetime.fromisoformat(written) == dt.datetime.fromisoformat(read)
    except (ValueError, TypeError):
        return False
