"""The versions of releases: what one may be, and which one a template gives next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from polpo.kernel.errors import Invalid
from polpo.languages.release_numbers import date_and_time, last_and_next
from polpo.languages.substitution import VariableDictionary, summary
from polpo.languages.versions import InvalidVersion, OctopusVersion, apply_mask, fixed_numbers, is_mask

_LONGEST = 349
_PLAIN = re.compile(r"[A-Za-z0-9._+\-]+")


def checked_version(text: str) -> str:
    """The version without blanks around it; Invalid says what is wrong with it."""
    version = text.strip()
    if not version:
        raise _invalid("Version is missing; a release needs one, such as 1.0.0.")
    if len(version) > _LONGEST:
        raise _invalid(f"Version: {len(version)} characters are too many; {_LONGEST} is the most.")
    if not _PLAIN.fullmatch(version):
        raise _invalid(f"Version: '{version}' may hold letters, digits, '.', '-', '_' and '+' only.")
    try:
        OctopusVersion.parse(version)
    except InvalidVersion as error:
        raise _invalid(f"Version: {error.message}") from error
    return version


class KnownVersions(Protocol):
    """The versions of a project's releases."""

    def highest(self, numbers: Sequence[int] = (), channel_id: str | None = None) -> OctopusVersion | None:
        """The highest one that begins with the numbers, of all releases or of those in one channel."""


@dataclass(frozen=True)
class Line:
    """The line of releases for which a version is wanted. `channels` are names by id, of the whole project."""

    versions: KnownVersions
    channel_id: str
    channels: Mapping[str, str]


def next_version(template: str, line: Line, now: datetime, variables: Iterable[tuple[str, str]] = ()) -> str:
    """What the template gives: a text with `#{…}`, a mask such as `1.2.i`, or both. Blanks and line ends fall away.

    `variables` are the project's own.
    """
    own = list(variables)
    dictionary = VariableDictionary(own)
    for name, value in _facts([template, *(text for _, text in own)], line, now):
        dictionary.set(name, value)
    text, errors = dictionary.evaluate_with_errors(template)
    text = "".join((text or "").split())
    if errors or not text:
        reason = summary(errors) or "it gives no text"
        raise _invalid(
            f"The version template '{template}' cannot be evaluated: {reason}. Correct it in the project's settings, or"
            " give the release a version."
        )
    if not is_mask(text):
        return checked_version(text)
    return checked_version(str(apply_mask(text, line.versions.highest(fixed_numbers(text)))))


def _facts(texts: Iterable[str], line: Line, now: datetime) -> Iterator[tuple[str, str]]:
    yield from date_and_time(now).items()
    yield from last_and_next(line.versions.highest()).items()
    mine = line.versions.highest(channel_id=line.channel_id)
    yield from last_and_next(mine, "Octopus.Version.Channel.").items()
    yield "Octopus.Release.Channel.Name", line.channels.get(line.channel_id, "")
    if any("octopus.version.channel[" in text.casefold() for text in texts):
        for channel_id, name in line.channels.items():
            highest = line.versions.highest(channel_id=channel_id)
            yield from last_and_next(highest, f"Octopus.Version.Channel[{name}].").items()


def asks_to_be_filled_in(version: str) -> bool:
    """Whether a version that somebody gave is a template: it is filled in when the release is saved."""
    return "#{" in version or is_mask(version.strip())


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
