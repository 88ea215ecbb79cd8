"""What a template for the next release number can speak of: the last release, and the moment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Dict, Optional

from polpo.languages.versions.version import Version

_COUNTER = re.compile("[0-9]+(?![0-9])(?=[^0-9]*$)")


def last_and_next(last: Optional[Version], prefix: str = "Octopus.Version.") -> Dict[str, str]:
    """The variables `LastMajor`, `NextMajor` and so on; without a last release every number of it is 0.

    With the prefix `Octopus.Version.Channel.` they stand for the last release of the channel.
    """
    numbers = last.numbers if last is not None else (0, 0, 0, 0)
    suffix = last.release if last is not None else ""
    names = {"Major": 0, "Minor": 1, "Patch": 2, "Build": 2, "Revision": 3}
    variables = {f"{prefix}Last{name}": str(numbers[place]) for name, place in names.items()}
    variables.update({f"{prefix}Next{name}": str(numbers[place] + 1) for name, place in names.items()})
    variables[f"{prefix}LastSuffix"] = suffix
    variables[f"{prefix}NextSuffix"] = _COUNTER.sub(lambda counter: str(int(counter.group()) + 1), suffix)
    return variables


def date_and_time(now: datetime) -> Dict[str, str]:
    """The variables `Octopus.Date.…` and `Octopus.Time.…` of a moment."""
    return {
        "Octopus.Date.Year": str(now.year),
        "Octopus.Date.Month": str(now.month),
        "Octopus.Date.Day": str(now.day),
        "Octopus.Date.DayOfYear": str(now.timetuple().tm_yday),
        "Octopus.Date.DayOfWeek": str(now.isoweekday() % 7),
        "Octopus.Time.Hour": str(now.hour),
        "Octopus.Time.Minute": str(now.minute),
        "Octopus.Time.Second": str(now.second),
    }
