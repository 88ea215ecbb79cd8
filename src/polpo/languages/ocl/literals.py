"""Values in the text. Each reader takes where the value starts and returns it with where it ends."""

from __future__ import annotations

import re
from decimal import Decimal

from polpo.languages.ocl.characters import BLANK, BLANK_CHARACTERS, SAME_LINE_BLANK
from polpo.languages.ocl.elements import Array, Scalar
from polpo.languages.ocl.heredocs import read_heredoc
from polpo.languages.ocl.source import Source

Literal = Scalar | Array

BLANKS = re.compile(f"{BLANK}*")
SAME_LINE = re.compile(f"{SAME_LINE_BLANK}*")
_STRING = re.compile(r'"([^"\\\r\n]*(?:\\[rnt\\"][^"\\\r\n]*)*)"')
_PLAIN = re.compile(r'[^"\\\r\n]*')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_KEY = re.compile(f'[^{BLANK_CHARACTERS}"]*')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\", '"': '"'}
_WORDS = {"n": ("null", None), "t": ("true", True), "f": ("false", False)}
_LARGEST_INTEGER = 2**31 - 1


def skip(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def read_literal(source: Source, start: int) -> tuple[Literal, int]:
    text = source.text
    first = text[start : start + 1]
    if first == '"':
        return read_string(source, start)
    if first == "<":
        return read_heredoc(source, start)
    if first == "[":
        return _read_array(source, start)
    if first in _WORDS:
        word, value = _WORDS[first]
        if text.startswith(word, start):
            return value, start + len(word)
    elif first == "-" or first.isdecimal():
        return _read_number(source, start)
    raise source.unexpected(start, "a value on this line (text, number, true, false, null or a list)")


def read_string(source: Source, start: int) -> tuple[str, int]:
    match = _STRING.match(source.text, start)
    if match is None:
        raise _string_fault(source, start)
    found = match.group(1)
    if "\\" in found:
        found = _ESCAPE.sub(lambda escape: _ESCAPES[escape.group(1)], found)
    return found, match.end()


def _string_fault(source: Source, start: int) -> Exception:
    """What stops a text that starts here from ending."""
    text = source.text
    offset = start + 1
    while True:
        offset = skip(_PLAIN, text, offset)
        if text[offset : offset + 1] != "\\" or offset + 1 == len(text):
            return source.unexpected(offset, "a double quote to end the text")
        if text[offset + 1] not in _ESCAPES:
            return source.fault(offset, f"Unrecognised character escape: \\{text[offset + 1]}")
        offset += 2


def _read_number(source: Source, start: int) -> tuple[int | Decimal, int]:
    match = _NUMBER.match(source.text, start)
    if match is None:
        raise source.unexpected(start + 1, "a digit")
    found = match.group()
    if not found.isascii():
        raise source.fault(start, "A number is written with the digits 0 to 9")
    if "." in found:
        return Decimal(found), match.end()
    digits = found.lstrip("-0")
    number = int(digits or "0") if len(digits) <= 10 else None
    if number is None or number > _LARGEST_INTEGER + found.startswith("-"):
        raise source.fault(start, "An integer has at most 32 bits; write a larger one as a text")
    return (-number if found.startswith("-") else number), match.end()


def _read_array(source: Source, start: int) -> tuple[Array, int]:
    text = source.text
    offset = skip(BLANKS, text, start + 1)
    if text[offset : offset + 1] == "]":
        return [], offset + 1
    items: list[str | int | Decimal] = []
    while True:
        item, end = _read_item(source, offset)
        if items and type(item) is not type(items[0]):
            raise source.fault(offset, "The items of a list are all texts, all integers or all decimals")
        items.append(item)
        offset = skip(BLANKS, text, end)
        closing = text[offset : offset + 1]
        if closing == "]":
            return items, offset + 1  # type: ignore[return-value]  # one type, as checked
        if closing != ",":
            raise source.unexpected(offset, "',' or ']'")
        offset = skip(BLANKS, text, offset + 1)


def _read_item(source: Source, start: int) -> tuple[str | int | Decimal, int]:
    first = source.text[start : start + 1]
    if first == '"':
        return read_string(source, start)
    if first == "-" or first.isdecimal():
        return _read_number(source, start)
    raise source.unexpected(start, "a text or a number as an item of the list")


def read_dictionary(source: Source, start: int) -> tuple[dict[str, Literal], int]:
    """A key runs to the next blank, so `}` may begin one: it ends the dictionary only where no entry can be read."""
    text = source.text
    entries: dict[str, Literal] = {}
    offset = skip(BLANKS, text, start + 1)
    while True:
        key, end = _read_key(source, offset)
        equals = skip(SAME_LINE, text, end)
        value_start = skip(SAME_LINE, text, equals + 1)
        has_entry = text[equals : equals + 1] == "="
        if text[offset : offset + 1] == "}" and (not has_entry or text[value_start : value_start + 1] == "{"):
            return entries, offset + 1
        if not has_entry:
            raise source.unexpected(equals, _expected(key, text[offset : offset + 1]))
        if key in entries:
            raise source.fault(offset, f"The key '{key}' stands twice in one dictionary")
        entries[key], end = read_literal(source, value_start)
        offset = skip(BLANKS, text, end)


def _expected(key: str, first: str) -> str:
    if not first:
        return "'}' to end the dictionary"
    return "a blank and '=' after the key" if key.endswith("=") else f"'=' after the key '{key[:100]}'"


def _read_key(source: Source, start: int) -> tuple[str, int]:
    if source.text[start : start + 1] == '"':
        return read_string(source, start)
    end = skip(_KEY, source.text, start)
    return source.text[start:end], end
