"""What lies between two versions of a document, as the operations of a JSON patch (RFC 6902)."""

from __future__ import annotations

from typing import Any

_MOST = 500

#: What changes with every write and says nothing.
STAMPS = frozenset({"Links", "LastModifiedOn", "LastModifiedBy", "Version", "LastSnapshotId"})


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, object]]:
    """Operations that turn `before` into `after`; a replaced value is told with `oldValue`. At most 500."""
    found: list[dict[str, object]] = []
    _compare(found, "", _plain(before), _plain(after))
    return found[:_MOST]


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in STAMPS}


def _compare(found: list[dict[str, object]], path: str, before: Any, after: Any) -> None:
    if before == after or len(found) >= _MOST:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        _compare_objects(found, path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        _compare_lists(found, path, before, after)
    else:
        found.append({"op": "replace", "path": path, "value": after, "oldValue": before})


def _compare_objects(found: list[dict[str, object]], path: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    gone = [key for key in before if key not in after]
    found += [{"op": "remove", "path": f"{path}/{_escaped(key)}", "oldValue": before[key]} for key in gone]
    for key, value in after.items():
        place = f"{path}/{_escaped(key)}"
        if key in before:
            _compare(found, place, before[key], value)
        else:
            found.append({"op": "add", "path": place, "value": value})


def _compare_lists(found: list[dict[str, object]], path: str, before: list[Any], after: list[Any]) -> None:
    """Place by place; what is longer ends with additions, what is shorter with removals from the end."""
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        _compare(found, f"{path}/{index}", old, new)
    gone = range(len(before) - 1, len(after) - 1, -1)
    found += [{"op": "remove", "path": f"{path}/{index}", "oldValue": before[index]} for index in gone]
    come = range(len(before), len(after))
    found += [{"op": "add", "path": f"{path}/{index}", "value": after[index]} for index in come]


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
