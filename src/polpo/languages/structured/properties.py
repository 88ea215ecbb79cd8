r"""Java properties. Everything that is not replaced keeps its exact text: the file is taken apart without loss."""

from __future__ import annotations

import re
from typing import Callable, Iterator, List, NamedTuple, Optional, Tuple

from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.substitution import VariableDictionary
from polpo.languages.substitution.filters.escaping import properties_value

_SKIPPED = re.compile(r"[ \t]*(?:[#!][^\r\n]*)?(?:\r\n|\r|\n|$)")
_BLANKS = r"(?:[ \t]|\\(?:\r\n|\r|\n))*"
_INDENT = re.compile(_BLANKS)
_KEY = re.compile(r"(?:[^\\=: \t\r\n]|\\(?:\r\n[ \t]*|[\r\n][ \t]*|[^\r\n]))*")
_SEPARATOR = re.compile(rf"{_BLANKS}[=:]{_BLANKS}|(?:[ \t]){_BLANKS}|{_BLANKS}")
_VALUE = re.compile(r"(?:[^\\\r\n]|\\(?:\r\n[ \t]*|[\r\n][ \t]*|[^\r\n]))*\\?")
_ESCAPE = re.compile(r"\\(?:\r\n[ \t]*|[\r\n][ \t]*|u([0-9a-fA-F]{4})|(.)|$)", re.DOTALL)
_LETTERS = {"r": "\r", "n": "\n", "t": "\t"}


class Property(NamedTuple):
    """Raw pieces in order of the file: what stands before, the key, the separator, the value."""

    before: str
    key: str
    separator: str
    value: str


def take_apart(text: str) -> Tuple[List[Property], str]:
    """All properties and what follows the last. Joined again they are the text."""
    found: List[Property] = []
    start = position = 0
    while position < len(text):
        skipped = _SKIPPED.match(text, position)
        if skipped is not None and skipped.end() > position:
            position = skipped.end()
            continue
        entry = _property(text, start, position)
        found.append(entry)
        position = start = start + sum(map(len, entry))
    return found, text[start:]


def _property(text: str, start: int, position: int) -> Property:
    key_start = _end(_INDENT, text, position)
    key_end = _end(_KEY, text, key_start)
    if text[key_end : key_end + 1] == "\\":  # a lone backslash at the end of the file
        key_end += 1
    separator_end = _end(_SEPARATOR, text, key_end)
    value_end = _end(_VALUE, text, separator_end)
    return Property(
        text[start:key_start], text[key_start:key_end], text[key_end:separator_end], text[separator_end:value_end]
    )


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def logical(raw: str) -> str:
    r"""The text that a raw key or value stands for. Raises `NotReadable` for `\u` with fewer than four digits."""
    if "\\" not in raw:
        return raw
    if re.search(r"(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})", raw):
        raise NotReadable(f"an escape \\u without four hexadecimal digits in '{raw[:200]}'")
    return _joined_surrogates(_ESCAPE.sub(_unescaped, raw))


def _unescaped(match: re.Match[str]) -> str:
    code, letter = match.groups()
    return chr(int(code, 16)) if code else _LETTERS.get(letter, letter) if letter else ""


def _joined_surrogates(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def pairs(text: str) -> Iterator[Tuple[str, str]]:
    """Keys and values as a program reads them. Raises `NotReadable`."""
    for entry in take_apart(text)[0]:
        yield logical(entry.key), logical(entry.value)


def replace_values(text: str, value_of: Callable[[str], Optional[str]]) -> str:
    """Every property whose logical key has a new value. Raises `NotReadable`."""
    entries, rest = take_apart(text)
    for entry in entries:
        logical(entry.value)
    return "".join("".join(_replaced(entry, value_of(logical(entry.key)))) for entry in entries) + rest


def _replaced(entry: Property, value: Optional[str]) -> Property:
    if value is None:
        return entry
    return entry._replace(separator=entry.separator or ":", value=properties_value(value, ()) or "")


def replace_in_properties(text: str, variables: VariableDictionary, messages: Messages) -> str:
    """Raises `NotReadable`."""

    def value_of(name: str) -> Optional[str]:
        if name.lower().startswith("octopus") or name not in variables:
            return None
        messages.found(name)
        return variables.get(name) or ""

    changed = replace_values(text, value_of)
    messages.finish()
    return changed
