"""What a replacement tells: messages in order, and the error of a file that cannot be read."""

from __future__ import annotations

from typing import List, NamedTuple

from polpo.kernel.errors import Invalid, TaskError

NOTHING_FOUND = (
    "No structures have been found that match variable names, so no structured variable replacements have been applied."
)


class Message(NamedTuple):
    """`level` is one of `verbose`, `info`, `warning`."""

    level: str
    text: str


class Messages:
    def __init__(self) -> None:
        self.told: List[Message] = []
        self.replaced = 0

    def found(self, name: str) -> None:
        """A structure is about to be replaced by the value of a variable."""
        self.replaced += 1
        self.verbose(f"Structure found matching the variable '{name}'. Replacing its content with the variable value.")

    def finish(self) -> None:
        if not self.replaced:
            self.told.append(Message("info", NOTHING_FOUND))

    def verbose(self, text: str) -> None:
        self.told.append(Message("verbose", text))

    def warning(self, text: str) -> None:
        self.told.append(Message("warning", text))


class NotReadable(Invalid):
    """The text is not of the format. It says what is wrong, and where that is known at which line and column."""


class ReplacementFailed(TaskError):
    """A file could not be changed; the step fails with this sentence."""
