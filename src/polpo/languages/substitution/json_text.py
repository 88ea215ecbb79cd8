"""JSON in the values of variables, read as leniently as the readers that people's values were written for."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Dict, List, Tuple, Union

from polpo.languages.substitution.tokens import print_number

Json = Union[None, bool, int, float, str, List[Any], Dict[str, Any]]

_MAX_DEPTH = 64
_SKIP = re.compile(r"(?:\s+|/\*[\s\S]*?\*/|//[^\n]*)*")
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_BARE_NAME = re.compile(r"[\w$]+")
_WORDS: Dict[str, Json] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\", "/": "/"}


class NotJson(ValueError):
    """The text is not JSON, not even by a lenient reading."""


@lru_cache(maxsize=256)
def read_json(text: str) -> Json:
    """Do not change what comes back: it is shared. Raises `NotJson`."""
    return parse_json(text)


def parse_json(text: str) -> Json:
    """A fresh value, leniently read; an empty text is null. Raises `NotJson`."""
    try:
        return json.loads(text)  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        return _Reader(text).document()


def write_json(value: Json) -> str:
    """Compact, without blanks; a whole floating number keeps its `.0`."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quoted(name)}:{write_json(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write_json(item) for item in value) + "]"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, float):
        text = print_number(value)
        return text if any(c in text for c in ".EN") or "Inf" in text else f"{text}.0"
    return json.dumps(value)


def plain_text(value: Json) -> str:
    """As a value of a variable: text as it is, booleans as `True` and `False`, null as nothing, the rest as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, float):
        return print_number(value)
    return write_json(value)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    for character in "\x85\u2028\u2029":
        quoted = quoted.replace(character, f"\\u{ord(character):04x}")
    return quoted


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def document(self) -> Json:
        position = self._skip(0)
        if position == len(self.text):
            return None
        value, position = self._value(position, 0)
        if self._skip(position) != len(self.text):
            raise NotJson("text goes on after the JSON value")
        return value

    def _skip(self, position: int) -> int:
        match = _SKIP.match(self.text, position)
        return match.end() if match else position

    def _value(self, position: int, depth: int) -> Tuple[Json, int]:
        if depth > _MAX_DEPTH:
            raise NotJson("nested too deeply")
        start = self.text[position : position + 1]
        if start == "{":
            return self._object(position + 1, depth)
        if start == "[":
            return self._array(position + 1, depth)
        if start in ('"', "'") and start:
            return self._string(position + 1, start)
        for word, value in _WORDS.items():
            if self.text.startswith(word, position):
                return value, position + len(word)
        return self._number(position)

    def _number(self, position: int) -> Tuple[Json, int]:
        match = _NUMBER.match(self.text, position)
        if match is None:
            raise NotJson(f"no value at {position}")
        text = match.group()
        if "x" in text or "X" in text:
            return int(text, 16), match.end()
        if any(c in text for c in ".eE"):
            return float(text), match.end()
        octal = len(text.lstrip("-")) > 1 and text.lstrip("-").startswith("0")
        try:
            return int(text, 8 if octal else 10), match.end()
        except ValueError:
            raise NotJson(f"no number at {position}") from None

    def _string(self, position: int, quote: str) -> Tuple[str, int]:
        parts: List[str] = []
        plain = re.compile(rf"[^\\{quote}]*")
        while True:
            match = plain.match(self.text, position)
            if match is None or match.end() == len(self.text):
                raise NotJson("a text is not closed")
            parts.append(match.group())
            position = match.end()
            if self.text[position] == quote:
                return "".join(parts), position + 1
            escaped = self.text[position + 1 : position + 2]
            if escaped == "u" and re.match("[0-9a-fA-F]{4}", self.text[position + 2 : position + 6]):
                parts.append(chr(int(self.text[position + 2 : position + 6], 16)))
                position += 6
            elif escaped in _ESCAPES:
                parts.append(_ESCAPES[escaped])
                position += 2
            else:
                raise NotJson(f"unknown escape at {position}")

    def _object(self, position: int, depth: int) -> Tuple[Json, int]:
        found: Dict[str, Json] = {}
        position = self._skip(position)
        while not self.text.startswith("}", position):
            name, position = self._name(position)
            position = self._skip(position)
            if not self.text.startswith(":", position):
                raise NotJson(f"no colon at {position}")
            found[name], position = self._value(self._skip(position + 1), depth + 1)
            position = self._after_item(position, "}")
        return found, position + 1

    def _name(self, position: int) -> Tuple[str, int]:
        quote = self.text[position : position + 1]
        if quote in ('"', "'") and quote:
            return self._string(position + 1, quote)
        match = _BARE_NAME.match(self.text, position)
        if match is None:
            raise NotJson(f"no property name at {position}")
        return match.group(), match.end()

    def _array(self, position: int, depth: int) -> Tuple[Json, int]:
        found: List[Json] = []
        position = self._skip(position)
        while not self.text.startswith("]", position):
            item: Json = None
            if not self.text.startswith(",", position):
                item, position = self._value(position, depth + 1)
            found.append(item)
            position = self._after_item(position, "]")
        return found, position + 1

    def _after_item(self, position: int, closing: str) -> int:
        position = self._skip(position)
        if self.text.startswith(",", position):
            return self._skip(position + 1)
        if not self.text.startswith(closing, position):
            raise NotJson(f"no comma at {position}")
        return position
