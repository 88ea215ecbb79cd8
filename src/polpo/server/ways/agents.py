"""Machines with an agent, which listens or polls."""

from __future__ import annotations

from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.server.places import Notify, Way
from polpo.server.ways.proxies import proxy_of
from polpo.steps.places import MachineAddress
from polpo.store.database import Database
from polpo.transports.agent import Abilities, AgentTransport
from polpo.transports.oldscripts import OldAgents
from polpo.transports.retries import RetryPolicy
from polpo.transports.transport import Transport


def way_to_agents(database: Database, runtime: HalibutRuntime, node: str = "") -> Way:
    """`node` is this node's name where it is one of several."""

    known = Abilities()
    old_agents = OldAgents()

    def reach(machine: MachineAddress, notify: Notify | None) -> Transport:
        endpoint = Endpoint(machine.uri, machine.thumbprint, proxy_of(database, machine.endpoint.get("ProxyId")))
        return AgentTransport(
            runtime,
            endpoint,
            name=machine.name,
            node=node,
            policy=policy_of(machine),
            notify=notify,
            known=known,
            old_agents=old_agents,
        )

    return reach


def policy_of(machine: MachineAddress) -> RetryPolicy:
    """The patience with the machine."""
    return RetryPolicy(
        connect=machine.connect_timeout,
        connect_tries=machine.connect_tries,
        connect_pause=machine.connect_pause,
        connect_seconds=machine.connect_seconds,
        rpc_seconds=machine.retry_duration,
        collect=machine.collect,
    )
