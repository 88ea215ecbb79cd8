"""What the runner tells a person when it cannot go on: one sentence, never a stack trace."""

from __future__ import annotations

from polpo.kernel.errors import AppError


class RunnerError(AppError):
    """The step cannot go on for a reason that is told in words; the process ends with `exit_code`."""

    exit_code = 1


class UsageError(RunnerError):
    """The command line is not one of the runner's."""

    exit_code = 2


class ScriptFailed(RunnerError):
    """A script of the step ended with an exit code other than 0, or wrote errors where that counts as failure.

    `told` says that the script has already given its own text for the step's failure.
    """

    def __init__(self, message: str, *, told: bool = False) -> None:
        super().__init__(message)
        self.told = told


class Terminated(BaseException):
    """The task was cancelled: clean up, and end without trying anything else."""

    exit_code = 143
