"""The order of keys in a dictionary: that of a dictionary for people (Unicode collation, root locale), not of codes."""

from __future__ import annotations

import unicodedata

_PUNCTUATION = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_RANKS = {character: (0, rank) for rank, character in enumerate(_PUNCTUATION)}

CollationKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], tuple[int, ...], str]


def collation_key(text: str) -> CollationKey:
    """Sorts punctuation before digits before letters; accents break ties, then case with small letters first."""
    primary: list[tuple[int, int]] = []
    accents: list[int] = []
    cases: list[int] = []
    for character in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(character):
            accents.extend((len(primary), ord(character)))
            continue
        primary.extend(_rank(folded) for folded in character.casefold())
        cases.append(int(character.isupper()))
    return tuple(primary), tuple(accents), tuple(cases), text


def _rank(character: str) -> tuple[int, int]:
    found = _RANKS.get(character)
    if found is not None:
        return found
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return 2, digit
    return (3 if character.isalpha() else 1), ord(character)
