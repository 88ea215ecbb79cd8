"""The rule of a channel: which versions of a package it takes."""

from __future__ import annotations

import re
from typing import Optional

from polpo.kernel.errors import Invalid
from polpo.languages.dotnet_regex import NotSupported, TooSlow, translate
from polpo.languages.versions.formats import VersionFormat
from polpo.languages.versions.ranges import VersionRange, parse_maven_range, parse_nuget_range
from polpo.languages.versions.version import Version


class VersionRule:
    """An optional range and an optional regular expression on the pre-release tag; without both, anything goes.

    The range is Maven's for packages of Maven feeds, NuGet's for all others. The expression sees `+metadata` behind
    the tag, so `^$` takes releases without metadata only, `^(|\\+.*)$` releases, `^beta` what begins so.
    Raises `InvalidRange` or `Invalid` for what cannot be read.
    """

    def __init__(
        self, version_range: str = "", tag: str = "", version_format: VersionFormat = VersionFormat.SEMVER
    ) -> None:
        self._range: Optional[VersionRange] = None
        if version_range.strip():
            maven = version_format is VersionFormat.MAVEN
            self._range = parse_maven_range(version_range) if maven else parse_nuget_range(version_range)
        self._tag = _expression(tag) if tag else None

    def accepts(self, version: Version) -> bool:
        return self.in_range(version) and self.fits_tag(version)

    def in_range(self, version: Version) -> bool:
        return self._range is None or self._range.contains(version)

    def fits_tag(self, version: Version) -> bool:
        if self._tag is None:
            return True
        try:
            return self._tag.search(tag_of(version)) is not None
        except TooSlow as refused:
            raise Invalid(f"The rule for pre-release tags cannot be used: {refused}.") from refused


def tag_of(version: Version) -> str:
    """What the expression of a rule is tried on."""
    return version.release + (f"+{version.metadata}" if version.metadata else "")


def _expression(tag: str) -> re.Pattern[str]:
    try:
        return translate(tag).expression
    except (re.error, NotSupported, RecursionError, OverflowError) as refused:
        raise Invalid(f"'{tag[:200]}' is not a regular expression for a pre-release tag: {refused}.") from refused
