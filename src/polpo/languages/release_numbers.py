"""The next release number: a template over the last release, a mask, or both."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Dict, Iterable, Optional, Sequence

from polpo.kernel.errors import Invalid
from polpo.languages.substitution import VariableDictionary, summary
from polpo.languages.versions.masks import apply_mask, is_mask, latest
from polpo.languages.versions.octopus import OctopusVersion
from polpo.languages.versions.version import InvalidVersion, Version

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


def next_release_number(template: str, variables: VariableDictionary, existing: Sequence[Version]) -> OctopusVersion:
    """The number that a template gives: its tokens filled in, then its mask applied to the latest fitting release.

    Raises `Invalid` naming the tokens without a value, or the text that is no version.
    """
    text, errors = variables.evaluate_with_errors(template, halt=True)
    if errors or not text:
        reason = summary(errors) or "it gives no text"
        raise Invalid(f"The release version template '{template}' gives no version: {reason}.")
    try:
        return next_in_line(text, existing)
    except InvalidVersion as refused:
        raise Invalid(f"The release version template '{template}' gives no version: {refused.message}") from refused


def next_in_line(text: str, existing: Iterable[Version]) -> OctopusVersion:
    """A mask applied to the latest version it fits; any other text as the version it is. Raises `InvalidVersion`."""
    fitting = latest(text, existing) if is_mask(text) else []
    return apply_mask(text, fitting[0] if fitting else None) if is_mask(text) else OctopusVersion.parse(text)
