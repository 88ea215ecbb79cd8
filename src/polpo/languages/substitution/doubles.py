"""Reading numbers out of values."""

from __future__ import annotations

import re
from typing import Optional

_DOUBLE = re.compile(r"[\t-\r ]*[+-]?(?:[0-9][0-9,]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[\t-\r ]*\0*")
_NO_NUMBER = re.compile(r"[\t-\r ]*[+-]?(?:infinity|nan)[\t-\r ]*", re.IGNORECASE)


def read_double(text: str) -> Optional[float]:
    """As .NET reads one without a culture: blanks, a sign, thousands separators and an exponent are allowed."""
    if _DOUBLE.fullmatch(text) is None:
        return float(text.strip("\t\n\v\f\r ")) if _NO_NUMBER.fullmatch(text) else None
    return float(text.replace(",", "").rstrip("\0"))
