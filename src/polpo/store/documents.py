"""What a stored document is made of: the base struct, references to other documents, and sensitive values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect as types


class Resource(msgspec.Struct, rename="pascal", kw_only=True):
    """Base of everything that crosses the wire: PascalCase there, snake_case here."""


class SensitiveValue(Resource):
    """A write-only text. On the wire `NewValue` is null when read; in the store it is sealed by the vault.

    Written with a text: replaces. With null and `HasValue`: keeps what is stored. With null and not `HasValue`: clears.
    """

    has_value: bool = False
    new_value: str | None = None
    hint: str | None = None


def kept_secret(given: SensitiveValue | None, stored: SensitiveValue | None) -> SensitiveValue:
    """What a client leaves out stays as it is stored; only a secret that says that it has no value is cleared."""
    if given is not None:
        return given
    return SensitiveValue(has_value=stored is not None and stored.has_value, hint=stored.hint if stored else None)


#: A step property: a plain text, or a secret.
PropertyValue = str | SensitiveValue


class Document(Resource):
    """A resource with an identity of its own. `links` is filled when it is rendered and never stored."""

    id: str = ""
    last_modified_on: datetime | None = None
    last_modified_by: str | None = None
    links: dict[str, str] = msgspec.field(default_factory=dict)


def ref(kind: str) -> msgspec.Meta:
    """Marks an id field as a reference: `environment_id: Annotated[str, ref("Environments")]`.

    An empty text or null refers to nothing. In a list, mark the items.
    """
    return msgspec.Meta(extra={"reference": kind})


@cache
def _struct(document: type[msgspec.Struct]) -> types.StructType:
    described = types.type_info(document)
    if not isinstance(described, types.StructType):
        raise TypeError(f"{document} is no struct")
    return described


def references(document: msgspec.Struct) -> Iterator[tuple[str, str, str]]:
    """Each reference in the document as (path on the wire, kind, id)."""
    yield from _references(_struct(type(document)), document, "")


def _references(shape: types.Type, value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(shape, types.Metadata):
        kind = (shape.extra or {}).get("reference")
        if kind and isinstance(value, str) and value:
            yield path, kind, value
        yield from _references(shape.type, value, path)
    elif isinstance(shape, types.StructType) and isinstance(value, msgspec.Struct):
        for field in _struct(type(value)).fields:
            yield from _references(field.type, getattr(value, field.name), f"{path}.{field.encode_name}".lstrip("."))
    elif isinstance(shape, types.UnionType) and value is not None:
        for member in shape.types:
            yield from _references(member, value, path)
    elif isinstance(shape, types.ListType | types.VarTupleType) and isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _references(shape.item_type, item, f"{path}[{index}]")
    elif isinstance(shape, types.DictType) and isinstance(value, dict):
        for key, item in value.items():
            yield from _references(shape.key_type, key, path)
            yield from _references(shape.value_type, item, f"{path}[{key}]")


def secrets_of(value: object, path: str = "") -> Iterator[tuple[str, SensitiveValue]]:
    """Every sensitive value below a value, with its place; the place is stable enough to pair old with new."""
    if isinstance(value, SensitiveValue):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        identity = getattr(value, "id", None) or getattr(value, "name", None) or ""
        for field in value.__struct_fields__:
            yield from secrets_of(getattr(value, field), f"{path}/{identity}.{field}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from secrets_of(item, f"{path}[{key}]")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            named = isinstance(item, msgspec.Struct) and (getattr(item, "id", None) or getattr(item, "name", None))
            yield from secrets_of(item, path if named else f"{path}[{index}]")


@cache
def may_hold_secrets(document: type[msgspec.Struct]) -> bool:
    """Whether documents of this type can contain a sensitive value, judged by the types alone."""
    return _reaches_secret(_struct(document), set())


def _reaches_secret(shape: types.Type, seen: set[type]) -> bool:
    if isinstance(shape, types.StructType):
        if shape.cls is SensitiveValue:
            return True
        if shape.cls in seen:
            return False
        seen.add(shape.cls)
        return any(_reaches_secret(field.type, seen) for field in shape.fields)
    inner = [
        part
        for name in ("type", "item_type", "value_type")
        if isinstance(part := getattr(shape, name, None), types.Type)
    ]
    inner += list(getattr(shape, "types", ()))
    return any(_reaches_secret(part, seen) for part in inner)
