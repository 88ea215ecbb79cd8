"""A client's whole document of a project comes back as it was written."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

#: Every field that clients may set, with a value that is not its default.
WRITTEN = {
    "Name": "Web Shop 2",
    "Slug": "shop-2",
    "Description": "Sells things",
    "IsDisabled": True,
    "LifecycleId": "Lifecycles-1",
    "ProjectGroupId": "ProjectGroups-1",
    "AllowIgnoreChannelRules": False,
    "AutoCreateRelease": True,
    "AutoDeployReleaseOverrides": [{"EnvironmentId": "Environments-1", "ReleaseId": "Releases-1", "TenantId": None}],
    "CombineHealthAndSyncStatusInDashboardLiveStatus": True,
    "DefaultGuidedFailureMode": "On",
    "DefaultPowerShellEdition": "Core",
    "DefaultToSkipIfAlreadyInstalled": True,
    "DeploymentChangesTemplate": "#{Octopus.Release.Number}",
    "DiscreteChannelRelease": True,
    "ExecuteDeploymentsOnEventBasedPipeline": True,
    "ExtensionSettings": [{"ExtensionId": "jira", "Values": {"Key": "SHOP"}}],
    "ForcePackageDownload": True,
    "IncludedLibraryVariableSetIds": [],
    "IsBadgesEnabled": False,
    "ProjectConnectivityPolicy": {
        "AllowDeploymentsToNoTargets": True,
        "ExcludeUnhealthyTargets": True,
        "SkipMachineBehavior": "SkipUnavailableMachines",
        "TargetRoles": ["web"],
    },
    "ProjectTags": ["Tier/Gold"],
    "ReleaseCreationStrategy": {
        "ChannelId": "Channels-1",
        "ReleaseCreationPackage": {"DeploymentAction": "Deploy", "PackageReference": "web"},
        "ReleaseCreationPackageStepId": "step",
    },
    "ReleaseNotesTemplate": "* #{Octopus.Release.Number}",
    "RetainTenantConnections": True,
    "Templates": [
        {
            "Id": "6a3e0e9a-6a40-4a2c-9a6e-000000000001",
            "Name": "Port",
            "Label": "Port",
            "HelpText": "Where it listens",
            "DefaultValue": "80",
            "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
            "AllowClear": False,
        }
    ],
    "TenantedDeploymentMode": "TenantedOrUntenanted",
    "VersioningStrategy": {"Template": "1.#{Octopus.Version.NextMinor}", "DonorPackage": None},
}


def _subset(found: Any, wanted: Any) -> Any:
    """What is found, reduced to what was written: an answer may say more."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {key: _subset(found.get(key), value) for key, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(found, list) and len(found) == len(wanted):
        return [_subset(one, value) for one, value in zip(found, wanted, strict=True)]
    return found


@pytest.fixture
async def tagged(client: httpx.AsyncClient) -> None:
    """The tag that the document names."""
    await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}], Scopes=["Project"])


@pytest.mark.usefixtures("tagged")
async def test_a_whole_document_comes_back(client: httpx.AsyncClient, project: Any) -> None:
    answer = await client.put(f"{SPACE}/projects/Projects-1", json={**project, **WRITTEN})

    assert answer.status_code == 200, answer.text
    assert _subset(answer.json(), WRITTEN) == WRITTEN
    read = (await client.get(f"{SPACE}/projects/Projects-1")).json()
    assert read == answer.json()

    again = await client.put(f"{SPACE}/projects/Projects-1", json=read)
    assert again.json() == {**read, "LastModifiedOn": again.json()["LastModifiedOn"]}


@pytest.mark.usefixtures("tagged")
async def test_a_whole_document_makes_a_project(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{SPACE}/projects", json=WRITTEN)
    assert answer.status_code == 201, answer.text
    assert _subset(answer.json(), WRITTEN) == WRITTEN


async def test_a_client_that_leaves_fields_out_keeps_what_the_server_has(
    client: httpx.AsyncClient, project: Any
) -> None:
    """What the command line client sends to disable a project."""
    body = {
        "AutoCreateRelease": False,
        "DefaultToSkipIfAlreadyInstalled": False,
        "DeploymentProcessId": "deploymentprocess-Projects-1",
        "IsDisabled": True,
        "DiscreteChannelRelease": False,
        "IsVersionControlled": False,
        "LifecycleId": "Lifecycles-1",
        "Name": "Web Shop",
        "PersistenceSettings": {"Type": "Database"},
        "ProjectGroupId": "ProjectGroups-1",
        "Slug": "web-shop",
        "SpaceId": "Spaces-1",
        "TenantedDeploymentMode": "TenantedOrUntenanted",
        "VariableSetId": "variableset-Projects-1",
        "CombineHealthAndSyncStatusInDashboardLiveStatus": False,
        "Id": "Projects-1",
    }
    after = (await client.put(f"{SPACE}/projects/Projects-1", json=body)).json()

    assert (after["IsDisabled"], after["TenantedDeploymentMode"]) == (True, "TenantedOrUntenanted")
    assert after["VersioningStrategy"] == project["VersioningStrategy"]
    assert after["Links"] == project["Links"]
