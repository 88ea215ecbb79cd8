"""The two ways out of a running task that are no failure. Neither is an `Exception`, so no step can swallow them."""

from __future__ import annotations

from collections.abc import Iterator


class Paused(BaseException):
    """The task waits for a person or another task; its run function is left, and called again with the answer."""

    def __init__(self, key: str) -> None:
        super().__init__(f"waits for an answer to '{key}'")
        self.key = key


class Fenced(BaseException):
    """This run lost its task, to a later claim or an end from outside; nothing it does counts any more."""


def leaves(error: BaseException) -> Iterator[BaseException]:
    """The single errors inside groups of errors, such as a task group raises."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner)
    else:
        yield error
