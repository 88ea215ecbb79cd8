"""Which documents hold tags, and where: every list in a document whose name says that it holds tags.

So a new kind of document takes part, in checks, renames and the refusal to remove, by naming its field so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import msgspec
from msgspec import inspect as types

from polpo.features.tagsets.resource import TagScope
from polpo.store.kinds import Kind, kinds
from polpo.store.searching import mentions
from polpo.store.session import Session

#: What a set must be scoped to for its tags to stand in a field of this name.
SCOPE_OF_FIELD: dict[str, TagScope] = {
    "tenant_tags": "Tenant",
    "tenant_tag": "Tenant",
    "environment_tags": "Environment",
    "project_tags": "Project",
    "runbook_tags": "Runbook",
}


@dataclass(frozen=True)
class TagList:
    """One list of tags in a document; `path` as on the wire."""

    path: str
    field: str
    owner: msgspec.Struct

    @property
    def scope(self) -> TagScope:
        return SCOPE_OF_FIELD[self.field]

    @property
    def tags(self) -> list[str]:
        held: list[str] = getattr(self.owner, self.field) or []
        return held

    def put(self, tags: list[str]) -> None:
        setattr(self.owner, self.field, tags)


@dataclass(frozen=True)
class Use:
    kind: Kind[Any]
    document: Any
    lists: tuple[TagList, ...]

    @property
    def title(self) -> str:
        return f"the {self.kind.singular} '{getattr(self.document, 'name', None) or self.document.id}'"


def tag_lists(document: msgspec.Struct) -> Iterator[TagList]:
    yield from _tag_lists(document, "")


def _tag_lists(value: object, path: str) -> Iterator[TagList]:
    if isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            place = f"{path}.{field.encode_name}".lstrip(".")
            if _holds_tags(field.name, getattr(value, field.name)):
                yield TagList(place, field.name, value)
            else:
                yield from _tag_lists(getattr(value, field.name), place)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _tag_lists(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _tag_lists(item, f"{path}[{key}]")


def _holds_tags(field: str, value: object) -> bool:
    """Other things than names stand in fields of that name, too, such as the choices that a scope offers."""
    return field in SCOPE_OF_FIELD and isinstance(value, list) and all(isinstance(item, str) for item in value)


def uses(session: Session, space_id: str, name: str, is_meant: Callable[[str], bool]) -> Iterator[Use]:
    """The documents of the space that hold a tag which is meant; `name` is what every such tag begins with.

    The database finds the few documents that mention the name; only those are opened.
    """
    needle = msgspec.json.encode(name)[:-1]
    for kind in _holding_kinds():
        table = kind.table
        named = mentions(table.c.doc, needle)
        for document in session.all(kind, table.c.space_id == space_id, named, order=[table.c.seq]):
            lists = tuple(one for one in tag_lists(document) if any(map(is_meant, one.tags)))
            if lists:
                yield Use(kind, document, lists)


def _holding_kinds() -> list[Kind[Any]]:
    return [kind for kind in kinds.values() if kind.is_space_scoped and _may_hold_tags(cast("Hashable", kind.document))]


@cache
def _may_hold_tags(document: Any) -> bool:
    return _reaches_tags(types.type_info(document), set())


def _reaches_tags(shape: types.Type, seen: set[type]) -> bool:
    if isinstance(shape, types.StructType):
        if shape.cls in seen:
            return False
        seen.add(shape.cls)
        return any(field.name in SCOPE_OF_FIELD or _reaches_tags(field.type, seen) for field in shape.fields)
    named = (getattr(shape, name, None) for name in ("type", "item_type", "value_type"))
    inner = [part for part in named if isinstance(part, types.Type)]
    return any(_reaches_tags(part, seen) for part in (*inner, *getattr(shape, "types", ())))
