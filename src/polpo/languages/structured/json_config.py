"""JSON: nodes by path, replaced with regard to their type, the whole written anew."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple, Union

from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.structured.texts import common_break
from polpo.languages.substitution import VariableDictionary
from polpo.languages.substitution.doubles import read_double
from polpo.languages.substitution.json_text import Json, NotJson, parse_json, write_json
from polpo.languages.substitution.tokens import fold

_LONG = re.compile(r"\s*[+-]?[0-9]+\s*")

Place = Tuple[Any, Union[int, str]]


class _Impossible(ValueError):
    """The value cannot take the place of the node."""


def replace_in_json(text: str, variables: VariableDictionary, messages: Messages) -> str:
    """Indented by two, without comments and without a line break at the end. Raises `NotReadable`."""
    root: List[Json] = [{}]
    if text:
        try:
            root[0] = parse_json(text)
        except NotJson as problem:
            raise NotReadable(str(problem)) from problem
    places: Dict[str, Place] = {}
    _map(root[0], places)
    for name in variables.names():
        place = places.get(fold(name)) if _may_be_path(name) else None
        if place is not None:
            messages.found(name)
            _replace(place, name, variables, messages)
    messages.finish()
    return _written(root[0], common_break(text) if text else "\r\n")


def _may_be_path(name: str) -> bool:
    folded = name.lower()
    return not folded.startswith("octopus") or folded.startswith("octopus:")


def _map(root: Json, places: Dict[str, Place]) -> None:
    """Where each path leads: the container and the key in it. Of equal paths the last in the file counts."""
    open_nodes: List[Tuple[Any, Iterator[Any], str]] = [(root, _keys(root), "")]
    while open_nodes:
        container, keys, above = open_nodes[-1]
        key = next(keys, None)
        if key is None:
            open_nodes.pop()
            continue
        path = f"{above}{key}"
        places[fold(path)] = (container, key)
        open_nodes.append((container[key], _keys(container[key]), f"{path}:"))


def _keys(node: Json) -> Iterator[Any]:
    if isinstance(node, dict):
        return iter(node)
    return iter(range(len(node))) if isinstance(node, list) else iter(())


def _replace(place: Place, name: str, variables: VariableDictionary, messages: Messages) -> None:
    container, key = place
    try:
        container[key] = _converted(container[key], variables.get(name))
    except _Impossible as problem:
        messages.warning(f"Unable to set value for {name}. The following error occurred: {problem}")


def _converted(node: Json, value: Optional[str]) -> Json:
    if node is None or isinstance(node, str):
        return value
    if value is None:
        raise _Impossible("the variable has no value")
    if isinstance(node, bool):
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    if isinstance(node, (int, float)):
        return _number(value)
    try:
        return parse_json(value)
    except NotJson as problem:
        raise _Impossible(str(problem)) from problem


def _number(value: str) -> Json:
    if _LONG.fullmatch(value) and -(2**63) <= int(value) < 2**63:
        return int(value)
    double = read_double(value)
    return value if double is None else double


def _written(value: Json, line_break: str) -> str:
    parts: List[str] = []
    _write(value, line_break, parts.append)
    return "".join(parts)


def _write(value: Json, margin: str, write: Callable[[str], None]) -> None:
    if not isinstance(value, (dict, list)) or not value:
        write(write_json(value))
        return
    inner = margin + "  "
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = opening
    for item in value.items() if isinstance(value, dict) else ((None, one) for one in value):
        write(separator + inner)
        if item[0] is not None:
            write(write_json(item[0]) + ": ")
        _write(item[1], inner, write)
        separator = ","
    write(margin + closing)
