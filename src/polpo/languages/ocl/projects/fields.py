"""What one attribute says: its name in the file, its property on the wire, and how the value is translated.

Reading reports a value of the wrong kind and goes on; writing gives None for what a file leaves out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from polpo.languages.ocl.elements import Attribute, Heredoc, Value
from polpo.languages.ocl.naming import file_name_of
from polpo.languages.ocl.projects.translation import Translation


class Kind(Protocol):
    def read(self, attribute: Attribute, translation: Translation) -> Any: ...

    def write(self, value: Any, translation: Translation) -> Value: ...


@dataclass(frozen=True, slots=True)
class Field:
    """`wire` is the name in the API, `name` that in the file where it does not follow from it.

    `aliases` are read and never written.
    """

    wire: str
    kind: Kind
    name: str = ""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or file_name_of(self.wire))


def text_of(value: object) -> str | None:
    """A value as a text: numbers and booleans count as what was meant. None where it is none of these."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Heredoc):
        return value.text
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return str(value)
    return format(value, "f") if isinstance(value, Decimal) else None


def wrong(attribute: Attribute, expected: str, translation: Translation) -> None:
    translation.fault(f"'{attribute.name}' must be {expected}", attribute.position)


@dataclass(frozen=True, slots=True)
class Text:
    """Empty texts are written, as the original does, except where `keep_empty` says that nothing is meant by them."""

    keep_empty: bool = True

    def read(self, attribute: Attribute, translation: Translation) -> str | None:
        found = text_of(attribute.value)
        if found is None and attribute.value is not None:
            wrong(attribute, "a text", translation)
        return found

    def write(self, value: Any, translation: Translation) -> Value:
        if value is None or (value == "" and not self.keep_empty):
            return None
        return str(value)


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of one thing of a kind, written as its slug."""

    to: str

    def read(self, attribute: Attribute, translation: Translation) -> str | None:
        found = Text().read(attribute, translation)
        return None if found is None else translation.identifier_of(self.to, found, attribute.position)

    def write(self, value: Any, translation: Translation) -> Value:
        return None if value is None else translation.slug_of(self.to, value)


@dataclass(frozen=True, slots=True)
class Flag:
    """Written where it differs from `usual`."""

    usual: bool = False

    def read(self, attribute: Attribute, translation: Translation) -> bool:
        found = (text_of(attribute.value) or "").casefold()
        if found not in {"true", "false"}:
            wrong(attribute, "true or false", translation)
        return found == "true"

    def write(self, value: Any, translation: Translation) -> Value:
        return None if value is None or value == self.usual else bool(value)


@dataclass(frozen=True, slots=True)
class Number:
    def read(self, attribute: Attribute, translation: Translation) -> int:
        if isinstance(attribute.value, int) and not isinstance(attribute.value, bool):
            return attribute.value
        wrong(attribute, "an integer", translation)
        return 0

    def write(self, value: Any, translation: Translation) -> Value:
        return value or None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; left out where it is `usual`."""

    words: tuple[str, ...]
    usual: str | None = None

    def read(self, attribute: Attribute, translation: Translation) -> str | None:
        found = (text_of(attribute.value) or "").casefold()
        for word in self.words:
            if word.casefold() == found:
                return word
        wrong(attribute, f"one of {', '.join(self.words)}", translation)
        return self.usual

    def write(self, value: Any, translation: Translation) -> Value:
        return None if not value or value == self.usual else str(value)


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts; with `to`, of references."""

    to: str | None = None

    def read(self, attribute: Attribute, translation: Translation) -> list[str]:
        found = [text_of(item) for item in attribute.value] if isinstance(attribute.value, list) else [None]
        if None in found:
            wrong(attribute, "a list of texts", translation)
        texts = [text for text in found if text is not None]
        if self.to is None:
            return texts
        return [translation.identifier_of(self.to, text, attribute.position) for text in texts]

    def write(self, value: Any, translation: Translation) -> Value:
        if not value:
            return None
        return [str(item) if self.to is None else translation.slug_of(self.to, item) for item in value]


@dataclass(frozen=True, slots=True)
class TextDictionary:
    """Texts by name. Nulls are left out."""

    def read(self, attribute: Attribute, translation: Translation) -> dict[str, str]:
        if not isinstance(attribute.value, dict):
            wrong(attribute, "a dictionary", translation)
            return {}
        found = {key: text_of(value) for key, value in attribute.value.items() if value is not None}
        for key, text in found.items():
            if text is None:
                translation.fault(f"'{key}' in '{attribute.name}' must be a text", attribute.position)
        return {key: text for key, text in found.items() if text is not None}

    def write(self, value: Any, translation: Translation) -> Value:
        return {key: str(item) for key, item in (value or {}).items() if item is not None} or None


@dataclass(frozen=True, slots=True)
class JsonText:
    """A value of any shape, as JSON in a text."""

    def read(self, attribute: Attribute, translation: Translation) -> Any:
        found = text_of(attribute.value)
        try:
            return json.loads(found or "null")
        except (ValueError, RecursionError):
            wrong(attribute, "a text with JSON in it", translation)
            return None

    def write(self, value: Any, translation: Translation) -> Value:
        return json.dumps(value, indent=2, ensure_ascii=False) if value else None
