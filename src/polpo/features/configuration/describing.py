"""How a section is shown to people: the type of each setting, its words, and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import inspect as types
from msgspec import structs

from polpo.features.configuration.resource import (
    DisplayInfo,
    Metadata,
    OptionsMetadata,
    PropertyMetadata,
    TypeMetadata,
)
from polpo.features.configuration.sections import Section
from polpo.features.configuration.words import is_followed, words_of
from polpo.store.documents import Document, SensitiveValue

_SENSITIVE = "SensitiveValue"


def metadata_of(section: Section[Any]) -> Metadata:
    """The section's own type first, then those of its parts."""
    return Metadata(description=section.description, types=list(_described(section.document)))


def _described(shape: type[Any]) -> Iterator[TypeMetadata]:
    found = types.type_info(shape)
    if not isinstance(found, types.StructType):
        return
    base = {field.name for field in structs.fields(Document)}
    fields = [field for field in found.fields if field.name not in base]
    yield TypeMetadata(name=shape.__name__, properties=[_property(shape.__name__, field) for field in fields])
    for field in fields:
        inner = _plain(field.type)
        if not is_followed(shape.__name__, field.encode_name):
            continue
        if isinstance(inner, types.StructType) and inner.cls is not SensitiveValue:
            yield from _described(inner.cls)


def _property(document: str, field: types.Field) -> PropertyMetadata:
    name, shape = field.encode_name, _plain(field.type)
    label, description = words_of(document, name)
    display = DisplayInfo(
        label=label,
        description=description,
        read_only=not is_followed(document, name),
        sensitive=_type_name(shape) == _SENSITIVE,
        options=_options(shape),
    )
    return PropertyMetadata(name=name, type=_type_name(shape), display_info=display)


def _plain(shape: types.Type) -> types.Type:
    """Without the null that stands for nothing."""
    if isinstance(shape, types.UnionType):
        return _plain(next(member for member in shape.types if not isinstance(member, types.NoneType)))
    return shape


def _options(shape: types.Type) -> OptionsMetadata | None:
    if not isinstance(shape, types.LiteralType):
        return None
    return OptionsMetadata(values={str(value): str(value) for value in shape.values})


_TYPE_NAMES: dict[type[types.Type], str] = {
    types.BoolType: "bool",
    types.IntType: "int",
    types.StrType: "string",
    types.LiteralType: "string",
    types.ListType: "string[]",
}


def _type_name(shape: types.Type) -> str:
    if isinstance(shape, types.StructType):
        return _SENSITIVE if shape.cls is SensitiveValue else shape.cls.__name__
    return _TYPE_NAMES.get(type(shape), "object")
