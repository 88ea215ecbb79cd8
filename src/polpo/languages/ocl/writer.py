"""From document to text, as the original writes it: what a server wrote and this reads, this writes back alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from polpo.languages.ocl.characters import BLANK, is_control, is_name_character
from polpo.languages.ocl.collation import collation_key
from polpo.languages.ocl.elements import MAX_DEPTH, Attribute, Block, Document, Element, Heredoc, QuotedText
from polpo.languages.ocl.errors import OclWriteError
from polpo.languages.ocl.heredocs import can_hold, free_tag
from polpo.languages.ocl.numbers import decimal_text, double_text, integer_text

_ASCII_NAME = re.compile(r"[A-Za-z_-][A-Za-z0-9_-]*")
_QUOTED_KEY = re.compile(f'"|{BLANK}|^$')
_ESCAPES = str.maketrans({"\\": "\\\\", "\r": "\\r", "\n": "\\n", "\t": "\\t", '"': '\\"'})


def write(
    document: Document | Iterable[Element],
    *,
    indent: int = 4,
    indent_character: str = " ",
    heredoc_tag: str = "EOT",
    line_break: str = "\n",
) -> str:
    """The text, without a line break at its end. Reading it gives the same document.

    A text with a line feed becomes an indented heredoc, and a quoted text where no heredoc can hold its line ends.
    Entries of dictionaries are sorted by key. Raises OclWriteError for what cannot be written.
    """
    writer = _Writer(indent_character * indent, heredoc_tag, line_break)
    writer.body(document, 0)
    return "".join(writer.parts)


class _Writer:
    def __init__(self, indent: str, heredoc_tag: str, line_break: str) -> None:
        self.parts: list[str] = []
        self._indent = indent
        self._tag = heredoc_tag
        self._line_break = line_break

    def body(self, elements: Iterable[Element], depth: int) -> None:
        """Blocks stand free: an empty line parts them from whatever else is in the body."""
        if depth > MAX_DEPTH:
            raise OclWriteError(f"Blocks are nested more than {MAX_DEPTH} deep.")
        previous: Element | None = None
        for element in elements:
            if previous is not None:
                self.parts.append(self._line_break)
                if isinstance(previous, Block) or isinstance(element, Block):
                    self.parts.append(self._line_break)
            self._element(element, depth)
            previous = element

    def _element(self, element: Element, depth: int) -> None:
        parts = self.parts
        parts.append(self._indent * depth + name_text(element.name))
        if isinstance(element, Attribute):
            parts.append(" = ")
            self._value(element.name, element.value, depth)
            return
        parts.extend(f" {quoted(label)}" for label in element.labels)
        if not element.body:
            parts.append(" {}")
            return
        parts.append(" {" + self._line_break)
        self.body(element.body, depth + 1)
        parts.append(f"{self._line_break}{self._indent * depth}}}")

    def _value(self, name: str, value: object, depth: int) -> None:
        if isinstance(value, dict):
            self._dictionary(name, value, depth)
        else:
            self._literal(name, value, depth)

    def _dictionary(self, name: str, entries: dict[str, object], depth: int) -> None:
        inner = self._indent * (depth + 1)
        self.parts.append("{" + self._line_break)
        texts = {key: _key_text(name, key) for key in entries}
        for key in sorted(entries, key=collation_key):
            self.parts.append(f"{inner}{texts[key]} = ")
            self._literal(f"{name}.{key}", entries[key], depth)
            self.parts.append(self._line_break)
        self.parts.append(self._indent * depth + "}")

    def _literal(self, name: str, value: object, depth: int) -> None:
        if isinstance(value, Heredoc):
            self._heredoc(value, depth)
        elif isinstance(value, str) and "\n" in value and not isinstance(value, QuotedText):
            self._heredoc(Heredoc(value, self._tag), depth)
        elif isinstance(value, list | tuple):
            self.parts.append(f"[{', '.join(_items(name, value))}]")
        else:
            self.parts.append(_scalar(name, value))

    def _heredoc(self, heredoc: Heredoc, depth: int) -> None:
        """The lines of an indented one stand two levels below the attribute, also those of a dictionary's entry."""
        if not can_hold(heredoc.text):
            self.parts.append(quoted(heredoc.text))
            return
        tag = free_tag(heredoc.tag, heredoc.text, heredoc.indented)
        indent = self._indent * (depth + 2) if heredoc.indented else ""
        lines = heredoc.text.replace("\n", "\n" + indent)
        opening = "<<-" if heredoc.indented else "<<"
        self.parts.append(f"{opening}{tag}{self._line_break}{indent}{lines}{self._line_break}{indent}{tag}")


def name_text(name: str) -> str:
    """What no name may hold becomes `_`."""
    if _ASCII_NAME.fullmatch(name):
        return name
    if not name.strip():
        raise OclWriteError("An attribute or a block has no name.")
    first = "_" if name[0].isdecimal() else ""
    return first + "".join(map(_name_character, name))


def _name_character(character: str) -> str:
    if character == "-" or is_name_character(character):
        return character
    return "__" if ord(character) > 0xFFFF else "_"


def quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _key_text(name: str, key: object) -> str:
    if not isinstance(key, str):
        raise OclWriteError(f"A key of '{name}' is no text.")
    if any(map(is_control, key)):
        raise OclWriteError(f"A key of '{name}' holds a control character such as a line break.")
    return quoted(key) if _QUOTED_KEY.search(key) else key


def _items(name: str, items: Iterable[object]) -> list[str]:
    """Items are of one kind: with a decimal among them, the whole numbers are written as decimals too."""
    found = list(items)
    if all(isinstance(item, str) for item in found):
        return [quoted(str(item)) for item in found]
    if not all(isinstance(item, int | float | Decimal) and not isinstance(item, bool) for item in found):
        raise OclWriteError(f"The items of '{name}' must be all texts or all numbers.")
    texts = [_scalar(name, item) for item in found]
    if all(isinstance(item, int) for item in found):
        return texts
    return [text if "." in text else f"{text}.0" for text in texts]


def _scalar(name: str, value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int):
        return integer_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, dict):
        raise OclWriteError(f"'{name}' is a dictionary in a dictionary, which OCL does not have.")
    raise OclWriteError(f"'{name}' is a {type(value).__name__}, which OCL cannot hold.")
