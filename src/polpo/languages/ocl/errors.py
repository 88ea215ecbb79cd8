"""What can be wrong: the text, a document that no text can say, and a document that is not what its file is for."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.kernel.errors import Invalid


class OclError(Invalid):
    """`line` and `column` count from 1 and are None where no text was read."""

    def __init__(
        self, message: str, errors: Sequence[str] = (), *, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message, errors, details=None if line is None else {"Line": line, "Column": column})
        self.line = line
        self.column = column


class OclSyntaxError(OclError):
    """The text is not OCL; line and column say where reading stopped."""


class OclWriteError(OclError):
    """The document holds what no text can say, such as an empty name or a dictionary in a dictionary."""


class OclMappingError(OclError):
    """The text is OCL but not what its file is for; `errors` holds one sentence a fault, each with its line."""
