"""Which installations of a step stay on this target and which go: the rules alone, without any I/O.

By number, the newest successful ones stay: the one that is in use, and as many before it as are to be kept. Failed ones
do not count; they go when they are older than the last one that stays, and not while there are not enough successes.
By days, everything stays that was installed within them.
"""

from __future__ import annotations

import calendar
import time
from typing import Iterable, List, NamedTuple, Optional, Tuple

from polpo.runner.journal import TIME_FORMAT, JournalEntry

_DAY = 24 * 3600.0


class Keep(NamedTuple):
    """One of the two is told; `releases` are those besides the one that is in use."""

    days: Optional[int] = None
    releases: Optional[int] = None


class Choice(NamedTuple):
    """The entries that stay, each with the reason, and those that go; the newest first."""

    kept: List[Tuple[JournalEntry, str]]
    gone: List[JournalEntry]


def choose(entries: Iterable[JournalEntry], policy_sets: Iterable[str], keep: Keep, now: float) -> Choice:
    """`entries` in the order of the journal. Each set is counted by itself; entries of others are in neither list."""
    everything = list(entries)
    choice = Choice([], [])
    for wanted in dict.fromkeys(name.lower() for name in policy_sets):
        mine = [entry for entry in reversed(everything) if entry.retention_policy_set.lower() == wanted]
        mine.sort(key=lambda entry: entry.installed_on, reverse=True)  # of one second, the one written last is newer
        found = _by_days(mine, keep.days, now) if keep.days else _by_number(mine, keep.releases or 0)
        choice.kept.extend(found.kept)
        choice.gone.extend(found.gone)
    return choice


def _by_days(entries: List[JournalEntry], days: int, now: float) -> Choice:
    choice = Choice([], [])
    for entry in entries:
        age = now - _seconds(entry)
        if age > days * _DAY:
            choice.gone.append(entry)
        else:
            choice.kept.append((entry, f"it was installed {_told(age)} ago"))
    return choice


def _by_number(entries: List[JournalEntry], releases: int) -> Choice:
    choice = Choice([], [])
    successes = 0
    for entry in entries:
        if not releases or successes <= releases:
            if entry.was_successful:
                successes += 1
            choice.kept.append((entry, _reason(entry, successes)))
        else:
            choice.gone.append(entry)
    return choice


def _reason(entry: JournalEntry, successes: int) -> str:
    if not entry.was_successful:
        return "it failed, and is newer than the last one that is kept"
    return "it is the newest successful one" if successes == 1 else f"it is the {_ordinal(successes)} newest success"


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _seconds(entry: JournalEntry) -> float:
    """When it was installed; an entry that does not say so is as old as can be."""
    try:
        return float(calendar.timegm(time.strptime(entry.installed_on, TIME_FORMAT)))
    except ValueError:
        return 0.0


def _told(seconds: float) -> str:
    days, hours = divmod(int(max(seconds, 0) // 3600), 24)
    return f"{days} days and {hours} hours"
