"""Numbers in the format strings of .NET, as its invariant culture writes them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import List, Tuple, Union

from polpo.languages.substitution.filters.net_number_patterns import BadFormat, custom
from polpo.languages.substitution.tokens import print_number

Number = Union[int, float, Decimal]

_STANDARD = re.compile("([a-zA-Z])([0-9]{0,9})")
_MOST_DIGITS = 10_000
_EXACT = Context(prec=_MOST_DIGITS + 400, Emax=999_999, Emin=-999_999)
_CURRENCY = "\u00a4"


def format_number(value: Number, pattern: str) -> str:
    """An int, float or Decimal in a standard (`N2`) or custom (`#,##0.0`) format. Raises `BadFormat`."""
    standard = _STANDARD.fullmatch(pattern) if pattern else None
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return print_number(value)
    if not pattern:
        return _general(value, "G", -1)
    if standard is None:
        if isinstance(value, float):
            return custom(_fifteen_digits(value), pattern, floating=True)
        return custom(Decimal(value), pattern)
    precision = int(standard.group(2)) if standard.group(2) else -1
    if precision > _MOST_DIGITS:
        raise BadFormat(pattern)
    return _standard(value, standard.group(1), precision)


def _fifteen_digits(value: float) -> Decimal:
    return Decimal(f"{value:.15g}")


def rounded(value: Decimal, digits: int, ties: str = ROUND_HALF_UP) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits, _EXACT), rounding=ties, context=_EXACT)


def _ties(value: Number) -> str:
    """Halves go away from zero, those of floating numbers to the even figure."""
    return ROUND_HALF_EVEN if isinstance(value, float) else ROUND_HALF_UP


def grouped(digits: str) -> str:
    return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", digits)


def _fixed(value: Number, digits: int, *, power: int = 0, groups: bool = False) -> Tuple[bool, str]:
    """Whether it is negative, and the figures without the sign. Only a floating number stays negative as zero."""
    exact = Decimal(value).scaleb(power, _EXACT)
    text = f"{rounded(exact, digits, _ties(value)).copy_abs():f}"
    whole, _, fraction = text.partition(".")
    shown = (grouped(whole) if groups else whole) + (f".{fraction}" if digits else "")
    signed = exact.is_signed() and (isinstance(value, float) or any(figure in "123456789" for figure in text))
    return signed, shown


def _standard(value: Number, letter: str, precision: int) -> str:
    kind = letter.upper()
    if kind in "DX":
        return _integer(value, letter, precision)
    if kind == "R":
        if not isinstance(value, float):
            raise BadFormat(letter)
        return print_number(value).replace("E", "E" if letter == "R" else "e")
    if kind == "G":
        return _general(value, letter, precision)
    if kind == "E":
        return _exponential(value, letter, 6 if precision < 0 else precision)
    digits = 2 if precision < 0 else precision
    if kind == "P":
        negative, text = _fixed(value, digits, power=2, groups=True)
        return f"{'-' if negative else ''}{text} %"
    if kind == "C":
        negative, text = _fixed(value, digits, groups=True)
        return f"({_CURRENCY}{text})" if negative else f"{_CURRENCY}{text}"
    if kind in "FN":
        negative, text = _fixed(value, digits, groups=kind == "N")
        return f"{'-' if negative else ''}{text}"
    raise BadFormat(letter)


def _integer(value: Number, letter: str, precision: int) -> str:
    if not isinstance(value, int):
        raise BadFormat(letter)
    width = max(precision, 1)
    if letter in "Dd":
        return f"{'-' if value < 0 else ''}{abs(value):0{width}d}"
    text = f"{value & 0xFFFFFFFF:0{width}x}"
    return text.upper() if letter == "X" else text


def _exponential(value: Number, letter: str, digits: int) -> str:
    figures, exponent = significant(Decimal(value), digits + 1, _ties(value))
    figures = figures.ljust(digits + 1, "0")
    mantissa = figures[0] + (f".{figures[1:]}" if digits else "")
    sign = "-" if Decimal(value).is_signed() else ""
    return f"{sign}{mantissa}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):03d}"


def significant(value: Decimal, count: int, ties: str = ROUND_HALF_UP) -> Tuple[str, int]:
    """The first figures, rounded, and the power of ten of the first one. Zero is `0` at power 0."""
    if value == 0:
        return "0", 0
    exponent = value.adjusted()
    value = value.copy_abs()
    kept = rounded(value.scaleb(-exponent, _EXACT), count - 1, ties)
    if kept >= 10:
        exponent += 1
        kept = rounded(value.scaleb(-exponent, _EXACT), count - 1, ties)
    return "".join(str(digit) for digit in kept.as_tuple().digits), exponent


def _general(value: Number, letter: str, precision: int) -> str:
    if precision <= 0:
        if isinstance(value, Decimal) and precision == 0:
            return _general(value, letter, 29)
        if isinstance(value, float):
            text = print_number(value)
            return text.replace("E", letter.replace("G", "E").replace("g", "e"))
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    exact = Decimal(value)
    figures, exponent = significant(exact, precision, _ties(value))
    figures = figures.rstrip("0") or "0"
    sign = "-" if exact.is_signed() else ""
    if exponent >= precision or exponent < -4:
        mantissa = figures[0] + (f".{figures[1:]}" if len(figures) > 1 else "")
        mark = "E" if letter == "G" else "e"
        return f"{sign}{mantissa}{mark}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{figures}"
    parts: List[str] = [sign, figures[: exponent + 1].ljust(exponent + 1, "0")]
    if len(figures) > exponent + 1:
        parts.append("." + figures[exponent + 1 :])
    return "".join(parts)
