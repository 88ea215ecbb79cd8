"""Subscriptions over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PATH = f"{SPACE}/subscriptions"


def _full(project: Any) -> dict[str, Any]:
    """What the clients' constructors and forms send."""
    return {
        "Name": "Failures",
        "Type": "Event",
        "IsDisabled": True,
        "SpaceId": "Spaces-1",
        "EventNotificationSubscription": {
            "EmailTeams": [],
            "EmailFrequencyPeriod": "02:00:00",
            "EmailPriority": "High",
            "EmailShowDatesInTimeZoneId": "Europe/Berlin",
            "WebhookURI": "https://hooks.example.com/a?b=c",
            "WebhookTeams": [],
            "WebhookTimeout": "00:00:30",
            "WebhookHeaderKey": "X-Token",
            "WebhookHeaderValue": "abc",
            "SlackChannelIds": ["C0123"],
            "SlackChannelNames": ["general"],
            "SlackDigestFormat": "Detailed",
            "SlackFrequencyPeriod": "00:30:00",
            "Filter": {
                "Users": ["Users-1"],
                "Projects": [project["Id"]],
                "ProjectGroups": ["ProjectGroups-1"],
                "Environments": [],
                "Tenants": [],
                "Tags": ["Ring/Early"],
                "EventGroups": ["Deployment"],
                "EventCategories": ["DeploymentFailed"],
                "EventAgents": ["client:octo"],
                "DocumentTypes": ["Deployments"],
            },
        },
    }


async def test_a_subscription_comes_back_as_it_was_written(client: httpx.AsyncClient, project: Any) -> None:
    body = _full(project)
    made = await create(client, "subscriptions", **body)

    notification = made["EventNotificationSubscription"]
    sent = body["EventNotificationSubscription"]
    assert made["Links"] == {"Self": f"{PATH}/Subscriptions-1"}
    assert {key: notification[key] for key in sent} == sent
    assert notification["WebhookLastProcessed"] is None

    renamed = {**made, "Name": "All failures", "IsDisabled": False}
    assert (await client.put(made["Links"]["Self"], json=renamed)).status_code == 200
    read = (await client.get(made["Links"]["Self"])).json()
    assert read == {**renamed, "LastModifiedOn": read["LastModifiedOn"]}
    assert (await client.delete(made["Links"]["Self"])).json() == {}
    assert (await client.get(made["Links"]["Self"])).status_code == 404


async def test_defaults_are_filled(client: httpx.AsyncClient) -> None:
    made = await create(client, "subscriptions", Name="Plain", EventNotificationSubscription=None)

    notification = made["EventNotificationSubscription"]
    assert (notification["EmailFrequencyPeriod"], notification["WebhookTimeout"]) == ("01:00:00", "00:00:10")
    assert notification["Filter"]["Projects"] == []


async def test_how_far_it_has_come_is_the_servers(client: httpx.AsyncClient) -> None:
    told = {"WebhookLastProcessed": "2024-01-01T00:00:00Z", "WebhookLastProcessedEventAutoId": 7}
    made = await create(client, "subscriptions", Name="A", EventNotificationSubscription=told)
    assert made["EventNotificationSubscription"]["WebhookLastProcessedEventAutoId"] is None


async def test_a_header_may_be_secret(client: httpx.AsyncClient) -> None:
    secret = {"WebhookHeaderKey": "X-Token", "WebhookHeaderValue": {"HasValue": True, "NewValue": "s3cret"}}
    made = await create(client, "subscriptions", Name="A", EventNotificationSubscription=secret)

    shown = made["EventNotificationSubscription"]["WebhookHeaderValue"]
    assert (shown["HasValue"], shown["NewValue"]) == (True, None)
    assert "s3cret" not in (await client.get(PATH)).text


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"WebhookURI": "ftp://example.com"}, "WebhookURI must be an address"),
        ({"WebhookURI": "https://example.com:port"}, "WebhookURI must be an address"),
        ({"WebhookTimeout": "soon"}, "WebhookTimeout: 'soon' is no duration"),
        ({"WebhookTimeout": "01:00:00"}, "WebhookTimeout must be from 00:00:01 to 00:10:00"),
        ({"EmailFrequencyPeriod": "00:00:00"}, "EmailFrequencyPeriod must be from 00:01:00"),
        ({"EmailPriority": "Urgent"}, "EmailPriority"),
        ({"WebhookHeaderKey": "X Token"}, "WebhookHeaderKey must be the name"),
        ({"Filter": {"Projects": ["Projects-9"]}}, "Filter.Projects[0] names the project 'Projects-9'"),
        ({"Filter": {"Users": "all"}}, "Filter.Users"),
    ],
)
async def test_a_way_that_leads_nowhere_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any], fault: str
) -> None:
    answer = await client.post(PATH, json={"Name": "A", "EventNotificationSubscription": change})

    assert answer.status_code == 400
    assert fault in answer.json()["Errors"][0]


async def test_subscriptions_are_listed(client: httpx.AsyncClient) -> None:
    for name in ("One", "Two"):
        await create(client, "subscriptions", Name=name)
    taken = await client.post(PATH, json={"Name": "one"})

    assert taken.status_code == 400
    assert [one["Name"] for one in (await client.get(f"{PATH}?partialName=tw")).json()["Items"]] == ["Two"]
    assert (await client.get(f"{PATH}?spaces=Spaces-2")).json()["TotalResults"] == 0
    assert [one["Name"] for one in (await client.get(f"{PATH}/all")).json()] == ["One", "Two"]
