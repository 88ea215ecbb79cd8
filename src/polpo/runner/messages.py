"""Service messages: what the runner and the scripts tell the server in between the lines of their output.

A message is `##octopus[name attribute='base64 of UTF-8' ...]`, anywhere in a line. Text that looks like one and is not
well formed is text.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Callable, Dict, Mapping, NamedTuple, Optional

_MARK = b"##octopus["
_NAME = re.compile(rb"\s*([A-Za-z][A-Za-z0-9-]*)")
_ATTRIBUTE = re.compile(rb"""\s+([A-Za-z][A-Za-z0-9-]*)\s*=\s*(?:'([^']*)'|"([^"]*)")""")
#: An unfinished message longer than this is taken for text.
_LONGEST = 64 * 1024 * 1024


class ServiceMessage(NamedTuple):
    name: str
    #: By name in lower case: attribute names are compared without case.
    attributes: Dict[str, str]


def encode(value: str) -> str:
    return base64.b64encode(value.encode("utf-8", "surrogateescape")).decode("ascii")


def compose(name: str, attributes: Mapping[str, str]) -> str:
    """The message as text, with the attributes in the order given."""
    pairs = "".join(f" {key}='{encode(value)}'" for key, value in attributes.items())
    return f"##octopus[{name}{pairs}]"


def parse(content: bytes) -> Optional[ServiceMessage]:
    """Read what stands between the brackets; None when it is not a message."""
    head = _NAME.match(content)
    if head is None:
        return None
    attributes: Dict[str, str] = {}
    at = head.end()
    while content[at:].strip():
        attribute = _ATTRIBUTE.match(content, at)
        if attribute is None:
            return None
        key, single, double = attribute.groups()
        try:
            value = base64.b64decode(single if single is not None else double, validate=True)
            attributes[key.decode("ascii").lower()] = value.decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return None
        at = attribute.end()
    return ServiceMessage(head.group(1).decode("ascii").lower(), attributes)


class Scanner:
    """Finds the messages in one stream of output that arrives in pieces, and says whether it held errors.

    `level` is the level that the stream's next line has: what the last message of the kind `stdout-verbose` chose.
    """

    def __init__(self, stream: str, on_message: Callable[[ServiceMessage], None]) -> None:
        self.level = "default"
        self.has_text = False
        self._prefix = stream + "-"
        self._on_message = on_message
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        data = self._tail + chunk
        at = 0
        while True:
            start = data.find(_MARK, at)
            end = data.find(b"]", start) if start >= 0 else -1
            if end < 0:
                break
            self._text(data[at:start])
            message = parse(data[start + len(_MARK) : end])
            if message is None:
                self._text(data[start:end])
            else:
                self._take(message)
            at = end + 1
        if start < 0 or len(data) - start > _LONGEST:
            start = len(data) - _begun(data)
        self._text(data[at:start])
        self._tail = data[max(at, start) :]

    def _text(self, text: bytes) -> None:
        if not self.has_text and self.level in ("default", "error") and text.strip():
            self.has_text = True

    def _take(self, message: ServiceMessage) -> None:
        if message.name.startswith(self._prefix):
            self.level = message.name[len(self._prefix) :]
        self._on_message(message)


def _begun(data: bytes) -> int:
    """How many bytes at the end may be the beginning of a mark."""
    return next((size for size in range(len(_MARK) - 1, 0, -1) if data.endswith(_MARK[:size])), 0)
