"""A document as JSON-like values and back, for programs that look at OCL without these classes.

An element is `{"type": "attribute", "name", "value"}` or `{"type": "block", "name", "labels", "body"}`. A value is
null, a boolean, a number, a text, a list, `{"$heredoc": {"value", "tag", "indented"}}`, `{"$dict": {...}}` or
`{"$string": text}`, a text that stays on one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from polpo.languages.ocl.elements import Attribute, Block, Document, Element, Heredoc, QuotedText, Value

Plain = Any  # JSON-like; the functions say which


def to_plain(document: Document | Iterable[Element]) -> list[dict[str, Plain]]:
    """Decimals become floats."""
    return [_plain_element(element) for element in document]


def _plain_element(element: Element) -> dict[str, Plain]:
    if isinstance(element, Attribute):
        return {"type": "attribute", "name": element.name, "value": _plain_value(element.value)}
    return {"type": "block", "name": element.name, "labels": list(element.labels), "body": to_plain(element.body)}


def _plain_value(value: object) -> Plain:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, QuotedText):
        return {"$string": str(value)}
    if isinstance(value, Heredoc):
        return {"$heredoc": {"value": value.text, "tag": value.tag, "indented": value.indented}}
    if isinstance(value, dict):
        return {"$dict": {key: _plain_value(item) for key, item in value.items()}}
    if isinstance(value, list):
        return [_plain_value(item) for item in value]
    return value


def from_plain(elements: Iterable[Mapping[str, Plain]]) -> Document:
    return Document([_element(element) for element in elements])


def _element(element: Mapping[str, Plain]) -> Element:
    if element["type"] == "attribute":
        return Attribute(element["name"], _value(element["value"]))
    return Block(element["name"], list(element.get("labels", ())), from_plain(element.get("body", ())).body)


def _value(value: Plain) -> Value:
    if isinstance(value, list):
        return [_value(item) for item in value]  # type: ignore[return-value]  # the writer checks what may stand in a list
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    if "$heredoc" in value:
        heredoc = value["$heredoc"]
        return Heredoc(heredoc["value"], heredoc.get("tag", "EOT"), heredoc.get("indented", True))
    if "$string" in value:
        return QuotedText(value["$string"])
    return {key: _value(item) for key, item in value["$dict"].items()}  # type: ignore[misc]  # no dictionary in one
