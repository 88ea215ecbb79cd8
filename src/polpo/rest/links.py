"""Links: which templates a kind of document carries, filled with the document's own values.

`{SpaceId}`, `{Id}` and other capitalised names of the document are filled here; what the document does not have, and
every query part such as `{?skip,take}`, stays for the client as an RFC 6570 template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import quote

import msgspec

from polpo.store.documents import Document, SensitiveValue, secrets_of
from polpo.store.kinds import Kind

_NAME = re.compile(r"\{([A-Z][A-Za-z]*)\}")
_EMPTY = b'"Links":{}'

#: Templates by document type; features fill it when they are imported.
_templates: dict[type[Document], dict[str, str]] = {}


def register(document: type[Document], templates: Mapping[str, str]) -> None:
    """Gives every document of the type these links."""
    _templates[document] = dict(templates)


@cache
def _compiled(document: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    known = {field.encode_name: field.name for field in msgspec.structs.fields(document)}
    compiled = []
    for name, template in _templates.get(document, {}).items():
        parts = _NAME.split(template)
        resolved = tuple((known.get(part, "{" + part + "}") if index % 2 else part) for index, part in enumerate(parts))
        compiled.append((name, resolved))
    return tuple(compiled)


def links_of(document: Document) -> dict[str, str]:
    return _fill(type(document), lambda attribute: getattr(document, attribute, None))


def _fill(document: type[Document], value: Callable[[str], object]) -> dict[str, str]:
    links: dict[str, str] = {}
    for name, parts in _compiled(cast("Hashable", document)):
        text = ""
        for index, part in enumerate(parts):
            if index % 2 and not part.startswith("{"):
                text += quote(str(value(part) or ""), safe="")
            else:
                text += part
        links[name] = text
    return links


@dataclass(frozen=True)
class RowRenderer:
    """Renders stored rows; without decoding them where the links need searched columns only."""

    kind: Kind[Any]
    splices: bool

    def __call__(self, row: Any) -> Any:
        if not self.splices:
            return present(self.kind.decoder.decode(row.doc))
        filled = _fill(self.kind.document, row._mapping.get)  # noqa: SLF001 - SQLAlchemy's public name of a row's mapping
        links = msgspec.json.encode(filled)
        return msgspec.Raw(row.doc.replace(_EMPTY, b'"Links":' + links, 1))


@cache
def renderer(kind: Kind[Any]) -> RowRenderer:
    needed = {
        part
        for _, parts in _compiled(cast("Hashable", kind.document))
        for index, part in enumerate(parts)
        if index % 2 and not part.startswith("{")
    }
    available = {column.name for column in kind.table.columns}
    return RowRenderer(kind, splices=not kind.holds_secrets and needed <= available)


def present(document: Any) -> Any:
    """Prepares a value for the wire: links filled, secrets emptied. Works on the object itself."""
    if isinstance(document, Document):
        document.links = links_of(document) | document.links
    for _, secret in secrets_of(document):
        conceal(secret)
    return document


def conceal(secret: SensitiveValue) -> None:
    secret.has_value = secret.has_value or secret.new_value is not None
    secret.new_value = None
