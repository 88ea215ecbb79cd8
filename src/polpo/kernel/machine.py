"""What kind of machine this is, as far as compiled files care."""

from __future__ import annotations

import platform
import sys
import sysconfig


def platform_tag() -> str:
    """Files compiled for one machine work on another with the same tag, such as `cpython-311-linux-x86_64-glibc`."""
    library = platform.libc_ver()[0] or "other"
    return f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}-{library}"
