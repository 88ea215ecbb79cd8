"""Regular expressions of users, stopped when they take too long.

Python's engine cannot be stopped and holds the interpreter while it searches: `(a+)+b` in the rule of a channel would
stop the whole server, its beat included. The engine here gives up after a second and lets other threads run meanwhile.
"""

from __future__ import annotations

import re
from typing import Any, cast

import regex  # type: ignore[import-untyped] # too little is used of it to install its stubs

from polpo.languages.dotnet_regex import Engines, TooSlow

_SECONDS = 1.0


class _Bounded:
    """What is used of a compiled pattern."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def search(self, text: str, at: int = 0) -> Any:
        try:
            return self._compiled.search(text, at, timeout=_SECONDS, concurrent=True)
        except TimeoutError as error:
            raise TooSlow(
                f"the regular expression '{self._compiled.pattern[:200]}' takes more than {_SECONDS:g} s on a text of"
                f" {len(text)} characters; write it so that no repeated group repeats in itself"
            ) from error


def bound_expressions() -> None:
    """From now on in this process; more than once is as good as once."""
    Engines.compile = staticmethod(_compiled)


def _compiled(text: str, flags: int) -> re.Pattern[str]:
    try:
        return cast("re.Pattern[str]", _Bounded(regex.compile(text, flags)))
    except regex.error as error:
        raise re.error(str(error)) from error
