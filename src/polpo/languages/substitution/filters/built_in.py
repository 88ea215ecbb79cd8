"""The filters that every template has. Each takes its input (None: there is none) and its options, and answers None
when it cannot do its work, which leaves the token as it is written."""

from __future__ import annotations

from datetime import datetime
from typing import Callable, Dict, Optional, Sequence

from polpo.languages.substitution.filters import (
    Filter,
    dates,
    escaping,
    formats,
    hashing,
    markdown,
    regexes,
    text,
    uris,
    versions,
)


def _null(_input: Optional[str], _options: Sequence[str]) -> Optional[str]:
    return None


BUILT_IN: Dict[str, Filter] = {
    "tolower": text.to_lower,
    "toupper": text.to_upper,
    "tobase64": text.to_base64,
    "frombase64": text.from_base64,
    "append": text.append,
    "prepend": text.prepend,
    "trim": text.trim,
    "truncate": text.truncate,
    "substring": text.substring,
    "indent": text.indent,
    "startswith": text.starts_with,
    "endswith": text.ends_with,
    "contains": text.contains,
    "match": regexes.match,
    "replace": regexes.replace,
    "htmlescape": escaping.html,
    "xmlescape": escaping.xml,
    "jsonescape": escaping.json,
    "yamlsinglequoteescape": escaping.yaml_single_quote,
    "yamldoublequoteescape": escaping.yaml_double_quote,
    "propertieskeyescape": escaping.properties_key,
    "propertiesvalueescape": escaping.properties_value,
    "uriescape": escaping.uri,
    "uridataescape": escaping.uri_data,
    "uripart": uris.uri_part,
    "markdown": markdown.to_html,
    "markdowntohtml": markdown.to_html,
    "md5": hashing.md5,
    "sha1": hashing.sha1,
    "sha256": hashing.sha256,
    "sha384": hashing.sha384,
    "sha512": hashing.sha512,
    "versionmajor": versions.major,
    "versionminor": versions.minor,
    "versionpatch": versions.patch,
    "versionrevision": versions.revision,
    "versionprerelease": versions.release,
    "versionprereleaseprefix": versions.release_prefix,
    "versionprereleasecounter": versions.release_counter,
    "versionmetadata": versions.metadata,
    "null": _null,
}
"""By lower-case name. Those that need a clock are made by `clock_filters`."""


def clock_filters(now: Callable[[], datetime]) -> Dict[str, Filter]:
    """The filters that need to know the time; `now` answers an aware datetime."""
    return {**dates.date_filters(now), "format": formats.format_filter(lambda: now().astimezone())}
