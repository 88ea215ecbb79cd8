"""The forms into which scripts and tools turn a text: encoded, escaped, quoted."""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

#: What printers of JSON that is safe to stand in HTML write as `\u00xx`: System.Text.Json, Newtonsoft, Go.
_UNSAFE_IN_HTML = re.compile(r"[\"'<>&+`]")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_@%+=:,./\-\n]")
_SPECIAL_TO_BASH = re.compile(r"(^[#~]|[ \t,\"'\\|&;()<>!{}*\[\]?^$`])")
_SPECIAL_IN_DOUBLE_QUOTES = re.compile(r'([\\"$`])')
_SPECIAL_TO_POWERSHELL = re.compile(r'([`"$])')
_HEXADECIMAL = re.compile(r"%[0-9A-F]{2}|\\u[0-9a-f]{4}")
_NUMBERED_QUOTES = (("&#x27;", "&#39;"), ("&quot;", "&#34;"), ("&#x27;", "&apos;"))
_ANSI_C = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def disguises(value: str) -> Iterator[str]:
    """The value as it is, and in every other form; some may be equal or empty."""
    yield value
    raw = value.encode("utf-8", "surrogatepass")
    yield raw.hex()
    yield raw.hex().upper()
    yield from in_base64(raw)
    yield from in_base64(value.encode("utf-16-le", "surrogatepass"))
    yield from _in_urls(raw)
    yield from _in_json(value)
    yield from _in_markup(value)
    yield from _in_shells(value)


def in_base64(raw: bytes) -> Iterator[str]:
    """Whole, and the part that is the same whatever stands before and after the value."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(raw).decode()
        yield whole
        yield whole.rstrip("=")
        for offset in range(3):
            text = encode(bytes(offset) + raw).decode().rstrip("=")
            tainted_end = (offset + len(raw)) % 3 != 0
            yield text[(0, 2, 3)[offset] : len(text) - tainted_end]


def _in_urls(raw: bytes) -> Iterator[str]:
    for safe in ("", "/", "~!*'()", "!#$&'()*+,/:;=?@[]~"):
        for form in (quote(raw, safe=safe), quote_plus(raw, safe=safe)):
            yield form
            yield _turned(form, str.lower)


def _in_json(value: str) -> Iterator[str]:
    for as_ascii in (True, False):
        escaped = json.dumps(value, ensure_ascii=as_ascii)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
        safe = _UNSAFE_IN_HTML.sub(_by_number, json.dumps(value.replace('"', "\0"), ensure_ascii=as_ascii)[1:-1])
        safe = safe.replace("\\u0000", "\\u0022")
        yield safe
        yield _turned(safe, _upper_digits)
        yield safe.replace("\\u0022", '\\"')


def _by_number(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _turned(text: str, turn: Callable[[str], str]) -> str:
    return _HEXADECIMAL.sub(lambda found: turn(found.group()), text)


def _upper_digits(escape: str) -> str:
    return escape[:2] + escape[2:].upper()


def _in_markup(value: str) -> Iterator[str]:
    yield html.escape(value, quote=False)
    escaped = html.escape(value)
    yield escaped
    for before, after in _NUMBERED_QUOTES:
        yield escaped.replace(before, after)
    yield escaped.replace("&#x27;", "'")
    yield escaped.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def _in_shells(value: str) -> Iterator[str]:
    quoted = shlex.quote(value)
    yield quoted[1:-1] if quoted.startswith("'") else quoted
    yield value.replace("'", "'\\''")
    yield value.translate(_ANSI_C)
    yield _SPECIAL_IN_DOUBLE_QUOTES.sub(r"\\\1", value)
    yield _NOT_PLAIN.sub(lambda found: f"\\{found.group()}", value)
    yield _SPECIAL_TO_BASH.sub(r"\\\1", value)
    yield value.replace("'", "''")
    yield value.replace('"', '""')
    yield _SPECIAL_TO_POWERSHELL.sub(r"`\1", value)
