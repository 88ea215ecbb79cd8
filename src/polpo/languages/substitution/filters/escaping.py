"""Filters that make text safe inside another format."""

from __future__ import annotations

import re
from typing import Callable, Mapping, Optional, Sequence
from urllib.parse import quote

from polpo.languages.substitution.filters import utf16

_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_HTML = {**_XML, "/": "&#x2F;"}
_LINES = {"\\": "\\\\", "\r": "\\r", "\n": "\\n", "\t": "\\t"}
_JSON = {**_LINES, '"': '\\"'}
_KEY = {**_LINES, " ": "\\ ", ":": "\\:", "=": "\\="}
_BREAKS = re.compile(r"(?:\r?\n)+")
_RESERVED = ";/?:@&=+$,#[]!'()*"
_LARGEST_KEPT = 0xFE


def _replaced(value: Optional[str], options: Sequence[str], table: Mapping[str, str]) -> Optional[str]:
    return (
        None
        if value is None or options
        else value.translate({ord(character): escape for character, escape in table.items()})
    )


def html(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _replaced(value, options, _HTML)


def xml(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _replaced(value, options, _XML)


def json(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _replaced(value, options, _JSON)


def yaml_single_quote(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    """YAML folds a single line break into a blank, so each run of breaks gets one more."""
    if value is None or options:
        return None
    more = _BREAKS.sub(lambda run: ("\r\n" if run.group().startswith("\r") else "\n") + run.group(), value)
    return more.replace("'", "''")


def yaml_double_quote(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None or options:
        return None
    return _by_unit(value, lambda unit: _JSON.get(chr(unit)) or (chr(unit) if 0x20 <= unit <= 0x7E else _hex(unit)))


def properties_key(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None or options:
        return None
    return _by_unit(value, lambda unit: _KEY.get(chr(unit)) or _latin(unit))


def properties_value(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None or options:
        return None
    escaped = _by_unit(value, lambda unit: _LINES.get(chr(unit)) or _latin(unit))
    return "\\" + escaped if escaped.startswith(" ") else escaped


def _by_unit(text: str, escape: Callable[[int], str]) -> str:
    return "".join(escape(unit) for unit in utf16.units(text))


def _latin(unit: int) -> str:
    return chr(unit) if unit <= _LARGEST_KEPT else _hex(unit)


def _hex(unit: int) -> str:
    return f"\\u{unit:04x}"


def uri(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return None if value is None or options else quote(value, safe=_RESERVED, errors="replace")


def uri_data(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return None if value is None or options else quote(value, safe="", errors="replace")
