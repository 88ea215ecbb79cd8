"""The formats by name, and which of them a feed's packages use."""

from __future__ import annotations

from enum import Enum
from typing import Callable, Dict, Optional

from polpo.languages.versions.maven import MavenVersion
from polpo.languages.versions.octopus import DockerTag, LexicographicVersion, OctopusVersion
from polpo.languages.versions.semver import SemanticVersion
from polpo.languages.versions.version import InvalidVersion, Version


class VersionFormat(str, Enum):  # noqa: UP042 - this runs on Python 3.8 too
    SEMVER = "Semver"
    OCTOPUS = "Octopus"
    DOCKER = "Docker"
    MAVEN = "Maven"
    LEXICOGRAPHIC = "Lexicographic"


_PARSERS: Dict[VersionFormat, Callable[[str], Version]] = {
    VersionFormat.SEMVER: SemanticVersion.parse,
    VersionFormat.OCTOPUS: OctopusVersion.parse,
    VersionFormat.DOCKER: DockerTag.parse,
    VersionFormat.MAVEN: MavenVersion.parse,
    VersionFormat.LEXICOGRAPHIC: LexicographicVersion.parse,
}
_FEEDS = {
    "Maven": VersionFormat.MAVEN,
    "ArtifactoryMaven": VersionFormat.MAVEN,
    "Docker": VersionFormat.DOCKER,
    "AwsElasticContainerRegistry": VersionFormat.DOCKER,
    "AzureContainerRegistry": VersionFormat.DOCKER,
    "GoogleContainerRegistry": VersionFormat.DOCKER,
}


def parse_version(text: str, version_format: VersionFormat = VersionFormat.OCTOPUS) -> Version:
    """Raises `InvalidVersion`."""
    return _PARSERS[version_format](text)


def try_parse_version(text: str, version_format: VersionFormat = VersionFormat.OCTOPUS) -> Optional[Version]:
    """None for a text that the format refuses."""
    try:
        return parse_version(text, version_format)
    except InvalidVersion:
        return None


def format_of_feed(feed_type: str) -> VersionFormat:
    """Maven feeds: Maven; feeds of images: Docker; the rest SemVer."""
    return _FEEDS.get(feed_type, VersionFormat.SEMVER)
