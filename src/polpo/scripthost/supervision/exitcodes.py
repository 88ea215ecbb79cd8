"""Exit codes that are not the script's own (contract: tentacle.md, section 2)."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What happened instead of an end of the script itself."""

    NONE = -1
    FATAL = -41
    NO_SHELL = -42
    CANCELED = -43
    NO_LOCK = -44
    UNKNOWN_TICKET = -45
    LOST = -46
