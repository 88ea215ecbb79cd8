"""What every part of the work on one step needs: variables, the way to the log, the folders, the clock."""

from __future__ import annotations

from typing import Callable

from polpo.runner.output import Output
from polpo.runner.variables import Variables


class Step:
    """One step on this target. `folder` is where its scripts run; it moves on while a package is installed."""

    def __init__(self, variables: Variables, output: Output, workspace: str, now: Callable[[], float]) -> None:
        self.variables = variables
        self.output = output
        self.workspace = workspace
        self.folder = workspace
        #: Seconds since 1970.
        self.now = now

    def publish(self, name: str, value: str) -> None:
        """Set an output variable, for what is still to be done here and for later steps."""
        self.variables.set_output(name, value)
        self.output.message("setVariable", {"name": name, "value": value})
