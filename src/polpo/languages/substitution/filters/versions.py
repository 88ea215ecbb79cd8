"""Filters that take a version apart."""

from __future__ import annotations

from typing import Optional, Sequence

from polpo.languages.substitution.errors import FilterFailed
from polpo.languages.versions.octopus import OctopusVersion
from polpo.languages.versions.version import InvalidVersion


def _parsed(value: str) -> OctopusVersion:
    try:
        return OctopusVersion.parse(value)
    except InvalidVersion as refused:
        raise FilterFailed(refused.message) from refused


def major(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else str(_parsed(value).major)


def minor(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else str(_parsed(value).minor)


def patch(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else str(_parsed(value).patch)


def revision(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else str(_parsed(value).revision)


def release(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else _parsed(value).release


def release_prefix(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else _parsed(value).release_prefix


def release_counter(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else _parsed(value).release_counter


def metadata(value: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None if value is None else _parsed(value).metadata
