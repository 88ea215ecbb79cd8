"""Machine policies, worker pools and feeds over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from polpo.features.machinepolicies.timespans import format_timespan, parse_timespan

SPACE = "/api/Spaces-1"


async def test_the_default_policy_passes_the_checks_of_clients(client: httpx.AsyncClient) -> None:
    [policy] = (await client.get(f"{SPACE}/machinepolicies/all")).json()

    assert policy["IsDefault"]
    assert parse_timespan(policy["ConnectionConnectTimeout"]) >= timedelta(seconds=10)
    assert parse_timespan(policy["ConnectionRetryTimeLimit"]) >= timedelta(seconds=10)
    assert policy["ConnectionRetryCountLimit"] >= 2
    assert policy["MachineUpdatePolicy"]["KubernetesAgentUpdateBehavior"] in {"NeverUpdate", "Update", "Block"}
    assert policy["MachineHealthCheckPolicy"]["HealthCheckCronTimezone"] == "UTC"
    assert policy["MachineHealthCheckPolicy"]["BashHealthCheckPolicy"]["RunType"] == "InheritFromDefault"
    assert policy["MachineHealthCheckPolicy"]["PowerShellHealthCheckPolicy"]["RunType"] == "InheritFromDefault"


async def test_a_policy_keeps_its_parts_and_durations_in_a_readable_form(client: httpx.AsyncClient) -> None:
    body = {
        "Name": "Fast",
        "MachineHealthCheckPolicy": {"HealthCheckInterval": "01.02:00:00.0000000"},
        "MachineRpcCallRetryPolicy": {"Enabled": False, "RetryDuration": "00:01:00"},
        "MachineCleanupPolicy": None,
    }

    policy = (await client.post(f"{SPACE}/machinepolicies", json=body)).json()

    assert policy["MachineHealthCheckPolicy"]["HealthCheckInterval"] == "1.02:00:00"
    assert policy["MachineRpcCallRetryPolicy"] == {
        "Enabled": False,
        "RetryDuration": "00:01:00",
        "HealthCheckRetryDuration": "00:02:30",
    }
    assert policy["MachineCleanupPolicy"]["DeleteMachinesBehavior"] == "DoNotDelete"


async def test_a_full_policy_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    account = await client.post(
        f"{SPACE}/accounts", json={"AccountType": "UsernamePassword", "Name": "updater", "Username": "u"}
    )
    script = {"RunType": "Inline", "ScriptBody": "exit 0"}
    body = {
        "Name": "Full",
        "Description": "d",
        "IsDefault": False,
        "ConnectionConnectTimeout": "00:00:20",
        "ConnectionRetryCountLimit": 3,
        "ConnectionRetrySleepInterval": "00:00:02",
        "ConnectionRetryTimeLimit": "00:01:00",
        "PollingRequestQueueTimeout": "00:03:00",
        "PollingRequestMaximumMessageProcessingTimeout": "00:09:00",
        "MachineHealthCheckPolicy": {
            "HealthCheckType": "OnlyConnectivity",
            "HealthCheckInterval": None,
            "HealthCheckCron": "0 0 * * * *",
            "HealthCheckCronTimezone": "Europe/Vienna",
            "BashHealthCheckPolicy": script,
            "PowerShellHealthCheckPolicy": {"RunType": "InheritFromDefault", "ScriptBody": None},
        },
        "MachineConnectivityPolicy": {"MachineConnectivityBehavior": "MayBeOfflineAndCanBeSkipped"},
        "MachineCleanupPolicy": {
            "DeleteMachinesBehavior": "DeleteUnavailableMachines",
            "DeleteMachinesElapsedTimeSpan": "2.00:00:00",
        },
        "MachineUpdatePolicy": {
            "CalamariUpdateBehavior": "UpdateAlways",
            "TentacleUpdateBehavior": "Update",
            "TentacleUpdateAccountId": account.json()["Id"],
            "KubernetesAgentUpdateBehavior": "Block",
        },
        "MachineRpcCallRetryPolicy": {
            "Enabled": True,
            "RetryDuration": "00:01:00",
            "HealthCheckRetryDuration": "00:00:30",
        },
        "MachinePackageCacheRetentionPolicy": {
            "Strategy": "Quantities",
            "QuantityOfPackagesToKeep": 10,
            "PackageUnit": "Items",
            "QuantityOfVersionsToKeep": 2,
            "VersionUnit": "Items",
        },
    }

    made = (await client.post(f"{SPACE}/machinepolicies", json=body)).json()
    again = (await client.put(made["Links"]["Self"], json=made)).json()
    held = await client.delete(f"{SPACE}/accounts/{account.json()['Id']}")
    template = (await client.get(f"{SPACE}/machinepolicies/template")).json()

    assert {name: made[name] for name in body} == body
    assert {**again, "LastModifiedOn": None} == {**made, "LastModifiedOn": None}
    assert held.json()["Errors"] == ["In use by the machine policy 'Full'."]
    assert (template["Id"], set(template) >= set(body)) == ("", True)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"ConnectionConnectTimeout": "00:00:09"}, "ConnectionConnectTimeout"),
        ({"ConnectionRetryTimeLimit": "soon"}, "ConnectionRetryTimeLimit"),
        ({"ConnectionRetryCountLimit": 1}, "ConnectionRetryCountLimit"),
        ({"PollingRequestQueueTimeout": "00:00:00"}, "PollingRequestQueueTimeout"),
        ({"MachineRpcCallRetryPolicy": {"RetryDuration": "25:00:00"}}, "RetryDuration"),
    ],
)
async def test_a_policy_that_clients_could_not_read_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any], place: str
) -> None:
    answer = await client.post(f"{SPACE}/machinepolicies", json={"Name": "Bad", **change})

    assert answer.status_code == 400
    assert answer.json()["Errors"][0].startswith(place)


@pytest.mark.parametrize("path", ["machinepolicies", "workerpools"])
async def test_exactly_one_is_the_default_and_it_cannot_be_deleted(client: httpx.AsyncClient, path: str) -> None:
    [first] = (await client.get(f"{SPACE}/{path}/all")).json()

    second = (await client.post(f"{SPACE}/{path}", json={"Name": "Other", "IsDefault": True})).json()

    kept = {one["Name"]: one["IsDefault"] for one in (await client.get(f"{SPACE}/{path}/all")).json()}
    assert kept == {first["Name"]: False, "Other": True}
    assert (await client.delete(second["Links"]["Self"])).status_code == 409
    assert (await client.delete(first["Links"]["Self"])).status_code == 200


async def test_worker_pools_are_sorted_and_keep_their_type(client: httpx.AsyncClient) -> None:
    body = {"WorkerPoolType": "StaticWorkerPool", "Name": "B", "SortOrder": 0, "CanAddWorkers": False}
    pool = (await client.post(f"{SPACE}/workerpools", json=body)).json()
    assert pool["CanAddWorkers"]

    await client.put(f"{SPACE}/workerpools/sortorder", json=[pool["Id"]])
    refused = await client.put(pool["Links"]["Self"], json={**pool, "WorkerPoolType": "DynamicWorkerPool"})

    assert [one["Name"] for one in (await client.get(f"{SPACE}/workerpools/all")).json()] == [
        "B",
        "Default Worker Pool",
    ]
    assert refused.status_code == 400


async def test_the_built_in_feed_is_there_and_stays(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"{SPACE}/feeds?feedType=BuiltIn&take=1")).json()
    [feed] = page["Items"]

    assert (feed["Id"], feed["FeedType"]) == ("feeds-builtin", "BuiltIn")
    assert (await client.delete(feed["Links"]["Self"])).status_code == 409
    assert (await client.post(f"{SPACE}/feeds", json={"Name": "x", "FeedType": "BuiltIn"})).status_code == 400
    assert (await client.get(f"{SPACE}/feeds/stats")).json()["TotalPackages"] == 0


async def test_an_external_feed_keeps_its_secret(client: httpx.AsyncClient) -> None:
    body = {
        "Name": "nuget.org",
        "FeedType": "NuGet",
        "FeedUri": "https://api.nuget.org/v3/index.json",
        "Username": "me",
        "Password": {"HasValue": True, "NewValue": "pa55"},
        "EnhancedMode": False,
    }
    feed = (await client.post(f"{SPACE}/feeds", json=body)).json()
    assert feed["Password"] == {"HasValue": True, "NewValue": None, "Hint": None}

    changed = await client.put(feed["Links"]["Self"], json={**feed, "Name": "NuGet"})
    assert changed.json()["Password"]["HasValue"]
    refused = await client.put(feed["Links"]["Self"], json={**feed, "FeedType": "Helm"})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("00:00:10", "00:00:10"),
        ("1.00:00:00", "1.00:00:00"),
        ("01.02:03:04.5000000", "1.02:03:04"),
        ("23:59", "23:59:00"),
    ],
)
def test_a_duration_is_read_in_every_form_and_written_in_one(text: str, canonical: str) -> None:
    assert format_timespan(parse_timespan(text)) == canonical


@pytest.mark.parametrize("text", ["", "10", "24:00:00", "00:60:00", "-1.00:00:00", "00:00:00.12345678"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        parse_timespan(text)
