"""Text as a YAML scalar, in the style that is asked for or the nearest that can hold it."""

from __future__ import annotations

import re

_INDICATORS = "#,[]{}&*!|>'\"%@`"
_PRINTABLE = re.compile("[\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_READABLE = re.compile("[\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_BREAK = re.compile("[\r\n\x85\u2028\u2029]")
_OTHER_BREAK = re.compile("[\r\x85\u2028\u2029]")
_BLANK_LINE = re.compile(r"^[ \t]+$", re.MULTILINE)
_FOLDED = re.compile(r"^([^ \t\n][^\n]*)\n(?=\n*[^ \t\n])", re.MULTILINE)
_LINES = re.compile("\n+")
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


def scalar(value: str, style: str, *, margin: int, flow: bool, step: int = 2) -> str:
    """`style` is one of `|`, `>`, `'`, `"` or empty for plain. Further lines stand at the column `margin`, which is
    `step` deeper than what the text belongs to. CR LF counts as a line break except in double quotes."""
    lines = value.replace("\r\n", "\n")
    if style in ("|", ">") and not flow and _block_allowed(lines):
        return _block(lines, style, margin, step)
    if style in ("|", ">"):
        style = '"'
    if style == "" and not _plain_allowed(lines, flow=flow):
        style = '"' if "'" in lines else "'"
    if style == "'" and not _single_allowed(lines):
        style = '"'
    if style == "'":
        return "'" + _LINES.sub(lambda match: match.group() + "\n" + " " * margin, lines.replace("'", "''")) + "'"
    return _double(value) if style == '"' else value


def takes_lines(value: str) -> bool:
    return _BREAK.search(value) is not None


def _plain_allowed(value: str, *, flow: bool) -> bool:
    if not value or value != value.strip(" \t") or takes_lines(value) or _PRINTABLE.fullmatch(value) is None:
        return False
    if value.startswith(("---", "...")) or value[0] in _INDICATORS:
        return False
    if value[0] in "-?:" and (len(value) == 1 or value[1] in " \t" or (flow and value[1] in ",[]{}")):
        return False
    if ": " in value or " #" in value or value.endswith(":") or ":\t" in value or "\t#" in value:
        return False
    return not (flow and re.search(r"[,\[\]{}?:]", value))


def _single_allowed(value: str) -> bool:
    if _PRINTABLE.fullmatch(value) is None or _OTHER_BREAK.search(value) is not None:
        return False
    if "\t\n" in value or " \n" in value or "\n " in value or "\n\t" in value:
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
    if not value or value.endswith(" ") or _READABLE.fullmatch(value) is None or _OTHER_BREAK.search(value):
        return False
    return _BLANK_LINE.search(value) is None


def _block(value: str, style: str, margin: int, step: int) -> str:
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    chomping = "-" if ends == 0 else "" if ends == 1 and body else "+"
    hint = str(step) if value.startswith((" ", "\n", "\t")) else ""
    indent = " " * margin
    if style == ">":
        body = _FOLDED.sub("\\1\n\n", body)
    lines = [indent + line if line else "" for line in body.split("\n")]
    return f"{style}{hint}{chomping}\n" + "\n".join(lines) + "\n" * max(ends - 1, 0)
