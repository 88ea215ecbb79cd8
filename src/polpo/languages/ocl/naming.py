"""Names of properties in files: `RunOnServer` is `run_on_server`, and is found by any spelling of that."""

from __future__ import annotations

import re

_BOUNDARY = re.compile(r"([a-z])([A-Z])")


def file_name_of(name: str) -> str:
    """An underscore between a small and a following capital letter; blanks become underscores; all in small letters."""
    return _BOUNDARY.sub(r"\1_\2", name).replace(" ", "_").lower()


def folded(name: str) -> str:
    """What two names have in common that match: case and underscores do not count."""
    return name.replace("_", "").casefold()
