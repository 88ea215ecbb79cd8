"""The ways to machines, and the server's own worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polpo.kernel.errors import TaskError
from polpo.steps.places import MachineAddress
from polpo.transports.transport import Transport

#: Hears of calls that are repeated.
Notify = Callable[[str], None]

#: Makes the way to a machine of one style; TaskError when something about the machine makes that impossible.
Way = Callable[[MachineAddress, Notify | None], Transport]


class ServerPlaces:
    """`ways` has one for each communication style that is reached; what needs no machine is done `here`."""

    def __init__(self, here: Transport, ways: Mapping[str, Way]) -> None:
        self._here = here
        self._ways = ways

    def reach(self, machine: MachineAddress, notify: Notify | None = None) -> Transport:
        way = self._ways.get(machine.style)
        if way is None:
            raise TaskError(
                f"{machine.name} is a target of the style {machine.style}, on which nothing can be run: this server"
                f" reaches machines of the styles {', '.join(sorted(self._ways))}."
            )
        return way(machine, notify)

    def here(self) -> Transport:
        return self._here
