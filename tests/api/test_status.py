"""The server tells how it is."""

from __future__ import annotations

import httpx


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
