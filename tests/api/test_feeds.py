"""Feeds of every type over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

from polpo.features.feeds.resource import FEEDS
from polpo.server.application import Server

SECRET = {"HasValue": True, "NewValue": "s3cret"}
SHOWN = {"HasValue": True, "NewValue": None, "Hint": None}
SIGNED = {"FeedUri": "https://packages.example.com/", "Username": "bot", "Password": SECRET}
OCI = {"RegistryPath": "acme", "ApiVersion": "v2"}
GOOGLE = {"Audience": "https://iam.example.com/pool", "SubjectKeys": ["space", "feed"]}
AZURE = {"Audience": "api://x", "ClientId": "c", "TenantId": "t", "SubjectKeys": ["space"]}
AWS = {"Audience": "sts", "RoleArn": "arn:aws:iam::1:role/x", "SessionDuration": "3600", "SubjectKeys": ["space"]}
FEEDS_OF_TYPES: list[dict[str, Any]] = [
    {"FeedType": "NuGet", "EnhancedMode": True, **SIGNED},
    {"FeedType": "Docker", **OCI, **SIGNED},
    {"FeedType": "Maven", **SIGNED},
    {"FeedType": "GitHub", **SIGNED},
    {"FeedType": "Helm", **SIGNED},
    {"FeedType": "OciRegistry", **SIGNED, "FeedUri": "oci://packages.example.com"},
    {"FeedType": "AwsElasticContainerRegistry", "Region": "eu-west-1", "AccessKey": "AK", "SecretKey": SECRET},
    {"FeedType": "AwsElasticContainerRegistry", "Region": "eu-west-1", "OidcAuthentication": AWS},
    {"FeedType": "S3", "Region": "eu-west-1", "AccessKey": "AK", "SecretKey": SECRET, "UseMachineCredentials": False},
    {"FeedType": "AzureContainerRegistry", "OidcAuthentication": AZURE, **OCI, **SIGNED},
    {"FeedType": "GoogleContainerRegistry", "OidcAuthentication": GOOGLE, **OCI, **SIGNED},
    {"FeedType": "ArtifactoryGeneric", "Repository": "generic", "LayoutRegex": "(?<id>.*)", **SIGNED},
    {"FeedType": "Npm", **SIGNED},
    {"FeedType": "PyPi", **SIGNED},
    {
        "FeedType": "GcsStorage",
        "Project": "acme",
        "UseServiceAccountKey": True,
        "ServiceAccountJsonKey": SECRET,
        "OidcAuthentication": GOOGLE,
    },
    {"FeedType": "OctopusProject", "FeedUri": None},
]


def shown(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: SHOWN if value == SECRET else value for name, value in wanted.items()}


@pytest.mark.parametrize("wanted", FEEDS_OF_TYPES, ids=lambda one: one["FeedType"])
async def test_every_type_of_feed_comes_back_as_it_was_written(
    client: httpx.AsyncClient, wanted: dict[str, Any]
) -> None:
    common = {"DownloadAttempts": 3, "DownloadRetryBackoffSeconds": 7, "PackageAcquisitionLocationOptions": ["Server"]}

    made = await create(client, "feeds", Name="Ours", **common, **wanted)
    changed = await client.put(made["Links"]["Self"], json={**made, "Name": "Theirs"})

    after = (await client.get(made["Links"]["Self"])).json()
    assert shown({**common, **wanted}).items() <= made.items()
    assert changed.status_code == 200, changed.text
    assert shown({**common, **wanted, "Name": "Theirs"}).items() <= after.items()
    listed = (await client.get(f"{SPACE}/feeds?feedType={wanted['FeedType']}")).json()["Items"]
    assert [one["Id"] for one in listed if one["Id"] != "feeds-builtin-releases"] == [made["Id"]]


@pytest.mark.parametrize(
    ("password", "kept"),
    [
        ({"HasValue": True, "NewValue": None}, "s3cret"),
        (None, "s3cret"),
        ({"HasValue": True, "NewValue": "new"}, "new"),
        ({"HasValue": False, "NewValue": None}, None),
    ],
)
async def test_a_secret_is_kept_replaced_or_cleared(
    server: Server, client: httpx.AsyncClient, password: Any, kept: str | None
) -> None:
    made = await create(client, "feeds", Name="Ours", **FEEDS_OF_TYPES[0])

    answer = await client.put(made["Links"]["Self"], json={**made, "Password": password})

    assert answer.json()["Password"]["HasValue"] is (kept is not None)
    with server.database.read() as session:
        assert session.reveal(session.get(FEEDS, made["Id"]).password) == kept


async def test_plain_booleans_are_never_null(client: httpx.AsyncClient) -> None:
    made = await create(client, "feeds", Name="Ours", FeedType="NuGet", FeedUri="https://example.com")
    assert made["EnhancedMode"] is False


async def test_a_feed_in_use_names_its_users_and_stays(client: httpx.AsyncClient, project: Any) -> None:
    made = await create(client, "feeds", Name="Ours", **FEEDS_OF_TYPES[0])
    action = {"ActionType": "Octopus.Script", "Packages": [{"PackageId": "A", "FeedId": made["Id"]}]}
    await client.put(project["Links"]["DeploymentProcess"], json={"Steps": [{"Name": "Say", "Actions": [action]}]})

    refused = await client.delete(made["Links"]["Self"])

    assert refused.status_code == 409
    assert "in use by the deployment process of the project 'Web Shop'" in refused.json()["ErrorMessage"]


async def test_packages_of_a_feed_outside_are_refused_with_a_sentence(client: httpx.AsyncClient) -> None:
    made = await create(client, "feeds", Name="Ours", **FEEDS_OF_TYPES[0])

    for path in ("packages/search?term=a", "packages/versions?packageId=a", "packages/notes?packageId=a&version=1"):
        answer = await client.get(f"{SPACE}/feeds/{made['Id']}/{path}")
        assert answer.status_code == 501
        assert "Polpo cannot read the feed 'Ours' of the type NuGet yet" in answer.json()["ErrorMessage"]
