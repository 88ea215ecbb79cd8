"""The ways to machines, and the server's own worker."""

from __future__ import annotations

from polpo.kernel.errors import TaskError
from polpo.scripthost.host import ScriptHost
from polpo.steps.places import MachineAddress
from polpo.transports.local import LocalTransport
from polpo.transports.transport import Transport


class ServerPlaces:
    """Work is done by the server's own worker; targets cannot be reached yet."""

    def __init__(self, worker: ScriptHost) -> None:
        self._here = LocalTransport(worker)

    def reach(self, machine: MachineAddress) -> Transport:
        raise TaskError(
            f"{machine.name} is a target of the style {machine.style}, which this server cannot deploy to yet;"
            " let the step run on the server."
        )

    def here(self) -> Transport:
        return self._here
