"""Links: which templates a kind of document carries, filled with the document's own values.

`{SpaceId}`, `{Id}` and other capitalised names of the document are filled here; what the document does not have, and
every query part such as `{?skip,take}`, stays for the client as an RFC 6570 template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar, cast
from urllib.parse import quote

import msgspec

from polpo.store.documents import Document, SensitiveValue, may_hold_secrets, secrets_of
from polpo.store.kinds import Kind

D = TypeVar("D", bound=Document)

_NAME = re.compile(r"\{([A-Z][A-Za-z]*)\}")
_EMPTY = b'"Links":{}'

#: Templates by document type; features fill it when they are imported.
_templates: dict[type[Document], dict[str, str]] = {}
_varying: dict[type[Document], Callable[[Any], Mapping[str, str | None]]] = {}


def register(document: type[Document], templates: Mapping[str, str]) -> None:
    """Gives every document of the type these links."""
    _templates[document] = dict(templates)


def vary(document: type[D], links: Callable[[D], Mapping[str, str | None]]) -> None:
    """Links that a document has, or with None has not, because of what it holds. Already filled."""
    _varying[document] = links


@dataclass(frozen=True)
class _Links:
    """All links of a document type as one JSON text to be formatted: a list page fills a thousand of them."""

    attributes: tuple[str, ...]
    text: str
    places: tuple[int, ...]

    def filled(self, value: Callable[[str], object]) -> bytes:
        values = [_quoted(str(value(attribute) or "")) for attribute in self.attributes]
        return (self.text % tuple([values[place] for place in self.places])).encode()


@lru_cache(maxsize=8192)
def _quoted(text: str) -> str:
    """Rows of a page share most of their ids."""
    return quote(text, safe="")


@cache
def _compiled(document: Any) -> _Links:
    known = {field.encode_name: field.name for field in msgspec.structs.fields(document)}
    attributes: list[str] = []
    places: list[int] = []

    def place(match: re.Match[str]) -> str:
        attribute = known.get(match[1])
        if attribute is None:
            return match[0]
        if attribute not in attributes:
            attributes.append(attribute)
        places.append(attributes.index(attribute))
        return "%s"

    templates = _templates.get(document, {})
    texts = {name: _NAME.sub(place, template.replace("%", "%%")) for name, template in templates.items()}
    return _Links(tuple(attributes), msgspec.json.encode(texts).decode(), tuple(places))


def links_of(document: Document) -> dict[str, str]:
    filled = _compiled(cast("Hashable", type(document))).filled(lambda attribute: getattr(document, attribute, None))
    links: dict[str, str] = msgspec.json.decode(filled)
    varying = _varying.get(type(document))
    if varying is None:
        return links
    changed = {**links, **varying(document)}
    return {name: link for name, link in changed.items() if link is not None}


@dataclass(frozen=True)
class RowRenderer:
    """Renders stored rows; without decoding them where the links need searched columns only."""

    kind: Kind[Any]
    splices: bool
    links: _Links

    def __call__(self, row: Any) -> Any:
        if not self.splices:
            return present(self.kind.decoder.decode(row.doc))
        links = self.links.filled(row._mapping.get)  # noqa: SLF001 - SQLAlchemy's public name of a row's mapping
        return msgspec.Raw(row.doc.replace(_EMPTY, b'"Links":' + links, 1))


@cache
def renderer(kind: Kind[Any]) -> RowRenderer:
    links = _compiled(cast("Hashable", kind.document))
    available = {column.name for column in kind.table.columns}
    splices = not kind.holds_secrets and kind.document not in _varying and available.issuperset(links.attributes)
    return RowRenderer(kind, splices, links)


def present(document: Any) -> Any:
    """Prepares a value for the wire: links filled, secrets emptied. Works on the object itself."""
    if isinstance(document, Document):
        document.links = links_of(document) | document.links
    if may_hold_secrets(cast("Hashable", type(document))):
        for _, secret in secrets_of(document):
            conceal(secret)
    return document


def conceal(secret: SensitiveValue) -> None:
    secret.has_value = secret.has_value or secret.new_value is not None
    secret.new_value = None
