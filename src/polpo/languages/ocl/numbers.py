"""Numbers as .NET writes them without a culture."""

from __future__ import annotations

from decimal import Decimal

from polpo.languages.ocl.errors import OclWriteError

_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


def integer_text(number: int) -> str:
    if not _SMALLEST <= number <= _LARGEST:
        raise OclWriteError("A number has more than 64 bits; write it as a text.")
    return str(number)


def decimal_text(number: Decimal) -> str:
    if not number.is_finite():
        raise OclWriteError(f"{number} is no number that OCL can hold.")
    return format(number, "f")


def double_text(number: float) -> str:
    """The shortest text that names this number; with an exponent from 1E+15 and below 0.0001."""
    exact = Decimal(repr(number))
    if not exact.is_finite():
        raise OclWriteError(f"{number} is no number that OCL can hold.")
    exponent = exact.adjusted()
    if not exact or -5 < exponent < 15:
        text = format(exact, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    sign, digits, _ = exact.as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    fraction = f".{significant[1:]}" if len(significant) > 1 else ""
    return f"{'-' if sign else ''}{significant[0]}{fraction}E{'-' if exponent < 0 else '+'}{abs(exponent):02}"
