"""What stands behind a variable whose value is the id of something: its parts, which are read as `Name.Part`."""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True):
    """`name` is what follows the name of the variable and a dot."""

    name: str
    value: str
    is_sensitive: bool = False
