"""Keeps sensitive values out of everything that is stored or shown.

A value is looked for as it is, line by line where it has several lines, and in the forms into which scripts and tools
turn it: base64 at each of the three alignments, hexadecimal, URL-, JSON-, XML- and shell-escaped. Values of three
characters or less are left alone, or every log would be stars.

Most lines hold no secret, and seeing that must cost almost nothing, however many secrets there are. So a text is cut
into words of four bytes, and only where one of them is known from a form is anything compared. A form of seven bytes
or more holds a whole word wherever it stands: forms are known by their first four words, one for each alignment.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from polpo.engine.disguises import disguises

MASK = "*****"
_MASK = MASK.encode()
#: Values with fewer characters are not looked for.
SHORTEST_HIDDEN = 4
_WORD = 4

#: By the length of the shortest form in bytes: where in a text the words begin, so that one of them lies in each form.
_STARTS = {4: (0, 1, 2, 3), 5: (0, 2), 6: (0, 2)}


class Masker:
    """Grows while a task runs; each text is masked by all values known at that moment."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._forms: set[bytes] = set()
        self._by_word: dict[int, list[tuple[int, bytes]]] = {}
        self._shortest = sys.maxsize
        for value in values:
            self.add(value)

    def add(self, value: str | None) -> None:
        if not value or value in self._values:
            return
        self._values.add(value)
        for form in {form.encode("utf-8", "surrogatepass") for form in forms(value)} - self._forms:
            self._forms.add(form)
            self._shortest = min(self._shortest, len(form))
            for place in range(min(_WORD, len(form) - _WORD + 1)):
                word = int.from_bytes(form[place : place + _WORD], sys.byteorder)
                self._by_word.setdefault(word, []).append((place, form))

    def mask(self, text: str) -> str:
        """The text with every known value replaced by `*****`; touching and overlapping finds become one."""
        known = self._by_word.keys()
        raw = text.encode("utf-8", "surrogatepass")
        if all(known.isdisjoint(_words(raw, start)) for start in _STARTS.get(self._shortest, (0,))):
            return text
        # A mask can complete another value ("ab" + mask + "cd"), so look again until nothing is found. Each round takes
        # away at least one character that is no star, so this ends.
        is_changed = False
        while found := sorted(self._finds(raw)):
            raw = _replaced(raw, found)
            is_changed = True
        return raw.decode("utf-8", "surrogatepass") if is_changed else text

    def _finds(self, raw: bytes) -> Iterator[tuple[int, int]]:
        """Where forms begin and end; some may be told twice."""
        known = self._by_word
        for start in _STARTS.get(self._shortest, (0,)):
            for number, word in enumerate(_words(raw, start)):
                if word in known:
                    here = start + number * _WORD
                    for place, form in known[word]:
                        begin = here - place
                        if begin >= 0 and raw.startswith(form, begin):
                            yield begin, begin + len(form)


def forms(value: str) -> Iterator[str]:
    """Every text to look for because of this value; only those long enough, and that are more than stars."""
    pieces = {value, value.strip(), *(line.strip() for line in value.splitlines())}
    for piece in pieces:
        if len(piece) >= SHORTEST_HIDDEN:
            yield from (form for form in disguises(piece) if len(form) >= SHORTEST_HIDDEN and form.strip("*"))


def _words(raw: bytes, start: int) -> memoryview:
    """The bytes from `start` on as numbers of four bytes each; what is left over at the end is left out."""
    return memoryview(raw)[start : start + (len(raw) - start) // _WORD * _WORD].cast("I")


def _replaced(raw: bytes, found: list[tuple[int, int]]) -> bytes:
    parts: list[bytes] = []
    end = -1
    for begin, stop in found:
        if begin > end:
            parts += (raw[max(end, 0) : begin], _MASK)
        end = max(end, stop)
    return b"".join(parts) + raw[end:]
