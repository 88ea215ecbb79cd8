"""Workers and their pools over HTTP, with the bodies that the command line sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.tinyproxy import tinyproxy

from api.conftest import SPACE, create
from api.sshserver import FINGERPRINT, ssh_server
from polpo.features.machines.health import record_health
from polpo.halibut.certificates import Identity
from polpo.halibut.runtime import HalibutRuntime
from polpo.server.application import Server

THUMBPRINT = "8A3B" * 10
#: What the command line sends with every worker.
SENT = {
    "WorkerPoolIds": ["WorkerPools-1"],
    "HasLatestCalamari": False,
    "IsDisabled": False,
    "IsInProcess": False,
    "MachinePolicyId": "MachinePolicies-1",
    "OperatingSystem": "Unknown",
    "ShellName": "Unknown",
    "ShellVersion": "Unknown",
}
LISTENING = {"CommunicationStyle": "TentaclePassive", "Thumbprint": THUMBPRINT, "Uri": "https://127.0.0.1:9"}


async def make(client: httpx.AsyncClient, name: str, **more: Any) -> Any:
    return await create(
        client, "workers", **SENT | {"Name": name, "Endpoint": LISTENING, "SkipInitialHealthCheck": True} | more
    )


async def test_a_listening_worker_comes_back_as_the_command_line_reads_it(client: httpx.AsyncClient) -> None:
    made = await create(client, "workers", **SENT, Name="t", Endpoint=LISTENING)
    [listed] = (await client.get(f"{SPACE}/workers/all")).json()

    assert made["Id"] == "Workers-1"
    assert listed == made
    assert made["Endpoint"] == LISTENING
    assert (made["HealthStatus"], made["WorkerPoolIds"]) == ("Unknown", ["WorkerPools-1"])
    assert made["Links"]["Connection"] == f"{SPACE}/workers/Workers-1/connection"
    assert (await client.get(f"{SPACE}/workers/t")).json() == made
    assert (await client.get(f"{SPACE}/workers?name=T")).json()["Items"] == [made]


async def test_an_ssh_worker_names_its_account(client: httpx.AsyncClient) -> None:
    password = {"HasValue": True, "NewValue": "p"}
    account = await create(
        client, "accounts", AccountType="UsernamePassword", Name="box", Username="u", Password=password
    )
    endpoint = {
        "AccountId": account["Id"],
        "CommunicationStyle": "Ssh",
        "DotNetCorePlatform": "linux-x64",
        "Fingerprint": "SHA256:x",
        "Host": "h",
        "Port": 22,
        "Uri": "ssh://h:22/",
    }

    made = await create(client, "workers", **SENT, Name="t", Endpoint=endpoint)
    refused = await client.delete(f"{SPACE}/accounts/{account['Id']}")
    usage = (await client.get(f"{SPACE}/accounts/{account['Id']}/usages")).json()

    assert made["Endpoint"] == endpoint
    assert refused.json()["Errors"] == ["In use by the worker 't'."]
    assert usage["Targets"] == [{"TargetId": made["Id"], "TargetName": "t"}]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"WorkerPoolIds": []}, "WorkerPoolIds: choose"),
        ({"WorkerPoolIds": ["WorkerPools-9"]}, "names the worker pool 'WorkerPools-9', which does not exist"),
        ({"Endpoint": {"CommunicationStyle": "None"}}, "cannot be of the style None"),
        ({"Endpoint": LISTENING | {"Thumbprint": "ABC"}}, "Endpoint.Thumbprint must be"),
        ({"MachinePolicyId": "MachinePolicies-9"}, "MachinePolicyId names"),
        ({"Name": " "}, "needs a name"),
    ],
)
async def test_a_worker_that_could_not_work_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any], place: str
) -> None:
    answer = await client.post(f"{SPACE}/workers", json=SENT | {"Name": "t", "Endpoint": LISTENING} | change)

    assert answer.status_code == 400
    assert any(place in error for error in answer.json()["Errors"]), answer.text


async def test_a_dynamic_pool_takes_no_workers(client: httpx.AsyncClient) -> None:
    pool = await create(
        client,
        "workerpools",
        CanAddWorkers=False,
        IsDefault=False,
        Name="dp",
        SortOrder=0,
        WorkerPoolType="DynamicWorkerPool",
        WorkerType="UbuntuDefault",
    )

    answer = await client.post(
        f"{SPACE}/workers", json=SENT | {"Name": "t", "Endpoint": LISTENING, "WorkerPoolIds": [pool["Id"]]}
    )

    assert pool["WorkerType"] == "UbuntuDefault"
    assert answer.json()["Errors"] == ["WorkerPoolIds: the pool 'dp' is dynamic; workers cannot be added to it."]


@pytest.fixture
async def pool(client: httpx.AsyncClient, server: Server) -> Any:
    """A second pool; the workers a (healthy) and b are in the default one, b (disabled, SSH) and c in this one."""
    made = await create(client, "workerpools", Name="sp", Description="d", WorkerPoolType="StaticWorkerPool")
    ssh = {"CommunicationStyle": "Ssh", "Host": "h", "Fingerprint": "f"}
    await make(client, "a")
    await make(client, "b", WorkerPoolIds=["WorkerPools-1", made["Id"]], IsDisabled=True, Endpoint=ssh)
    await make(client, "c", WorkerPoolIds=[made["Id"]])
    facts = {"operating_system": "Linux", "shell_name": "bash"}
    await server.database.write(lambda session: record_health(session, "Workers-1", "Healthy", "Fine.", facts=facts))
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("workerPoolIds=WorkerPools-1", ["a", "b"]),
        ("isDisabled=true", ["b"]),
        ("commStyles=ssh", ["b"]),
        ("healthStatuses=Healthy", ["a"]),
        (f"thumbprint={THUMBPRINT.lower()}", ["a", "c"]),
        ("shellNames=bash", ["a"]),
        ("partialName=C", ["c"]),
        ("ids=Workers-1,Workers-3", ["a", "c"]),
        ("skip=1&take=1", ["b"]),
    ],
)
@pytest.mark.usefixtures("pool")
async def test_lists_of_workers_are_filtered(client: httpx.AsyncClient, query: str, found: list[str]) -> None:
    answer = await client.get(f"{SPACE}/workers?{query}")

    assert [worker["Name"] for worker in answer.json()["Items"]] == found


async def test_a_pool_lists_and_counts_its_workers(client: httpx.AsyncClient, pool: Any) -> None:
    listed = (await client.get(pool["Links"]["Workers"].partition("{")[0])).json()
    healthy = (await client.get(f"{SPACE}/workerpools/WorkerPools-1/workers?healthStatuses=Healthy")).json()
    summary = (await client.get(f"{SPACE}/workerpools/summary")).json()
    empty = (await client.get(f"{SPACE}/workerpools/summary?commStyles=Ssh&hideEmptyWorkerPools=true&ids=x")).json()

    assert [worker["Name"] for worker in listed["Items"]] == ["b", "c"]
    assert [worker["Name"] for worker in healthy["Items"]] == ["a"]
    assert (summary["TotalMachines"], summary["TotalDisabledMachines"]) == (3, 1)
    assert summary["MachineHealthStatusSummaries"] == {"Healthy": 1, "Unknown": 2}
    assert [(one["WorkerPool"]["Name"], one["TotalMachines"]) for one in summary["WorkerPoolSummaries"]] == [
        ("Default Worker Pool", 2),
        ("sp", 2),
    ]
    assert empty["WorkerPoolSummaries"] == []


async def test_a_pool_in_use_cannot_be_deleted(client: httpx.AsyncClient, pool: Any, project: Any) -> None:
    path = f"{SPACE}/projects/{project['Id']}/deploymentprocesses"
    process = (await client.get(path)).json()
    action = {"Name": "Run", "ActionType": "X", "WorkerPoolId": pool["Id"]}
    process["Steps"] = [{"Name": "Run", "Actions": [action]}]
    assert (await client.put(path, json=process)).status_code == 200
    default = await client.delete(f"{SPACE}/workerpools/WorkerPools-1")

    by_step = await client.delete(pool["Links"]["Self"])
    process = (await client.get(path)).json()
    steps = process["Steps"]
    assert (await client.put(path, json=process | {"Steps": []})).status_code == 200
    runbook = await create(client, "runbooks", Name="Restart", ProjectId=project["Id"])
    runbook_path = f"{SPACE}/runbookProcesses/{runbook['RunbookProcessId']}"
    process = (await client.get(runbook_path)).json()
    assert (await client.put(runbook_path, json=process | {"Steps": steps})).status_code == 200
    by_runbook = await client.delete(pool["Links"]["Self"])
    process = (await client.get(runbook_path)).json()
    assert (await client.put(runbook_path, json=process | {"Steps": []})).status_code == 200
    by_workers = await client.delete(pool["Links"]["Self"])
    for name in "bc":
        assert (await client.delete(f"{SPACE}/workers/{name}")).json() == {}
    deleted = await client.delete(pool["Links"]["Self"])

    assert default.status_code == by_step.status_code == by_workers.status_code == 409
    assert by_step.json()["Errors"] == ["In use by the step 'Run' of the project 'Web Shop'."]
    assert by_runbook.json()["Errors"] == [
        "In use by the step 'Run' of the runbook 'Restart' of the project 'Web Shop'."
    ]
    assert by_workers.json()["Errors"] == ["In use by the worker 'b'.", "In use by the worker 'c'."]
    assert deleted.status_code == 200


async def test_a_dynamic_pool_cannot_be_the_default(client: httpx.AsyncClient) -> None:
    body = {"Name": "dp", "WorkerPoolType": "DynamicWorkerPool", "WorkerType": "UbuntuDefault", "IsDefault": True}
    answer = await client.post(f"{SPACE}/workerpools", json=body)
    assert answer.json()["Errors"] == [
        "IsDefault: this server rents no machines, so a dynamic pool could run nothing; choose a static one."
    ]


@pytest.mark.usefixtures("pool")
async def test_what_a_check_found_is_kept_and_shown(client: httpx.AsyncClient) -> None:
    worker = (await client.get(f"{SPACE}/workers/a")).json()
    changed = (await client.put(worker["Links"]["Self"], json=worker | {"HealthStatus": "Unknown"})).json()
    connection = (await client.get(worker["Links"]["Connection"])).json()

    assert changed["HealthStatus"] == "Healthy"
    assert (connection["MachineId"], connection["Status"]) == (worker["Id"], "Healthy")
    assert (await client.get(f"{SPACE}/workers/operatingsystem/names/all")).json() == ["Linux", "Unknown"]
    assert (await client.get(f"{SPACE}/workers/operatingsystem/shells/all")).json() == ["Unknown", "bash"]
    assert (await client.get(f"{SPACE}/machinepolicies/MachinePolicies-1/workers?take=2")).json()["TotalResults"] == 3
    assert (await client.delete(worker["Links"]["Self"])).status_code == 200


async def test_a_check_of_a_pool_asks_its_workers(client: httpx.AsyncClient, pool: Any) -> None:
    body = {"Name": "Health", "Arguments": {"WorkerPoolId": pool["Id"]}}

    task = (await client.post(f"{SPACE}/tasks", json=body)).json()
    listed = (await client.get(f"{SPACE}/workers/c/tasks?type=Health")).json()

    assert task["Description"] == "Check the health of c"
    assert [one["Id"] for one in listed["Items"]] == [task["Id"]]
    assert (await client.get(f"{SPACE}/workers/a/tasks")).json()["Items"] == []


async def test_a_polling_worker_cannot_take_the_subscription_of_a_target(client: httpx.AsyncClient) -> None:
    environment = await create(client, "environments", Name="Dev")
    polling = {"CommunicationStyle": "TentacleActive", "Uri": "poll://abc/", "Thumbprint": THUMBPRINT}
    await create(client, "machines", Name="m", EnvironmentIds=[environment["Id"]], Roles=["web"], Endpoint=polling)

    stolen = await client.post(
        f"{SPACE}/workers", json=SENT | {"Name": "w", "Endpoint": polling | {"Thumbprint": "0" * 40}}
    )

    assert "subscription of another agent" in stolen.json()["ErrorMessage"]


async def test_dynamic_worker_types_are_an_object_with_a_list(client: httpx.AsyncClient) -> None:
    types = (await client.get(f"{SPACE}/workerpools/dynamicworkertypes")).json()

    assert types["WorkerTypes"] == []


# -- discovery


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[tuple[int, str]]:
    """The port and thumbprint of somebody who speaks the agent protocol."""
    identity = Identity.generate("An agent")
    runtime = HalibutRuntime(identity, spool_dir=tmp_path)
    yield await runtime.listen("127.0.0.1", 0), identity.thumbprint
    await runtime.close()


@pytest.mark.parametrize("places", ["machines", "workers"])
async def test_discovery_tells_the_thumbprint_of_an_agent(
    client: httpx.AsyncClient, agent: tuple[int, str], places: str
) -> None:
    port, thumbprint = agent
    found = await client.get(f"{SPACE}/{places}/discover?host=127.0.0.1&port={port}&type=TentaclePassive")

    assert found.status_code == 200, found.text
    assert found.json()["Endpoint"] == {
        "CommunicationStyle": "TentaclePassive",
        "Uri": f"https://127.0.0.1:{port}/",
        "Thumbprint": thumbprint,
    }
    assert found.json()["Thumbprint"] == thumbprint


async def test_discovery_goes_through_a_proxy(client: httpx.AsyncClient, agent: tuple[int, str]) -> None:
    with tinyproxy() as port:
        proxy = {"Name": "Outwards", "Host": "127.0.0.1", "Port": port}
        query = f"host=127.0.0.1&proxyId={(await client.post(f'{SPACE}/proxies', json=proxy)).json()['Id']}"
        found = await client.get(f"{SPACE}/machines/discover?{query}&port={agent[0]}")
        assert found.json()["Thumbprint"] == agent[1]
        async with ssh_server() as ssh:
            found = await client.get(f"{SPACE}/machines/discover?{query}&port={ssh}&type=Ssh")
        assert found.json()["Endpoint"]["Fingerprint"] == FINGERPRINT
    refused = await client.get(f"{SPACE}/machines/discover?{query}&port={agent[0]}")
    assert refused.status_code == 400
    assert f"ends there: 127.0.0.1:{port} cannot be reached" in refused.json()["Errors"][0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("host=127.0.0.1&port=1", "127.0.0.1:1"),
        ("", "host must be"),
        ("host=a%20b", "host must be"),
        (f"host={'x' * 70}", "cannot be"),
        ("host=h&port=0", "port must be"),
        ("host=h&port=x", "port must be"),
        ("host=h&type=Kubernetes", "of the style Kubernetes cannot"),
        ("host=127.0.0.1&port=1&type=Ssh", "127.0.0.1:1 cannot be reached"),
        ("host=h&proxyId=Proxies-9", "Proxies-9"),
    ],
)
async def test_discovery_that_finds_nothing_says_why(client: httpx.AsyncClient, query: str, said: str) -> None:
    answer = await client.get(f"{SPACE}/machines/discover?{query}")

    assert answer.status_code == 400
    assert said in answer.json()["Errors"][0]


async def test_discovery_tells_the_fingerprint_of_an_ssh_server(client: httpx.AsyncClient) -> None:
    async with ssh_server() as port:
        found = (await client.get(f"{SPACE}/machines/discover?host=127.0.0.1&port={port}&type=Ssh")).json()

    assert found["Endpoint"] == {
        "CommunicationStyle": "Ssh",
        "Host": "127.0.0.1",
        "Port": port,
        "Uri": f"ssh://127.0.0.1:{port}/",
        "Fingerprint": FINGERPRINT,
        "HostKeyAlgorithm": "ssh-ed25519",
    }


async def test_discovery_of_an_agent_where_ssh_is_expected_says_so(
    client: httpx.AsyncClient, agent: tuple[int, str]
) -> None:
    answer = await client.get(f"{SPACE}/workers/discover?host=127.0.0.1&port={agent[0]}&type=Ssh")

    assert answer.json()["Errors"] == [f"127.0.0.1:{agent[0]} does not speak SSH; is the port right?"]
