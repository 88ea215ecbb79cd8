"""Configuring the audit stream, and trying it."""

from __future__ import annotations

from typing import Any

import httpx
from tests.collector import collector

from polpo.server.application import Server

SECTION = "/api/configuration/audit-stream/values"
TOKEN = "c0ffee00-1111-2222-3333-444455556666"


async def put(client: httpx.AsyncClient, **values: Any) -> httpx.Response:
    return await client.put(SECTION, json={**(await client.get(SECTION)).json(), **values})


def secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text}


async def test_a_stream_is_set_up_tried_and_followed(client: httpx.AsyncClient, server: Server) -> None:
    async with collector(token=f"Splunk {TOKEN}") as splunk:
        await server.works.audit_stream.close()
        saved = await put(client, IsEnabled=True, StreamType="Splunk", EndpointUrl=splunk.address, Token=secret(TOKEN))
        assert saved.status_code == 200, saved.text
        assert saved.json()["Token"] == {"HasValue": True, "NewValue": None, "Hint": None}

        tried = (await client.post("/api/auditstream/test")).json()
        await server.works.audit_stream.round()
        await client.get("/api/events/export")
        await server.works.audit_stream.round()

        assert tried == {"IsSuccessful": True, "Message": "Splunk took the event."}
        assert splunk.splunk_events[0]["Message"] == "admin tries the audit stream"
        assert splunk.splunk_events[-1]["Category"] == "EventsExported"
        state = (await client.get("/api/auditstream/state")).json()
        assert (state["State"], state["Unsent"]) == ("Streaming", 0)
        await server.works.audit_stream.close()
    told = (await client.get("/api/events?eventGroups=AuditTrail")).text
    assert "The audit stream was tested: Splunk took the event." in told
    everything = (await client.get("/api/events/export")).text
    assert TOKEN not in everything
    assert "(a secret)" in everything


async def test_a_try_tells_what_stands_in_the_way(client: httpx.AsyncClient, server: Server) -> None:
    refused = await client.post("/api/auditstream/test")
    assert refused.status_code == 400
    await put(client, StreamType="SumoLogic", SumoLogicEndpointUrl=secret("http://169.254.169.254/receiver/v1/CODE=="))

    tried = (await client.post("/api/auditstream/test")).json()

    assert not tried["IsSuccessful"]
    assert "CODE==" not in tried["Message"]
    assert (await client.get("/api/auditstream/state")).json()["State"] == "Off"
    await server.works.audit_stream.close()


async def test_a_stream_that_cannot_work_is_refused(client: httpx.AsyncClient) -> None:
    answer = await put(client, IsEnabled=True, StreamType="Splunk")
    assert answer.status_code == 400
    assert answer.json()["Errors"][0] == "EndpointUrl must be the address of Splunk."


async def test_an_address_that_is_a_secret_is_not_shown_when_it_is_wrong(client: httpx.AsyncClient) -> None:
    for wrong in ("ftp://collect.example.com/receiver/SECRETCODE==", "https://robot:SECRETCODE==@collect.example.com/"):
        refused = await put(client, StreamType="SumoLogic", SumoLogicEndpointUrl=secret(wrong))
        assert refused.status_code == 400
        assert "SumoLogicEndpointUrl must be a well-formed address" in refused.text
        assert "SECRETCODE" not in refused.text
