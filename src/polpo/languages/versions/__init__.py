"""Versions of releases and packages: parsing, comparing, ranges, masks, rules, and the names of package files.

Versions of one format compare with `<` and `==` and have a `sort_key` for a database column. All of it is pure, of the
standard library only, and in the syntax of Python 3.8.
"""

from __future__ import annotations

from polpo.languages.versions.filenames import (
    InvalidPackageFileName,
    PackageFileName,
    cached_package_file_name,
    parse_package_file_name,
)
from polpo.languages.versions.formats import VersionFormat, format_of_feed, parse_version, try_parse_version
from polpo.languages.versions.masks import apply_mask, fixed_numbers, is_mask
from polpo.languages.versions.maven import Coordinates, MavenVersion
from polpo.languages.versions.octopus import DockerTag, LexicographicVersion, OctopusVersion
from polpo.languages.versions.ranges import InvalidRange, VersionRange, parse_maven_range, parse_nuget_range
from polpo.languages.versions.rules import VersionRule, tag_of
from polpo.languages.versions.semver import SemanticVersion
from polpo.languages.versions.version import InvalidVersion, NumberTooLarge, Version

__all__ = [
    "Coordinates",
    "DockerTag",
    "InvalidPackageFileName",
    "InvalidRange",
    "InvalidVersion",
    "LexicographicVersion",
    "MavenVersion",
    "NumberTooLarge",
    "OctopusVersion",
    "PackageFileName",
    "SemanticVersion",
    "Version",
    "VersionFormat",
    "VersionRange",
    "VersionRule",
    "apply_mask",
    "cached_package_file_name",
    "fixed_numbers",
    "format_of_feed",
    "is_mask",
    "parse_maven_range",
    "parse_nuget_range",
    "parse_package_file_name",
    "parse_version",
    "tag_of",
    "try_parse_version",
]
