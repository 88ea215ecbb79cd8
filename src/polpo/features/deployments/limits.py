"""How often an action is tried, how long one attempt may take, and how long is waited between two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from polpo.kernel.errors import TaskError

RETRIES = "Octopus.Action.AutoRetry.MaximumCount"
BACKOFF = "Octopus.Action.AutoRetry.MinimumBackoff"
TIMEOUT = "Octopus.Action.ExecutionTimeout.Minutes"

_MOST_RETRIES = 3
_BACKOFF = timedelta(seconds=15)
_LONGEST_MINUTES = 366 * 24 * 60.0

#: Gives the text of a name with everything filled in; None when there is none of that name.
Read = Callable[[str], str | None]


@dataclass(frozen=True)
class Limits:
    """`retries` come by themselves after the first attempt. Without `time` an attempt may take as long as it wants."""

    retries: int = 0
    backoff: timedelta = _BACKOFF
    time: timedelta | None = None

    @property
    def attempts(self) -> int:
        """Including the first."""
        return 1 + self.retries

    def wait_before(self, attempt: int) -> timedelta:
        """The first retry follows at once."""
        return timedelta() if attempt <= 2 else self.backoff


def limits_from(read: Read) -> Limits:
    """Raises TaskError for what cannot be read: an action without the limit that was meant could run for ever."""
    retries, seconds, minutes = (_number(read, name) for name in (RETRIES, BACKOFF, TIMEOUT))
    return Limits(
        retries=0 if retries is None else min(int(retries), _MOST_RETRIES),
        backoff=_BACKOFF if seconds is None else timedelta(seconds=seconds),
        time=timedelta(minutes=min(minutes, _LONGEST_MINUTES)) if minutes else None,
    )


def faults_in(properties: Mapping[str, str], evaluate: Callable[[str], str], name: str) -> Iterator[str]:
    """What is wrong with the limits of the action of this name, as far as it can be told before anything ran."""
    for one in (RETRIES, BACKOFF, TIMEOUT):
        text = properties.get(one, "")
        text = evaluate(text) if "#{" in text else text
        if "#{" not in text:
            try:
                _number({one: text}.get, one)
            except TaskError as error:
                yield f"Step '{name}': {error.message}"


def _number(read: Read, name: str) -> float | None:
    text = (read(name) or "").strip()
    if not text:
        return None
    whole, point, part = text.partition(".")
    is_whole = name == RETRIES and bool(point)
    if not (whole + part).isdecimal() or not text.isascii() or len(text) > 12 or is_whole:
        kind = "a whole number" if name == RETRIES else "a number"
        raise TaskError(f"{name} is '{text}'; it must be {kind} from 0 on.")
    return float(text)
