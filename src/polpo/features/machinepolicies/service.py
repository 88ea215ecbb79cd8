"""Rules of machine policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machinepolicies.schedule import schedule_faults
from polpo.features.machinepolicies.timespans import format_timespan, parse_timespan
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.store.session import Session

_SECOND, _SHORTEST = timedelta(seconds=1), timedelta(seconds=10)
_FEWEST_RETRIES = 2

#: The durations of the policy itself with the least that clients accept when they read a policy.
_OWN_SPANS = {
    "connection_connect_timeout": _SHORTEST,
    "connection_retry_time_limit": _SHORTEST,
    "connection_retry_sleep_interval": _SECOND,
    "polling_request_queue_timeout": _SECOND,
    "polling_request_maximum_message_processing_timeout": timedelta(),
}


def defaults(session: Session, space_id: str) -> None:
    """Gives a space its default policy. Idempotent."""
    table = MACHINE_POLICIES.table
    if session.first(MACHINE_POLICIES, table.c.space_id == space_id, table.c.is_default) is None:
        policy = MachinePolicy(
            space_id=space_id,
            name="Default Machine Policy",
            description="Applies to every target that names no other policy.",
            is_default=True,
            last_modified_on=session.clock.now(),
            last_modified_by="system",
        )
        session.insert(MACHINE_POLICIES, policy)


def default_policy(session: Session, space_id: str) -> MachinePolicy:
    table = MACHINE_POLICIES.table
    found = session.first(MACHINE_POLICIES, table.c.space_id == space_id, table.c.is_default)
    if found is None:
        raise Invalid(f"The space '{space_id}' has no default machine policy; make one policy the default.")
    return found


def settle_policy(call: Call, policy: MachinePolicy, before: MachinePolicy | None) -> None:
    """Brings durations into the form that clients read, and keeps exactly one default."""
    faults = [fault for owner, attribute, least in _spans(policy) for fault in _settle_span(owner, attribute, least)]
    if policy.connection_retry_count_limit < _FEWEST_RETRIES:
        faults.append(f"ConnectionRetryCountLimit: {_FEWEST_RETRIES} is the least.")
    checks = policy.machine_health_check_policy
    checks.health_check_cron = (checks.health_check_cron or "").strip() or None
    faults += schedule_faults(checks) + _cache_faults(policy)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The machine policy cannot be saved.", faults)
    if before is not None and before.is_default:
        policy.is_default = True
    elif policy.is_default:
        _take_over(call)


def _cache_faults(policy: MachinePolicy) -> list[str]:
    """By quantities, at least the packages are counted; what is not counted of them stays."""
    cache = policy.machine_package_cache_retention_policy
    if cache.strategy == "Default":
        return []
    faults = []
    if cache.quantity_of_packages_to_keep is None and cache.quantity_of_versions_to_keep is None:
        faults.append("QuantityOfVersionsToKeep: say how many versions or packages the cache keeps.")
    for name, quantity in (
        ("QuantityOfPackagesToKeep", cache.quantity_of_packages_to_keep),
        ("QuantityOfVersionsToKeep", cache.quantity_of_versions_to_keep),
    ):
        if quantity is not None and quantity < 0:
            faults.append(f"{name}: it cannot be negative; it is {quantity}.")
    return faults


def with_scripts(session: Session, policy: MachinePolicy) -> MachinePolicy:
    """The policy with the scripts that hold for it: those that it inherits are the default policy's."""
    checks = policy.machine_health_check_policy
    names = ("bash_health_check_policy", "power_shell_health_check_policy")
    inherited = [name for name in names if getattr(checks, name).run_type == "InheritFromDefault"]
    if policy.is_default or not inherited:
        return policy
    theirs = default_policy(session, policy.space_id).machine_health_check_policy
    scripts = {name: getattr(theirs, name) for name in inherited}
    return msgspec.structs.replace(policy, machine_health_check_policy=msgspec.structs.replace(checks, **scripts))


def _spans(policy: MachinePolicy) -> Iterator[tuple[Any, str, timedelta]]:
    for attribute, least in _OWN_SPANS.items():
        yield policy, attribute, least
    yield policy.machine_health_check_policy, "health_check_interval", timedelta()
    yield policy.machine_cleanup_policy, "delete_machines_elapsed_time_span", timedelta()
    yield policy.machine_rpc_call_retry_policy, "retry_duration", timedelta()
    yield policy.machine_rpc_call_retry_policy, "health_check_retry_duration", timedelta()


def _settle_span(owner: Any, attribute: str, least: timedelta) -> list[str]:
    text = getattr(owner, attribute)
    if text is None:
        return []
    name = attribute.title().replace("_", "")
    try:
        span = parse_timespan(text)
    except ValueError as error:
        return [f"{name}: {error}"]
    if span < least:
        return [f"{name}: {format_timespan(least)} is the least; it is '{text}'."]
    setattr(owner, attribute, format_timespan(span))
    return []


def _take_over(call: Call) -> None:
    table = MACHINE_POLICIES.table
    for other in call.session.all(MACHINE_POLICIES, table.c.space_id == call.space, table.c.is_default):
        other.is_default = False
        call.session.update(MACHINE_POLICIES, other)


def refuse_default(_call: Call, policy: MachinePolicy) -> None:
    if policy.is_default:
        raise Conflict(
            f"The machine policy '{policy.name}' is the default and cannot be deleted; make another one the default"
            " first."
        )
