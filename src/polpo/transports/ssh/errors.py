"""What can go wrong with an SSH server, besides what goes wrong on the way to it (halibut's `CannotConnect`)."""

from __future__ import annotations

from typing import Literal

from polpo.transports.retries import Hopeless


class SshRefused(Hopeless):
    """It is there, but is not who it should be, or does not let us work; `layer` says how far we got."""

    def __init__(self, message: str, layer: Literal["protocol", "host key", "sign-in", "shell"]) -> None:
        super().__init__(message)
        self.layer = layer


class StationRefused(Hopeless):
    """What was asked cannot be done on the machine; the message is the machine's own sentence."""
