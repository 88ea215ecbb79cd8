"""The versions of releases: what one may be, which one is the highest, and which one a template gives next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from polpo.kernel.errors import Invalid
from polpo.languages.release_numbers import date_and_time, last_and_next, next_in_line
from polpo.languages.substitution import VariableDictionary, summary
from polpo.languages.versions import InvalidVersion, OctopusVersion

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


def latest(versions: Iterable[str]) -> str | None:
    """The highest of the versions, which is not the newest; None of none."""
    return max(versions, key=OctopusVersion.parse, default=None)


def next_version(
    template: str,
    existing: Sequence[str],
    existing_in_channel: Sequence[str],
    now: datetime,
    variables: Iterable[tuple[str, str]] = (),
) -> str:
    """What the template gives: a text with `#{…}`, a mask such as `1.2.i`, or both.

    `existing` are the versions of the project's releases, in any order; `variables` are the project's own.
    """
    versions = [OctopusVersion.parse(text) for text in existing]
    in_channel = [OctopusVersion.parse(text) for text in existing_in_channel]
    facts = {
        **last_and_next(max(versions, default=None)),
        **last_and_next(max(in_channel, default=None), "Octopus.Version.Channel."),
        **date_and_time(now),
    }
    dictionary = VariableDictionary()
    for name, value in (*variables, *facts.items()):
        dictionary.set(name, value)
    text, errors = dictionary.evaluate_with_errors(template)
    if errors or not text:
        reason = summary(errors) or "it gives no text"
        raise _invalid(
            f"The version template '{template}' cannot be evaluated: {reason}. Correct it in the project's settings, or"
            " give the release a version."
        )
    return checked_version(str(next_in_line(text, versions)))


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
