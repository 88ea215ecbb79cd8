"""Masks for the next version: `i` stands for the next number, `c` for the current one."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Tuple

from polpo.languages.versions.octopus import OctopusVersion
from polpo.languages.versions.version import Version

_PART = "[0-9]+|i|c"
_SHAPE = re.compile(
    rf"(?:(?P<v>[vV])?(?P<major>{_PART})(?:\.(?P<minor>{_PART}))?(?:\.(?P<patch>{_PART}))?(?:\.(?P<revision>{_PART}))?)?"
    r"(?:-(?P<release>[^+\s]*))?(?:\+(?P<metadata>\S*))?"
)
_NUMBERS = ("major", "minor", "patch", "revision")
_LETTERS = ("i", "c")


class Mask(NamedTuple):
    """A version whose numbers may be letters. `numbers` has None for what is not written."""

    prefix: str
    numbers: Tuple[Optional[str], ...]
    release: str
    metadata: str

    @classmethod
    def parse(cls, text: str) -> Optional[Mask]:
        """None for what has not the shape of a mask."""
        match = _SHAPE.fullmatch(text)
        if match is None:
            return None
        numbers = tuple(match.group(name) for name in _NUMBERS)
        return cls(match.group("v") or "", numbers, match.group("release") or "", match.group("metadata") or "")

    @property
    def substitutes(self) -> bool:
        return any(number in _LETTERS for number in self.numbers) or any(
            map(_ends_in_letter, (self.release, self.metadata))
        )


def is_mask(text: str) -> bool:
    """Whether anything in it asks to be filled in. (`3.1.0-i` does not count as a mask, though it can be applied.)"""
    mask = Mask.parse(text)
    return mask is not None and mask.substitutes


def apply_mask(text: str, current: Optional[Version] = None) -> OctopusVersion:
    """The version that comes next. Without a current one every letter becomes 0.

    Text that has not the shape of a mask is read as an Octopus version; raises `InvalidVersion` where that fails.
    """
    mask = Mask.parse(text)
    if mask is None:
        return OctopusVersion.parse(text)
    if current is None:
        numbers = [None if part is None else "0" if part in _LETTERS else part for part in mask.numbers]
        release, metadata = _zeroed(mask.release), _zeroed(mask.metadata)
    else:
        now = Mask.parse(current.original) or Mask("", (None, None, None, None), "", "")
        numbers = _filled_numbers(mask.numbers, now.numbers)
        release, metadata = _filled(mask.release, now.release), _filled(mask.metadata, now.metadata)
    written = ".".join(number for number in numbers if number is not None)
    tail = (f"-{release}" if release else "") + (f"+{metadata}" if metadata else "")
    return OctopusVersion.parse(mask.prefix + written + tail)


def _filled_numbers(mask: Tuple[Optional[str], ...], now: Tuple[Optional[str], ...]) -> List[Optional[str]]:
    filled: List[Optional[str]] = []
    for place, part in enumerate(mask):
        before = mask[place - 1] if place else None
        if part is None:
            filled.append("0" if place and now[place] is not None and before is not None else None)
        elif part in _LETTERS and before == "i":
            filled.append("0")
        else:
            filled.append(_next(part, now[place]))
    return filled


def _next(part: str, now: Optional[str]) -> str:
    current = int(now) if now and now.isdigit() else 0
    return {"i": str(current + 1), "c": str(current)}.get(part, part)


def _ends_in_letter(label: str) -> bool:
    return label.endswith((".i", ".c"))


def _zeroed(label: str) -> str:
    return ".".join("0" if piece in _LETTERS else piece for piece in label.split("."))


def _filled(label: str, now: str) -> str:
    pieces, current = label.split("."), now.split(".")
    filled: List[str] = []
    for place, piece in enumerate(pieces):
        if place and pieces[place - 1] == "i" and _ends_in_letter(label):
            filled.append("0")
        else:
            filled.append(_next(piece, current[place] if place < len(current) else None))
    return ".".join(filled)


def fixed_numbers(text: str) -> Tuple[int, ...]:
    """The numbers of a mask up to its first letter, by which the version that it continues is found.

    Numbers that the mask lacks count as 0, so a mask without a letter among its numbers has all four.
    """
    mask = Mask.parse(text) or Mask("", (None, None, None, None), "", "")
    numbers: List[int] = []
    for part in mask.numbers:
        if part in _LETTERS:
            break
        numbers.append(int(part or 0))
    return tuple(numbers)
