"""Custom number formats of .NET: `0`, `#`, thousands, percent, exponents, sections for negative and zero."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Iterator, List, NamedTuple, Optional, Tuple

_PRECISION = 500
_PIECE = re.compile(
    r"""(?P<quoted>'[^']*'?|"[^"]*"?)|\\(?P<escaped>.)|(?P<exponent>[eE][+-]?0+)|(?P<plain>.)""",
    re.DOTALL,
)


class BadFormat(ValueError):
    """The text is not a format for this kind of value."""


class _Piece(NamedTuple):
    """`kind` is one of `0#.,%E` or empty for literal text."""

    kind: str
    text: str


class _Section:
    """One section of a format, taken apart: where figures go, and what the value is multiplied with."""

    def __init__(self, pattern: str) -> None:
        self.pieces = list(_pieces(pattern))
        kinds = [piece.kind for piece in self.pieces]
        point = kinds.index(".") if "." in kinds else len(kinds)
        self.whole = [kind for kind in kinds[:point] if kind in "0#" and kind]
        self.fraction = [kind for kind in kinds[point:] if kind in "0#" and kind]
        self.exponent = next((piece.text for piece in self.pieces if piece.kind == "E"), None)
        places = [place for place, kind in enumerate(kinds[:point]) if kind in "0#" and kind]
        commas = [place for place, kind in enumerate(kinds[:point]) if kind == ","]
        last = places[-1] if places else -1
        self.groups = any(places and places[0] < comma < last for comma in commas)
        scale = -3 * sum(1 for comma in commas if comma > last >= 0)
        for piece in self.pieces:
            scale += {"%": 2, "\u2030": 3}.get(piece.text, 0) if piece.kind == "%" else 0
        self.scale = scale

    def minimum_whole(self) -> int:
        """Figures shown in front of the point at least: from the first `0` on."""
        return len(self.whole) - self.whole.index("0") if "0" in self.whole else 0

    def minimum_fraction(self) -> int:
        return len(self.fraction) - self.fraction[::-1].index("0") if "0" in self.fraction else 0


def _pieces(pattern: str) -> Iterator[_Piece]:
    for match in _PIECE.finditer(pattern):
        if match.group("quoted") is not None:
            quoted = match.group("quoted")
            yield _Piece("", quoted[1:-1] if len(quoted) > 1 and quoted[-1] == quoted[0] else quoted[1:])
        elif match.group("escaped") is not None:
            yield _Piece("", match.group("escaped"))
        elif match.group("exponent") is not None:
            yield _Piece("E", match.group("exponent"))
        else:
            text = match.group("plain")
            yield _Piece("%" if text in "%\u2030" else text if text in "0#.," else "", "" if text == "\\" else text)


def _sections(pattern: str) -> List[str]:
    sections, start = [], 0
    for match in _PIECE.finditer(pattern):
        if match.group("plain") == ";":
            sections.append(pattern[start : match.start()])
            start = match.end()
    return [*sections, pattern[start:]][:3]


def custom(value: Decimal, pattern: str, *, floating: bool = False) -> str:
    """A number in a custom format; never refuses. A floating number that is shown as zero keeps its sign."""
    sections = _sections(pattern)
    negative = value.is_signed()
    chosen = 2 if value == 0 else 1 if negative else 0
    section, own = _section(sections, chosen)
    if value != 0 and _round(section, value) == 0:
        value = Decimal(0)
        section, own = _section(sections, 2)
    written = _written(section, value.copy_abs())
    signed = negative and not own and (value != 0 or (floating and bool(written)))
    return f"-{written}" if signed else written


def _section(sections: List[str], number: int) -> Tuple[_Section, bool]:
    """One that is missing or empty is served by the first; also whether that was not so."""
    own = 0 < number < len(sections) and bool(sections[number])
    return _Section(sections[number if own else 0]), own


def _round(section: _Section, value: Decimal) -> Decimal:
    if section.exponent is not None:
        return value
    with localcontext() as context:
        context.prec = _PRECISION
        scaled = value.scaleb(section.scale)
        return scaled.quantize(Decimal(1).scaleb(-len(section.fraction)), rounding=ROUND_HALF_UP)


def _written(section: _Section, value: Decimal) -> str:
    exponent: Optional[int] = None
    if section.exponent is not None:
        value, exponent = _mantissa(section, value)
        whole, fraction = _figures(section, value)
        if not value:
            whole = "0" * len(section.whole)
    else:
        whole, fraction = _figures(section, _round(section, value))
    return "".join(_filled(section, whole, fraction, exponent))


def _mantissa(section: _Section, value: Decimal) -> Tuple[Decimal, int]:
    """The value brought to as many whole figures as the format has, and the power that was taken out."""
    with localcontext() as context:
        context.prec = _PRECISION
        value = value.scaleb(section.scale)
        width = max(len(section.whole), 1)
        exponent = value.adjusted() - (width - 1) if value else 0
        unit = Decimal(1).scaleb(-len(section.fraction))
        rounded = value.scaleb(-exponent).quantize(unit, rounding=ROUND_HALF_UP)
        if rounded.adjusted() >= width:
            exponent += 1
            rounded = value.scaleb(-exponent).quantize(unit, rounding=ROUND_HALF_UP)
        return rounded, exponent


def _figures(section: _Section, value: Decimal) -> Tuple[str, str]:
    whole, _, fraction = f"{value:f}".partition(".")
    whole = whole.lstrip("-").lstrip("0").rjust(section.minimum_whole(), "0")
    fraction = fraction[: len(section.fraction)]
    kept = len(fraction.rstrip("0"))
    return whole, fraction[: max(kept, section.minimum_fraction())]


def _filled(section: _Section, whole: str, fraction: str, exponent: Optional[int]) -> Iterator[str]:
    """The format's pieces with the figures in their places; the first place takes all figures that are too many."""
    ahead = len(section.whole)
    past_point = False
    used = 0
    for kind, text in section.pieces:
        if kind in ("0", "#") and not past_point:
            end = len(whole) - (ahead - 1)
            yield _taken(whole, used, end, section.groups)
            used, ahead = max(used, end), ahead - 1
        elif kind in ("0", "#"):
            yield fraction[:1]
            fraction = fraction[1:]
        elif kind == "." and not past_point:
            if not section.whole:
                yield whole
            past_point = True
            yield "." if fraction else ""
        elif kind == "E":
            yield _exponent(text, exponent or 0)
        elif kind == "%" or not kind:
            yield text


def _taken(whole: str, start: int, end: int, groups: bool) -> str:
    taken = []
    for place in range(start, end):
        taken.append(whole[place])
        behind = len(whole) - place - 1
        if groups and behind and behind % 3 == 0:
            taken.append(",")
    return "".join(taken)


def _exponent(text: str, exponent: int) -> str:
    digits = text.lstrip("eE+-")
    sign = "-" if exponent < 0 else "+" if "+" in text else ""
    return f"{text[0]}{sign}{abs(exponent):0{len(digits)}d}"
