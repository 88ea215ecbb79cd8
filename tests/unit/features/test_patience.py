"""The patience with machines that their policy says: in deployments, and in checks of their health."""

from __future__ import annotations

import pytest

from polpo.features.machinepolicies.resource import (
    MachinePackageCacheRetentionPolicy,
    MachinePolicy,
    MachineRpcCallRetryPolicy,
)
from polpo.features.machines.addressing import address_for_check, address_of
from polpo.features.machines.resource import Endpoint, Machine

MACHINE = Machine(name="m1", endpoint=Endpoint(communication_style="TentaclePassive"), uri="https://m1:10933/")


@pytest.mark.parametrize(
    ("retries", "in_deployments", "in_checks"),
    [
        (MachineRpcCallRetryPolicy(), 150.0, 150.0),
        (MachineRpcCallRetryPolicy(retry_duration="00:05:00", health_check_retry_duration="00:00:20"), 300.0, 20.0),
        (MachineRpcCallRetryPolicy(enabled=False), 0.0, 0.0),
    ],
)
def test_calls_are_repeated_for_as_long_as_the_policy_says(
    retries: MachineRpcCallRetryPolicy, in_deployments: float, in_checks: float
) -> None:
    policy = MachinePolicy(machine_rpc_call_retry_policy=retries)
    assert address_of(MACHINE, policy).retry_duration == in_deployments
    assert address_for_check(MACHINE, policy).retry_duration == in_checks


def test_connections_are_tried_as_the_policy_says() -> None:
    policy = MachinePolicy(
        connection_connect_timeout="00:00:15",
        connection_retry_count_limit=3,
        connection_retry_sleep_interval="00:00:02",
        connection_retry_time_limit="00:01:00",
        polling_request_queue_timeout="00:00:40",
    )
    found = address_for_check(MACHINE, policy)
    assert (found.connect_timeout, found.connect_tries, found.connect_pause) == (15.0, 3, 2.0)
    assert (found.connect_seconds, found.collect) == (60.0, 40.0)


@pytest.mark.parametrize(
    ("strategy", "kept"),
    [("Default", (None, None)), ("Quantities", (10, 2))],
)
def test_cache_is_limited_by_quantities_only(strategy: str, kept: tuple[int | None, int | None]) -> None:
    cache = MachinePackageCacheRetentionPolicy(
        strategy=strategy,  # type: ignore[arg-type]
        quantity_of_packages_to_keep=10,
        quantity_of_versions_to_keep=2,
    )
    found = address_of(MACHINE, MachinePolicy(machine_package_cache_retention_policy=cache))
    assert (found.cached_packages, found.cached_versions) == kept
