"""The server tells how it is."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import zipfile
from datetime import datetime
from typing import Any

import httpx

from polpo.engine import NewTask, TaskState
from polpo.features.serverinfo.nodes import NODES, NodeSettings, follow_limits
from polpo.kernel.logs import RecentLines, recent_lines
from polpo.server.application import Server


async def test_anybody_may_ask_whether_the_server_works(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/api/serverstatus/health")
    assert answer.json()["IsOperatingNormally"] is True
    assert (await anonymous.get("/api/serverstatus/system-info")).status_code == 401


async def test_administrator_reads_status_system_and_nodes(client: httpx.AsyncClient) -> None:
    status = (await client.get("/api/serverstatus")).json()
    assert status["Links"]["SystemInfo"] == "/api/serverstatus/system-info"
    info = (await client.get(status["Links"]["SystemInfo"])).json()
    assert info["PythonVersion"].startswith("3.")
    assert info["WorkingSetBytes"] > 1_000_000
    nodes = (await client.get("/api/octopusservernodes")).json()["Items"]
    assert [(node["MaxConcurrentTasks"], node["RunningTaskCount"]) for node in nodes] == [(5, 0)]
    zones = (await client.get("/api/serverstatus/timezones")).json()
    assert "Europe/Rome" in {zone["Id"] for zone in zones}


async def test_counts_tell_what_there_is(client: httpx.AsyncClient, project: Any) -> None:
    counts = (await client.get("/api/serverstatus/counts")).json()
    assert (counts["Global"]["Spaces"], counts["Global"]["Users"], counts["Project"]["Projects"]) == (1, 1, 1)
    assert counts["Infrastructure"]["DeploymentTargets"] == 0
    assert counts["Library"]["Packages"] == 0


def test_recent_lines_of_the_log_are_kept() -> None:
    recent = RecentLines(most=2)
    for number in range(3):
        event = {
            "event": f"line {number}",
            "level": "info",
            "timestamp": "2026-01-02T03:04:05Z",
            "task": "ServerTasks-1",
        }
        assert recent(None, "info", event) is event

    newest = recent.newest_first()
    assert [(line.number, line.text) for line in newest] == [(3, "line 2"), (2, "line 1")]
    assert (newest[0].detail, newest[0].at.year) == ("task: ServerTasks-1", 2026)


async def test_an_administrator_reads_the_log(client: httpx.AsyncClient) -> None:
    event = {"event": "an agent left", "level": "warning", "timestamp": "2026-01-02T03:04:05Z", "agent": "web-1"}
    recent_lines(None, "warning", event)

    [plain] = (await client.get("/api/serverstatus/logs?take=1")).json()
    [full] = (await client.get("/api/serverstatus/logs?take=1&includeDetail=true")).json()
    assert (plain["Category"], plain["MessageText"], plain["Detail"]) == ("Warning", "an agent left", None)
    assert full["Detail"] == "agent: web-1"
    assert datetime.fromisoformat(full["OccurredAt"]).year == 2026


async def test_the_report_holds_facts_and_no_secrets(client: httpx.AsyncClient, product: str) -> None:
    password = {"SmtpHost": "mail", "SmtpPassword": {"HasValue": True, "NewValue": "s3cret"}}
    await client.put("/api/smtpconfiguration", json=password)

    answer = await client.get("/api/serverstatus/system-report")

    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as report:
        files = {name: report.read(name).decode() for name in report.namelist()}
    assert json.loads(files["versions.json"])["Python"].startswith("3.")
    assert json.loads(files["configuration.json"])["smtp"]["SmtpPassword"]["NewValue"] is None
    assert json.loads(files["settings.json"])["Database"] == product
    assert json.loads(files["tasks.json"])["MaxConcurrentTasks"] == 5
    assert "s3cret" not in "".join(files.values())


async def test_settings_are_shown_without_secrets(client: httpx.AsyncClient) -> None:
    [shown] = (await client.get("/api/serverconfiguration/settings")).json()
    values = {value["Key"]: value["Value"] for value in shown["ConfigurationValues"]}
    assert (values["TaskCap"], values["BlobStore"]) == ("5", "folder")


async def test_nothing_is_connected(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/serverstatus/extensions")).json() == []
    assert (await client.get("/api/externalsecuritygroupproviders")).json() == []
    assert (await client.get("/api/issuetrackers")).json()["Items"] == []
    assert (await client.get("/api/scheduler")).json()["TaskStatus"] == []


async def test_no_licence_is_needed(client: httpx.AsyncClient, project: Any) -> None:
    status = (await client.get("/api/licenses/licenses-current-status")).json()
    assert (status["IsCompliant"], status["HostingEnvironment"]) == (True, "SelfHosted")
    assert {limit["Name"]: limit["CurrentUsage"] for limit in status["Limits"]}["Projects"] == 1
    assert all(limit["IsUnlimited"] for limit in status["Limits"])
    taken = await client.put("/api/licenses/licenses-current", json={"LicenseText": "<License/>"})
    assert (taken.status_code, taken.json()["LicenseText"]) == (200, "")


async def test_the_agents_certificate_is_downloaded_without_its_key(client: httpx.AsyncClient) -> None:
    [listed] = (await client.get("/api/configuration/certificates")).json()["Items"]
    assert (await client.get(listed["Links"]["Self"])).json() == listed
    assert (await client.get("/api/certificates/certificate-global")).json() == listed

    answer = await client.get(listed["Links"]["PublicCer"])
    assert hashlib.sha1(answer.content, usedforsecurity=False).hexdigest().upper() == listed["Thumbprint"]
    assert b"PRIVATE" not in answer.content
    assert (await client.get("/api/configuration/certificates/certificate-other")).status_code == 404


async def test_programs_read_the_api_as_prose(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/experimental/llms.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "- GET /api/{space}/projects: List projects (query: skip, take" in answer.text
    assert "- GET /api/experimental" not in answer.text


# -- nodes


async def _node(client: httpx.AsyncClient) -> Any:
    [node] = (await client.get("/api/octopusservernodes/all")).json()
    return node


async def test_a_node_takes_a_new_cap_and_keeps_it(client: httpx.AsyncClient, server: Server) -> None:
    node = await _node(client)
    answer = await client.put(node["Links"]["Self"], json={**node, "MaxConcurrentTasks": 2, "Name": "other"})

    after = answer.json()
    await server.database.write(lambda _session: None)  # what follows a commit is done before the next write
    assert (after["MaxConcurrentTasks"], after["Name"], server.engine.cap) == (2, node["Name"], 2)
    assert (await client.get(node["Links"]["Self"])).json()["MaxConcurrentTasks"] == 2
    [summary] = (await client.get("/api/octopusservernodes/summary")).json()["Nodes"]
    assert (summary["MaxConcurrentTasks"], summary["IsOffline"]) == (2, False)

    server.engine.cap = 5
    follow_limits(server.database, server.engine)
    assert server.engine.cap == 2


async def test_a_draining_node_starts_nothing(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, server: Server
) -> None:
    node = await _node(client)
    assert (await anonymous.get("/api/octopusservernodes/ping")).status_code == 200
    await client.put(node["Links"]["Self"], json={**node, "IsInMaintenanceMode": True})
    wish = NewTask(kind="None", description="Nothing")
    task = await server.database.write(lambda session: server.engine.enqueue(session, wish))
    [reason] = (await client.get(f"/api/tasks/{task}/waiting")).json()["Reasons"]
    assert reason["Text"].startswith("The server drains")
    assert (await anonymous.get("/api/octopusservernodes/ping")).status_code == 503
    assert (await client.get("/api/serverstatus/health")).json()["IsEntireClusterDrainingTasks"] is True
    details = (await client.get(node["Links"]["Details"])).json()
    assert details["RunningTasks"] == 0

    await client.put(node["Links"]["Self"], json={**node, "IsInMaintenanceMode": False})
    async with asyncio.timeout(30):
        async for change in server.engine.watch(task):
            assert change.state in {TaskState.QUEUED, TaskState.EXECUTING, TaskState.FAILED}
    assert (await client.get(f"/api/tasks/{task}")).json()["State"] == "Failed"


async def test_a_node_is_changed_with_sense(client: httpx.AsyncClient) -> None:
    node = await _node(client)
    assert (await client.put(node["Links"]["Self"], json={"MaxConcurrentTasks": 0})).status_code == 400
    assert (await client.put("/api/octopusservernodes/OctopusServerNodes-x", json=node)).status_code == 404
    assert (await client.delete(node["Links"]["Self"])).status_code == 409


async def test_a_node_that_is_gone_can_be_forgotten(client: httpx.AsyncClient, server: Server) -> None:
    await server.database.write(
        lambda session: session.insert(NODES, NodeSettings(id="OctopusServerNodes-old", name="old"))
    )
    found = {node["Id"]: node["IsOffline"] for node in (await client.get("/api/octopusservernodes/all")).json()}
    assert found["OctopusServerNodes-old"] is True
    assert (await client.delete("/api/octopusservernodes/OctopusServerNodes-old")).status_code == 200
    assert len((await client.get("/api/octopusservernodes")).json()["Items"]) == 1
