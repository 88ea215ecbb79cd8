"""Where work is done, and how it is reached."""

from __future__ import annotations

from typing import Protocol

import msgspec

from polpo.transports.transport import Transport


class MachineAddress(msgspec.Struct, kw_only=True):
    """A machine as it is reached. `style` is the contract's communication style; durations in seconds."""

    id: str
    name: str
    style: str
    uri: str
    thumbprint: str
    connect_timeout: float = 60.0
    retry_duration: float = 150.0


class Places(Protocol):
    """The ways to machines, and to the server's own scripts."""

    def reach(self, machine: MachineAddress) -> Transport:
        """The way to a machine; TaskError for a style that this server cannot reach."""
        ...

    def here(self) -> Transport:
        """The server itself, as the worker of steps that need no target."""
        ...
