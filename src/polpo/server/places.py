"""The ways to machines, and the server's own worker."""

from __future__ import annotations

from collections.abc import Callable

from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.kernel.errors import TaskError
from polpo.scripthost.host import ScriptHost
from polpo.steps.places import MachineAddress
from polpo.transports.agent import AgentTransport
from polpo.transports.local import LocalTransport
from polpo.transports.retries import RetryPolicy
from polpo.transports.transport import Transport

_WITH_AGENT = {"TentaclePassive", "TentacleActive"}


class ServerPlaces:
    """Targets are reached by their agents; what needs no target is done here.

    `node` is this node's name where it is one of several.
    """

    def __init__(self, runtime: HalibutRuntime, worker: ScriptHost, node: str = "") -> None:
        self._node = node
        self._runtime = runtime
        self._here = LocalTransport(worker)

    def reach(self, machine: MachineAddress, notify: Callable[[str], None] | None = None) -> Transport:
        if machine.style not in _WITH_AGENT:
            raise TaskError(
                f"{machine.name} is a target of the style {machine.style}, which this server cannot deploy to yet;"
                " only targets with an agent can be used."
            )
        policy = RetryPolicy(
            connect=machine.connect_timeout,
            connect_tries=machine.connect_tries,
            connect_pause=machine.connect_pause,
            connect_seconds=machine.connect_seconds,
            rpc_seconds=machine.retry_duration,
            collect=machine.collect,
        )
        endpoint = Endpoint(machine.uri, machine.thumbprint)
        return AgentTransport(self._runtime, endpoint, name=machine.name, policy=policy, notify=notify, node=self._node)

    def here(self) -> Transport:
        return self._here
