"""Reading numbers out of values."""

from __future__ import annotations

import re
from typing import Optional

_DOUBLE = re.compile(r"\s*[+-]?(?:[0-9][0-9,]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


def read_double(text: str) -> Optional[float]:
    """As .NET reads one without a culture: blanks, a sign, thousands separators and an exponent are allowed."""
    if _DOUBLE.fullmatch(text) is None:
        return None
    return float(text.replace(",", ""))
