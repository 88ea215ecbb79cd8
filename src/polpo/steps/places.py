"""Where work is done, and how it is reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from polpo.transports.transport import Transport


class MachineAddress(msgspec.Struct, kw_only=True):
    """A machine as it is reached. `style` is the contract's communication style; durations in seconds.

    `endpoint` are the texts among the properties of its endpoint by their names on the wire, none of them secret: ids
    of the account and the proxy among them, which are looked up when a connection is made.
    `cached_packages` and `cached_versions` are how many packages, and versions of each, its cache keeps; None: all.
    `retry_duration`: for how long calls are repeated; `collect`: how long a polling agent may take to come for one.
    """

    id: str
    name: str
    style: str
    uri: str
    thumbprint: str
    endpoint: dict[str, str] = {}
    connect_timeout: float = 60.0
    connect_tries: int = 5
    connect_pause: float = 1.0
    connect_seconds: float = 300.0
    retry_duration: float = 150.0
    collect: float = 120.0
    cached_packages: int | None = None
    cached_versions: int | None = None

    @property
    def is_offline(self) -> bool:
        """Whether nobody reaches it, so that what is to be done there goes into a bundle."""
        return self.style == "OfflineDrop"

    @property
    def runs_raw(self) -> bool:
        """Whether scripts can be sent to it as they are, to be run without the runner."""
        return self.style == "Ssh"


class Places(Protocol):
    """The ways to machines, and to the server's own scripts."""

    def reach(self, machine: MachineAddress, notify: Callable[[str], None] | None = None) -> Transport:
        """The way to a machine; TaskError for a style that cannot be reached. `notify` hears of repeated attempts."""
        ...

    def here(self) -> Transport:
        """The server itself, as the worker of steps that need no target."""
        ...
