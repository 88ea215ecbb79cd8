"""The system variables of the reference, one by one: what each is in a deployment, or why it is not set."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.features.deployments.gathering import plan_for
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.deployments.results import Results
from polpo.features.deployments.subject import subject_of
from polpo.features.deployments.values import PlanValues, Values
from polpo.features.releases.resource import RELEASES
from polpo.server.application import Server
from polpo.steps.kinds import CATALOGUE

TIME = r"\d{4}-\d\d-\d\dT.*"

#: A pattern for the whole value.
SET = {
    "Release.Id": "Releases-1",
    "Release.Number": "1.0.0",
    "Release.Notes": "",
    "Release.Created": TIME,
    "Release.Channel.Name": "Default",
    "Release.Previous.Id": "",
    "Release.PreviousForEnvironment.Number": "",
    "Release.CurrentForEnvironment.Number": "",
    "Deployment.Id": "Deployments-1",
    "Deployment.Name": "Deploy to Dev",
    "Deployment.Comments": "signed off",
    "Deployment.Created": TIME,
    "Deployment.CreatedBy.Id": "Users-1",
    "Deployment.CreatedBy.Username": ".+",
    "Deployment.CreatedBy.DisplayName": ".+",
    "Deployment.CreatedBy.EmailAddress": ".*",
    "Deployment.Error": "",
    "Deployment.ErrorDetail": "",
    "Deployment.ForcePackageDownload": "False",
    "Deployment.PreviousSuccessful.Id": "",
    "Deployment.Machines": "Machines-1",
    "Deployment.SpecificMachines": "",
    "Deployment.ExcludedMachines": "Machines-2",
    "Deployment.Tenant.Id": "",
    "Deployment.Tenant.Name": "",
    "Deployment.Tenant.Tags": "",
    "Deployment.Changes": r"\[.*\]",
    "Deployment.ChangesMarkdown": "(?s).*",
    "Deployment.WorkItems": r"\[\]",
    "Deployment.PackageBuildInformation": r"\[\]",
    "Environment.Id": "Environments-1",
    "Environment.Name": "Dev",
    "Environment.Slug": "dev",
    "Environment.SortOrder": r"\d+",
    "Environment.MachinesInRole[web]": "Machines-1",
    "Machine.Id": "Machines-1",
    "Machine.Name": "web-1",
    "Machine.Roles": "web,eu",
    "Machine.Hostname": "web-1.example",
    "Endpoint.CommunicationStyle": "TentaclePassive",
    "Endpoint.Uri": "https://web-1.example:10933/",
    "Project.Id": "Projects-1",
    "Project.Name": "Web Shop",
    "ProjectGroup.Id": "ProjectGroups-1",
    "ProjectGroup.Name": ".+",
    "Space.Id": "Spaces-1",
    "Space.Name": "Default",
    "Task.Id": "ServerTasks-.+",
    "Task.Name": "Deploy Web Shop release 1.0.0 to Dev",
    "Task.QueueTime": TIME,
    "Task.QueueTimeExpiry": TIME,
    "Task.Argument[DeploymentId]": "Deployments-1",
    "Web.ProjectLink": "/app#/Spaces-1/projects/web-shop",
    "Web.ReleaseLink": "/app#/Spaces-1/releases/Releases-1",
    "Web.DeploymentLink": "/app#/Spaces-1/deployments/Deployments-1",
    "Web.ServerUri": "https://polpo.example",
    "Web.BaseUrl": "https://polpo.example",
    "Action.Id": ".+",
    "Action.Name": "Say",
    "Action.Number": "1",
    "Action[Say].IsSkipped": "False",
    "Action.TargetRoles": "web",
    "Action.Script.ScriptBody": "echo hello",
    "Action.Script.Syntax": "Bash",
    "Step.Id": ".+",
    "Step.Name": "Say",
    "Step.Number": "1",
    "Step.Status.Code": "Running",
    "Step[Say].Status.Code": "Pending",
    "Step[Say].Status.Error": "",
    "Step[Say].Status.ErrorDetail": "",
    "Tentacle.CurrentDeployment.TargetedRoles": "web",
}


async def values_of(client: httpx.AsyncClient, server: Server, deployment: str) -> Values:
    with server.database.read() as session:
        found = session.get(DEPLOYMENTS, deployment)
        subject = subject_of(session, session.get(RELEASES, found.release_id), found.environment_id)
        plan = plan_for(session, subject, found, CATALOGUE)
    action = plan.steps[0].actions[0]
    return PlanValues(plan).at(plan.steps[0], action, plan.targets["Machines-1"], Results().snapshot(plan))


async def test_system_variables_tell_of_the_deployment(client: httpx.AsyncClient, server: Server, project: Any) -> None:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Shop(client, server, made)
    for name in ("web-1", "web-2"):
        uri = f"https://{name}.example:10933/"
        endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": uri, "Thumbprint": "A" * 40}
        more = {"Roles": ["web", "eu"], "EnvironmentIds": [made["Dev"]], "SkipInitialHealthCheck": True}
        await create(client, "machines", Name=name, Endpoint=endpoint, **more)
    config = (await client.get("/api/serverconfiguration")).json()
    answer = await client.put("/api/serverconfiguration", json={**config, "ServerUri": "https://polpo.example"})
    assert answer.status_code == 200, answer.text
    step = script("Say", "echo hello", StepProperties={"Octopus.Action.TargetRoles": "web"})
    await shop.process(step)
    await shop.variables(
        {"Name": "Octopus.Environment.Name", "Value": "forged"},
        {"Name": "octopus.endpoint.uri", "Value": "forged"},
        {"Name": "Octopus.Mine", "Value": "kept"},
    )
    release = await shop.release()
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await client.post(
        f"{SPACE}/deployments",
        json={
            "ReleaseId": release,
            "EnvironmentId": made["Dev"],
            "Comments": "signed off",
            "ExcludedMachineIds": ["Machines-2"],
            "QueueTime": later,
        },
    )
    assert answer.status_code == 201, answer.text

    values = await values_of(client, server, "Deployments-1")

    found = {name: values.texts.get(f"Octopus.{name}") for name in SET}
    wrong = {name: text for name, text in found.items() if text is None or not re.fullmatch(SET[name], text)}
    assert not wrong
    assert values.texts["Octopus.Mine"] == "kept"
    assert not [name for name, text in values.texts.items() if text == "forged"]
