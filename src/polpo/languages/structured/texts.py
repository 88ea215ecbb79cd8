"""Files as text: which encoding they are in, and how they are written back in it."""

from __future__ import annotations

import codecs
import re
from typing import Dict, List, NamedTuple, Optional, Tuple

_MARKS: List[Tuple[bytes, str]] = [
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_DOTNET_NAMES: Dict[str, str] = {
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
    "unicodefffe": "utf-16-be",
    "utf-32": "utf-32-le",
    "us-ascii": "ascii",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
_WINDOWS = "".join(bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(256))
_TO_WINDOWS = {ord(character): code for code, character in enumerate(_WINDOWS)}
_BREAKS = re.compile(r"(\r)?\n")


class Encoding(NamedTuple):
    """A codec and the byte order mark that the file begins with. `windows-1252` here knows all 256 bytes."""

    name: str
    mark: bytes = b""

    def decode(self, content: bytes) -> str:
        """Raises `UnicodeError` for bytes that are not of the encoding."""
        body = content[len(self.mark) :]
        if self.name == "windows-1252":
            return codecs.charmap_decode(body, "strict", _WINDOWS)[0]
        return body.decode(self.name)

    def encode(self, text: str) -> bytes:
        """Raises `UnicodeError` for characters that the encoding has not."""
        if self.name == "windows-1252":
            return self.mark + codecs.charmap_encode(text, "strict", _TO_WINDOWS)[0]
        return self.mark + text.encode(self.name)


UTF_8 = Encoding("utf-8")
WINDOWS_1252 = Encoding("windows-1252")


class Written(NamedTuple):
    """The bytes of a file, and whether its encoding had to become UTF-8."""

    content: bytes
    changed_encoding: bool


def encoding_named(name: str) -> Optional[Encoding]:
    """By a name as .NET knows it; with the byte order mark that .NET would write. None for an unknown one."""
    name = name.strip().lower()
    if name in ("windows-1252", "cp1252"):
        return WINDOWS_1252
    try:
        codec = codecs.lookup(_DOTNET_NAMES.get(name, name)).name
    except LookupError:
        return None
    return Encoding(codec, next((mark for mark, marked in _MARKS if marked == codec), b""))


def read_text(content: bytes, declared: Optional[Encoding] = None) -> Tuple[str, Encoding]:
    """A byte order mark decides; else the declared encoding, strict UTF-8 and Windows-1252 are tried in that order."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                return Encoding(name, mark).decode(content), Encoding(name, mark)
            except UnicodeError:
                break
    for encoding in (declared, UTF_8):
        if encoding is not None:
            try:
                return encoding._replace(mark=b"").decode(content), encoding._replace(mark=b"")
            except UnicodeError:
                continue
    return WINDOWS_1252.decode(content), WINDOWS_1252


def write_text(text: str, encoding: Encoding) -> Written:
    """In the encoding, or in UTF-8 without a mark where it has not all characters."""
    try:
        return Written(encoding.encode(text), changed_encoding=False)
    except UnicodeError:
        return Written(text.encode("utf-8", "replace"), changed_encoding=True)


def common_break(text: str) -> str:
    r"""The more frequent line break, the first of equals; `\r\n` where there is none."""
    counts: Dict[str, int] = {}
    for match in _BREAKS.finditer(text):
        found = "\r\n" if match.group(1) else "\n"
        counts[found] = counts.get(found, 0) + 1
    return max(counts, key=lambda found: counts[found]) if counts else "\r\n"
