"""Every error a user may meet, as one tree.

    AppError
     +-- Invalid        400  the request does not say something that can be done
     +-- NotSignedIn    401
     +-- Forbidden      403
     +-- NotFound       404
     +-- Conflict       409
     +-- TooLarge       413
     +-- TooManyRequests  429  says after how many seconds it is worth trying again
     +-- NotBuilt       501  part of the contract, but not of Polpo yet
     +-- Unavailable    503
     |    +-- StoreUnavailable  the database is away for a moment: what was under way is begun again, not failed
     +-- TaskError           a deployment cannot go on; the message is what the screen shows
     +-- WireError           a peer broke the agent protocol or cannot be reached

A message is one sentence for a person: what is wrong, where, and what to do. `errors` holds one sentence a fault
where there are several.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar


class AppError(Exception):
    """A failure with a sentence for the user; the REST edge renders it with its status."""

    status: ClassVar[int] = 500

    def __init__(
        self,
        message: str,
        errors: Sequence[str] = (),
        *,
        details: Mapping[str, object] | None = None,
        help_text: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.errors = list(errors)
        self.details = dict(details or {})
        self.help_text = help_text


class Invalid(AppError):
    status = 400


class NotSignedIn(AppError):
    status = 401


class Forbidden(AppError):
    status = 403


class NotFound(AppError):
    status = 404


class Conflict(AppError):
    status = 409


class TooLarge(AppError):
    status = 413


class TooManyRequests(AppError):
    """Refused for now, whatever is asked; the answer tells clients to wait for `retry_after` seconds."""

    status = 429

    def __init__(self, message: str, retry_after: float, *, help_text: str | None = None) -> None:
        super().__init__(message, help_text=help_text)
        self.retry_after = max(1, math.ceil(retry_after))


class NotBuilt(AppError):
    status = 501


class Unavailable(AppError):
    status = 503


class StoreUnavailable(Unavailable):
    """The database is away for a moment. That is no outcome of what was under way: it is to be begun again."""


class TaskError(AppError):
    """A step of a task failed for a reason that is already told in words; no stack trace helps the reader."""


class WireError(AppError):
    """The other side of an agent connection could not be reached, was not who it should be, or broke the protocol."""

    status = 502
