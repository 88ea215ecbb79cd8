"""Service messages: what scripts tell the server by printing `##octopus[name attribute='base64' …]`.

A message that does not parse is plain text: a script may print whatever it likes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

_MESSAGE = re.compile(r"##octopus\[(?P<name>[A-Za-z][\w-]*)(?P<attributes>(?:\s+[\w-]+\s*=\s*'[^'\]]*')*)\s*\]")
_UNFINISHED = re.compile(
    r"##octopus\[[A-Za-z][\w-]*(?:(?:\s+[\w-]+\s*=\s*'[^'\]]*')*\s+[\w-]+\s*=\s*'[^'\]]*|(?:\s+[\w-]+\s*=\s*'[^'\]]*')+\s*)\Z"
)
_ATTRIBUTE = re.compile(r"(?P<name>[\w-]+)\s*=\s*'(?P<value>[^']*)'")


@dataclass(frozen=True)
class ServiceMessage:
    """Names of attributes in lower case; values decoded."""

    name: str
    attributes: dict[str, str]

    def get(self, name: str) -> str:
        return self.attributes.get(name.lower(), "")


def split_line(line: str) -> list[str | ServiceMessage]:
    """A line of output as texts and messages in their order; texts are never empty."""
    if "##octopus[" not in line:
        return [line]
    parts: list[str | ServiceMessage] = []
    end = 0
    for found in _MESSAGE.finditer(line):
        message = _message(found)
        if message is None:
            continue
        if found.start() > end:
            parts.append(line[end : found.start()])
        parts.append(message)
        end = found.end()
    if end < len(line):
        parts.append(line[end:])
    return [part for part in parts if not isinstance(part, str) or part.strip() or len(parts) == 1]


def is_unfinished(line: str) -> bool:
    """Whether the line ends inside a message that the next line may go on with: long values arrive in pieces."""
    start = line.rfind("##octopus[")
    return start >= 0 and _UNFINISHED.match(line, start) is not None


def joined(pieces: Sequence[str]) -> str:
    """The line that its pieces make: without a gap inside a value, with one between attributes."""
    line = pieces[0]
    for piece in pieces[1:]:
        inside = line.count("'", line.rfind("##octopus[")) % 2 == 1
        line += piece if inside else f" {piece}"
    return line


def _message(found: re.Match[str]) -> ServiceMessage | None:
    attributes: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(found["attributes"]):
        try:
            decoded = base64.b64decode(attribute["value"], validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return None
        attributes[attribute["name"].lower()] = decoded
    return ServiceMessage(found["name"].lower(), attributes)
