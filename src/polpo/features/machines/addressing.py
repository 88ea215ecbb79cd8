"""How machines are reached, from what is stored of them and of their policies."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from polpo.features.machinepolicies.resource import MachinePolicy
from polpo.features.machinepolicies.timespans import parse_timespan
from polpo.features.machines.resource import Endpoint, Machine
from polpo.steps.places import MachineAddress

_PROPERTIES = [(one.name, one.encode_name) for one in msgspec.structs.fields(Endpoint)]


def address_of(machine: Machine, policy: MachinePolicy) -> MachineAddress:
    """How the machine is reached, with the patience that its policy has."""
    return MachineAddress(**address_facts(machine, policy))


def address_for_check(machine: Machine, policy: MachinePolicy) -> MachineAddress:
    """The same with the patience of health checks."""
    retries = policy.machine_rpc_call_retry_policy
    seconds = _seconds(retries.health_check_retry_duration) if retries.enabled else 0.0
    return MachineAddress(**{**address_facts(machine, policy), "retry_duration": seconds})


def address_facts(machine: Machine, policy: MachinePolicy) -> dict[str, Any]:
    """The same as the arguments of a `MachineAddress`, for those who add to it."""
    retries = policy.machine_rpc_call_retry_policy
    cache = policy.machine_package_cache_retention_policy
    counts = cache.strategy == "Quantities"
    return {
        "id": machine.id,
        "name": machine.name,
        "style": machine.endpoint.communication_style,
        "uri": machine.uri or "",
        "thumbprint": machine.thumbprint or "",
        "endpoint": _texts(machine.endpoint),
        "connect_timeout": _seconds(policy.connection_connect_timeout),
        "connect_tries": policy.connection_retry_count_limit,
        "connect_pause": _seconds(policy.connection_retry_sleep_interval),
        "connect_seconds": _seconds(policy.connection_retry_time_limit),
        "retry_duration": _seconds(retries.retry_duration) if retries.enabled else 0.0,
        "collect": _seconds(policy.polling_request_queue_timeout),
        "cached_packages": cache.quantity_of_packages_to_keep if counts else None,
        "cached_versions": cache.quantity_of_versions_to_keep if counts else None,
    }


def _texts(endpoint: Endpoint) -> dict[str, str]:
    found = ((wire, getattr(endpoint, name)) for name, wire in _PROPERTIES)
    return {wire: text for wire, text in found if isinstance(text, str) and text}


@lru_cache(maxsize=256)  # policies share few texts, and plans of a thousand targets ask for each of them
def _seconds(timespan: str) -> float:
    return parse_timespan(timespan).total_seconds()
