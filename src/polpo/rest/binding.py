"""From what clients send to typed values, as leniently as the contract asks.

Property names and enum texts match without case, unknown properties are ignored, and null means the default where a
value must not be null. What still does not fit is told in one sentence a fault.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect as types

from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import looks_sealed

T = TypeVar("T")

#: How sealed texts begin, also where somebody writes a letter of that by its number.
_MAY_BE_SEALED = re.compile(rb"v[12]:|\\u00(?:76|3[12aA])")
_MOST_TRIED = 50

#: What a database column holds, and what a JSON number can be for all clients.
_LARGEST = 2**53 - 1


def bind(target: type[T], body: bytes) -> T:
    """The request's body as `target`, or Invalid with a sentence for each fault."""
    return convert(target, parse(body))


def parse(body: bytes) -> Any:
    if not body.strip():
        raise Invalid("The request has no body; send a JSON object.", ["The request has no body; send a JSON object."])
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        sentence = f"The request body is not valid JSON: {error}."
        raise Invalid(sentence, [sentence]) from error


def refuse_sealed(body: bytes, value: object, has_made: Callable[[str], bool]) -> None:
    """Invalid for a body, and the value it was parsed to, with a text that this server has sealed itself.

    Nobody is ever shown one, so it was taken out of the database; where a secret is expected it would be kept as it is,
    and could be opened by whoever may use that secret, without the master key. To try a text takes a while, and nobody
    types one that looks so; hence many of them are refused without being tried.
    """
    if not _MAY_BE_SEALED.search(body):
        return
    found = {trimmed for text in _texts(value) if looks_sealed(trimmed := text.strip())}
    if len(found) > _MOST_TRIED or any(map(has_made, found)):
        sentence = "The request holds a text that this server has encrypted for itself; enter the secret instead."
        raise Invalid(sentence, [sentence])


def _texts(value: object) -> Iterator[str]:
    """Those within, without recursion: a body can be deep as well as long."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one


def convert(target: type[T], value: object) -> T:
    """An already parsed value as `target`."""
    shape = _shape(typing.cast("typing.Hashable", target))
    if isinstance(shape, types.StructType) and isinstance(value, list) and (only := _only_list(shape)):
        value = {only: value}
    if isinstance(shape, types.StructType) and not isinstance(value, dict):
        sentence = f"The request body must be a JSON object; it is {_described(value)}."
        raise Invalid(sentence, [sentence])
    fitted = _fit(shape, value)
    try:
        return msgspec.convert(fitted, target, strict=False)
    except msgspec.ValidationError as error:
        faults = _faults(shape, fitted) or [_sentence("", str(error))]
        raise Invalid("The request is not valid: " + faults[0], faults) from error


def _only_list(shape: types.StructType) -> str | None:
    """What a bare list means: the TypeScript client sends a command that has one list and nothing else so."""
    only = shape.fields[0] if len(shape.fields) == 1 else None
    return only.encode_name if only and isinstance(only.type, types.ListType) else None


@cache
def _shape(target: Any) -> types.Type:
    return types.type_info(target)


@cache
def _fields(struct: type) -> dict[str, types.Field]:
    shape = _shape(struct)
    assert isinstance(shape, types.StructType)  # noqa: S101 - called with structs only
    return {field.encode_name.casefold(): field for field in shape.fields}


def _fit(shape: types.Type, value: object) -> object:
    """Renames properties and enum texts to the declared spelling, and drops what is unknown or a null default."""
    if isinstance(shape, types.Metadata):
        return _fit(shape.type, value)
    if isinstance(shape, types.UnionType):
        return _fit_union(shape, value)
    if isinstance(shape, types.StructType) and isinstance(value, dict):
        return _fit_struct(shape, value)
    if isinstance(shape, types.ListType | types.VarTupleType) and isinstance(value, list):
        return [_fit(shape.item_type, item) for item in value if _may_be(shape.item_type, item)]
    if isinstance(shape, types.DictType) and isinstance(value, dict):
        return {key: _fit(shape.value_type, item) for key, item in value.items() if _may_be(shape.value_type, item)}
    if isinstance(shape, types.IntType) and isinstance(value, int) and abs(value) > _LARGEST:
        sentence = f"The number {str(value)[:40]} is too large; {_LARGEST} is the most."
        raise Invalid(sentence, [sentence])
    if isinstance(shape, types.EnumType) and isinstance(value, str):
        return next((member.value for member in shape.cls if str(member.value).casefold() == value.casefold()), value)
    if isinstance(shape, types.LiteralType) and isinstance(value, str):
        return next((one for one in shape.values if str(one).casefold() == value.casefold()), value)
    return value


def _fit_union(shape: types.UnionType, value: object) -> object:
    if value is None:
        return None
    members = [member for member in shape.types if not isinstance(member, types.NoneType)]
    if isinstance(value, dict):
        struct = next((member for member in members if isinstance(member, types.StructType | types.DictType)), None)
        return _fit(struct, value) if struct else value
    for member in members:
        if not isinstance(member, types.StructType | types.DictType):
            fitted = _fit(member, value)
            if fitted != value or len(members) == 1:
                return fitted
    return value


def _fit_struct(shape: types.StructType, value: dict[str, object]) -> dict[str, object]:
    known = _fields(shape.cls)
    fitted: dict[str, object] = {}
    for key, item in value.items():
        field = known.get(key.casefold())
        if field is None:
            continue
        if item is None and not _takes_null(field.type) and not field.required:
            continue
        fitted[field.encode_name] = _fit(field.type, item)
    return fitted


def _may_be(shape: types.Type, item: object) -> bool:
    """A null among items that cannot be null says that there is none."""
    return item is not None or _takes_null(shape)


def _takes_null(shape: types.Type) -> bool:
    if isinstance(shape, types.Metadata):
        return _takes_null(shape.type)
    if isinstance(shape, types.UnionType):
        return any(_takes_null(member) for member in shape.types)
    return isinstance(shape, types.NoneType | types.AnyType | types.RawType)


def _faults(shape: types.Type, fitted: object) -> list[str]:
    if not isinstance(shape, types.StructType) or not isinstance(fitted, dict):
        return []
    faults = []
    for field in _fields(shape.cls).values():
        if field.encode_name not in fitted:
            if field.required:
                faults.append(f"{field.encode_name} is missing.")
            continue
        faults += _field_faults(shape.cls, field, fitted[field.encode_name])
    return faults


def _field_faults(struct: type, field: types.Field, value: object) -> list[str]:
    probe = _probe(struct, field.name)
    try:
        msgspec.convert({"value": value}, probe, strict=False)
    except msgspec.ValidationError as error:
        return [_sentence(field.encode_name, str(error))]
    return []


@cache
def _probe(struct: type, field: str) -> type[msgspec.Struct]:
    """A struct of one field of the same type, to learn what is wrong with that field alone."""
    hints = typing.get_type_hints(struct, include_extras=True)
    return msgspec.defstruct("Probe", [("value", hints[field])])


def _sentence(field: str, message: str) -> str:
    """msgspec says "Expected `int`, got `str` - at `$.value[0].Name`"; we say where first."""
    what, _, where = message.partition(" - at `$")
    path = where.rstrip("`").removeprefix(".value")
    place = f"{field}{path}".lstrip(".") or "The body"
    return f"{place}: {what[:1].lower()}{what[1:]}."


def _described(value: object) -> str:
    if value is None:
        return "null"
    names = {list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number", dict: "an object"}
    return names.get(type(value), "something else")
