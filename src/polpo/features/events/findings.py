"""What a verification has found, in sentences; what is found of many events in a row is told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from polpo.features.events.chain import KIND

_MOST = 1_000


def span(first: int, last: int) -> str:
    return f"{KIND}-{first}" if first == last else f"{KIND}-{first} to {KIND}-{last}"


@dataclass
class Findings:
    notes: list[str] = field(default_factory=list)
    _faults: list[tuple[int, str]] = field(default_factory=list)
    _misfits: list[tuple[int, str]] = field(default_factory=list)
    _settled: set[int] = field(default_factory=set)  # nothing more is told of these

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def fault(self, seq: int, sentence: str) -> None:
        """`seq` is the event's number, which orders the faults; 0 when it is about none."""
        if seq not in self._settled:
            self._faults.append((seq, sentence))

    def unreadable(self, seq: int, place: str) -> None:
        self.fault(seq, f"{KIND}-{seq} in {place} was altered: it is no event any more.")
        self._settled.add(seq)

    def misplaced(self, seq: int, identity: str, place: str) -> None:
        self.fault(seq, f"The events in {place} were reordered: {identity} stands in the place of {KIND}-{seq}.")
        self._settled.add(seq)

    def missing(self, first: int, last: int, file: str = "") -> None:
        """`file` is the one of the archive that they were put into."""
        why = f"the archive file {file}, which they were put into, does not have them" if file else "they were removed"
        if first == last:
            why = f"the archive file {file}, which it was put into, does not have it" if file else "it was removed"
        self.fault(first, f"{span(first, last)} {'is' if first == last else 'are'} missing: {why}.")

    def misfit(self, seq: int, place: str) -> None:
        """The event's hash is not that of its content and the hash before it."""
        self._misfits.append((seq, place))

    def faults(self) -> list[str]:
        """In the order of the events; at most a thousand."""
        told = sorted([*self._faults, *_joined(self._misfits, self._settled)], key=lambda one: one[0])
        left_out = len(told) - _MOST
        return [sentence for _, sentence in told[:_MOST]] + ([f"And {left_out} faults more."] if left_out > 0 else [])


def _joined(misfits: list[tuple[int, str]], settled: set[int]) -> Iterator[tuple[int, str]]:
    """Those in a row are told together: where a hash was altered, the event behind it does not fit either."""
    last = -1
    rows: list[tuple[int, str, int]] = []
    for seq, place in sorted(misfits):
        if rows and seq == last + 1:
            rows[-1] = (*rows[-1][:2], seq)
        else:
            rows.append((seq, place, seq))
        last = seq
    for first, place, end in rows:
        if first in settled:
            continue
        told = f"{KIND}-{first} in {place} was altered: its hash is not that of what it says."
        if end > first:
            told += f" {span(first + 1, end)} cannot be judged by it, or were altered, too."
        yield first, told
