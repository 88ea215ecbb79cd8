"""Text as a YAML scalar, in the style that is asked for or the nearest that can hold it."""

from __future__ import annotations

import re

_INDICATORS = "#,[]{}&*!|>'\"%@`"
_PRINTABLE = re.compile("[\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def scalar(value: str, style: str, *, margin: int, flow: bool) -> str:
    """`style` is one of `|`, `>`, `'`, `"` or empty for plain; `margin` is the column for further lines."""
    if style in ("|", ">") and not flow and _block_allowed(value):
        return _block(value, style, margin)
    if style in ("|", ">"):
        style = '"'
    if style == "" and not _plain_allowed(value, flow=flow):
        style = "'"
    if style == "'" and not _single_allowed(value):
        style = '"'
    if style == "'":
        return "'" + value.replace("'", "''").replace("\n", "\n\n" + " " * margin) + "'"
    return _double(value) if style == '"' else value


def _plain_allowed(value: str, *, flow: bool) -> bool:
    if not value or value != value.strip() or "\n" in value or _PRINTABLE.fullmatch(value) is None:
        return False
    if value.startswith(("---", "...")) or value[0] in _INDICATORS:
        return False
    if value[0] in "-?:" and (len(value) == 1 or value[1] in " \t" or flow):
        return False
    if ": " in value or " #" in value or value.endswith(":") or ":\t" in value or "\t#" in value:
        return False
    return not (flow and re.search(r"[,\[\]{}?]|:", value))


def _single_allowed(value: str) -> bool:
    if _PRINTABLE.fullmatch(value) is None or "\t\n" in value or " \n" in value or "\n " in value or "\n\t" in value:
        return False
    return not ("\n" in value and value != value.strip(" \t"))


def _double(value: str) -> str:
    return '"' + "".join(_escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _PRINTABLE.fullmatch(character):
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _block_allowed(value: str) -> bool:
    return bool(value) and _PRINTABLE.fullmatch(value) is not None and not re.search(r"[ \t]+$", value, re.MULTILINE)


def _block(value: str, style: str, margin: int) -> str:
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    chomping = "-" if ends == 0 else "" if ends == 1 and body else "+"
    hint = "2" if value.startswith((" ", "\n", "\t")) else ""
    indent = " " * margin
    if style == ">":
        body = re.sub(r"(?<=[^\n])\n(?=[^\n \t])", "\n\n", body)
    lines = [indent + line if line else "" for line in body.split("\n")]
    return f"{style}{hint}{chomping}\n" + "\n".join(lines) + "\n" * max(ends - 1, 0)
