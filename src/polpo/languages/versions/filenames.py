"""The names of package files, as people write them and as agents keep them."""

from __future__ import annotations

import re
from typing import Callable, Dict, NamedTuple, Optional
from urllib.parse import unquote

from polpo.kernel.errors import Invalid
from polpo.languages.versions.maven import MavenVersion
from polpo.languages.versions.octopus import LexicographicVersion, OctopusVersion
from polpo.languages.versions.semver import SemanticVersion
from polpo.languages.versions.version import InvalidVersion, Version

_ID = r"\w+(?:[.\-]\w+)*?"
_LABELS = r"[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*"
_NAME = rf"(?P<id>{_ID})\.(?P<version>[0-9]+(?:\.[0-9]+){{0,3}}(?:-{_LABELS})?(?:\+{_LABELS})?)"
_PLAIN = re.compile(_NAME)
_WITH_EXTENSION = re.compile(_NAME + r"(?P<extension>(?:\.[a-zA-Z0-9]+)+)")
_TAR = re.compile(r"(?s:(.*))(\.tar(?:\.[a-zA-Z0-9]+)?)")
_ENCODED = '%<>:"/\\|?@'
_PARSERS: Dict[str, Callable[[str], Version]] = {
    "S": SemanticVersion.parse,
    "M": MavenVersion.parse,
    "O": OctopusVersion.parse,
    "L": LexicographicVersion.parse,
}
_LONGEST = 1000


class InvalidPackageFileName(Invalid):
    """The name of a file does not say which package and version it is."""


class PackageFileName(NamedTuple):
    """`str(version)` is the text of the version; the extension begins with its dot."""

    package_id: str
    version: Version
    extension: str


def parse_package_file_name(name: str) -> PackageFileName:
    """`Acme.Web.1.0.0.zip`, or the name of a cached file. Raises `InvalidPackageFileName`."""
    found = (_cached(name) or _plain(name)) if len(name) <= _LONGEST else None
    if found is None:
        raise InvalidPackageFileName(
            f"The file name '{name[:200]}' does not tell package and version. Name it <id>.<version>.<extension>, "
            "such as Acme.Web.1.0.0.zip."
        )
    return found


def cached_package_file_name(package_id: str, version: Version, extension: str, unique: str) -> str:
    """The name a package is kept under. `unique` is 32 hexadecimal digits."""
    letter = "O"
    if isinstance(version, MavenVersion):
        letter = "M"
    elif isinstance(version, SemanticVersion):
        letter = "S"
    elif isinstance(version, LexicographicVersion):
        letter = "L"
    return f"{_encode(package_id)}@{letter}{_encode(str(version))}@{unique.upper()}{extension}"


def _encode(text: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in _ENCODED else character for character in text)


def _cached(name: str) -> Optional[PackageFileName]:
    sections = name.split("@")
    if len(sections) != 3 or sections[1][:1] not in _PARSERS or "." not in sections[2]:
        return None
    try:
        version = _PARSERS[sections[1][0]](unquote(sections[1][1:]))
    except InvalidVersion:
        return None
    return PackageFileName(unquote(sections[0]), version, sections[2][sections[2].index(".") :])


def _plain(name: str) -> Optional[PackageFileName]:
    tar = _TAR.fullmatch(name)
    match = _PLAIN.fullmatch(tar.group(1)) if tar else _WITH_EXTENSION.fullmatch(name)
    if match is None:
        return None
    try:
        version = SemanticVersion.parse(match.group("version"))
    except InvalidVersion:
        return None
    return PackageFileName(match.group("id"), version, tar.group(2) if tar else match.group("extension"))
