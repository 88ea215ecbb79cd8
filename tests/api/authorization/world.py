"""A world with two of everything: sides that share nothing, in one space, and a side of the same make in another one.

Whoever may see one side only must see nothing of the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.api.certificatefiles import sent, signed
from tests.api.conftest import tomorrow
from tests.api.packages import zipped

from polpo.engine import TaskState
from polpo.server.application import Server

Call = Callable[..., Awaitable[httpx.Response]]

HOME, AWAY = "Spaces-1", "Spaces-2"
_SECRET = {"HasValue": True, "NewValue": "s3cret"}
_UNKNOWN = {"OperatingSystem": "Unknown", "ShellName": "Unknown", "ShellVersion": "Unknown"}
_INSTALLATION = "6a3e0e9a-6a40-4a2c-9a6e-5f1d7f0a1b2{}"
_GUID = "0a5f8e32-9b8b-4c5e-8a35-b3f7d4d1c001"
COMMUNITY_TEMPLATE = {"Id": _GUID, "Name": "Notify", "ActionType": "Octopus.Script", "Version": 3, "Properties": {}}
_TEMPLATE = {
    "Name": "Port",
    "Label": "Port",
    "DefaultValue": "80",
    "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
}


@dataclass
class Side:
    """One of everything in a space, by the word of the collection: `ids["projects"]` is `Projects-1`."""

    letter: str
    space_id: str
    ids: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, word: str) -> str:
        return self.ids[word]

    def within(self, kind: str) -> list[str]:
        """What a grant is narrowed to so that it reaches this side."""
        more = [self.ids["ephemeral"]] if kind == "Environments" else []
        return [self.ids[kind.lower()], *more]


@dataclass
class Builder:
    """Makes a side over HTTP, as an administrator."""

    call: Call
    server: Server
    side: Side

    async def build(self) -> Side:
        await self._places()
        await self._library()
        await self._project()
        await self._machines()
        await self._work()
        await self._server()
        return self.side

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.call("POST", f"/api/{self.side.space_id}/{path}", json=body)
        assert answer.is_success, (path, answer.text)
        return answer.json()

    async def change(self, path: str, **more: Any) -> Any:
        path = f"/api/{self.side.space_id}/{path}"
        answer = await self.call("PUT", path, json={**(await self.call("GET", path)).json(), **more})
        assert answer.is_success, (path, answer.text)
        return answer.json()

    async def make(self, collection: str, word: str = "", **body: Any) -> str:
        """One document, called by the side's letter, of a collection; kept by the word for it."""
        made = await self.post(collection, **{"Name": f"{collection.rpartition('/')[2]} {self.side.letter}", **body})
        self.side.ids[word or collection] = str(made["Id"])
        return str(made["Id"])

    async def _places(self) -> None:
        ids = self.side.ids
        await self.make("projectgroups")
        await self.make("environments")
        await self.make("parentEnvironments")
        await self.make("tagsets", Tags=[{"Name": "Gold"}])
        phase = {"Name": "One", "OptionalDeploymentTargets": [ids["environments"]]}
        await self.make("lifecycles", Phases=[phase])
        owners = {"ProjectGroupId": ids["projectgroups"], "LifecycleId": ids["lifecycles"]}
        told = {"TenantedDeploymentMode": "TenantedOrUntenanted", "Templates": [_TEMPLATE]}
        await self.make("projects", **owners, **told)
        connected = {ids["projects"]: [ids["environments"]]}
        await self.make("tenants", ProjectEnvironments=connected)

    async def _library(self) -> None:
        ids = self.side.ids
        places = {"EnvironmentIds": [ids["environments"]]}
        tenanted = {"TenantedDeploymentParticipation": "Tenanted", "TenantIds": [ids["tenants"]]}
        await self.make("accounts", AccountType="Token", Token=_SECRET, **places)
        pair = sent(signed(f"{self.side.letter}.example.com").pfx("x"), "x")
        await self.make("certificates", **{**pair, "Name": f"certificate {self.side.letter}"}, **places, **tenanted)
        await self.make("feeds", FeedType="NuGet", FeedUri="https://example.org/v3/index.json")
        await self.make("proxies", Host="h", Port=1, ProxyType="HTTP")
        details = {"Type": "UsernamePassword", "Username": "git", "Password": _SECRET}
        await self.make("git-credentials", Details=details)
        way = {"WebhookURI": "https://example.org/"}
        await self.make("subscriptions", EventNotificationSubscription=way)
        script = {"Octopus.Action.Script.ScriptBody": "true"}
        await self.make("actiontemplates", ActionType="Octopus.Script", Properties=script)
        await self.make("libraryvariablesets", ContentType="Variables", Templates=[_TEMPLATE])
        await self.make("machinepolicies")
        await self.make("workerpools")
        files = {"file": (f"Hello{self.side.letter}.1.0.0.zip", zipped(), "application/octet-stream")}
        pushed = await self.call("POST", f"/api/{self.side.space_id}/packages/raw", files=files)
        ids["packages"] = pushed.json()["Id"]
        built = {"OctopusBuildInformation": {"BuildEnvironment": "Jenkins", "Commits": [{"Id": "a", "Comment": "b"}]}}
        package = f"Hello{self.side.letter}"
        await self.make("build-information", PackageId=package, Version="1.0.0", **built)

    async def _project(self) -> None:
        ids = self.side.ids
        project, scope = ids["projects"], {"Environment": [ids["environments"]]}
        ids["deploymentprocesses"] = f"deploymentprocess-{project}"
        ids["variables"] = f"variableset-{project}"
        await self.change(f"variables/variableset-{project}", Variables=[{"Name": "A", "Value": "1", "Scope": scope}])
        await self.change(f"projects/{project}/deploymentprocesses", Steps=[_question()])
        reviews = {"Type": "EphemeralEnvironment", "ParentEnvironmentId": ids["parentEnvironments"]}
        name = {"EphemeralEnvironmentNameTemplate": "pr/#{Octopus.Release.Number}"}
        await self.make("channels", "channels/reviews", Name="Reviews", ProjectId=project, **reviews, **name)
        told = {"EnvironmentName": f"review {self.side.letter}"}
        ids["ephemeral"] = (await self.post(f"projects/{project}/environments/ephemeral", **told))["Id"]
        await self.make("channels", ProjectId=project, LifecycleId=ids["lifecycles"])
        await self.make("runbooks", ProjectId=project, MultiTenancyMode="TenantedOrUntenanted")
        ids["runbookProcesses"] = f"RunbookProcess-{ids['runbooks']}"
        await self.change(f"runbookProcesses/{ids['runbookProcesses']}", Steps=[_question()])
        hook = {"Filter": {"FilterType": "WebhookFilter", "Secret": _SECRET}, "Action": {"ActionType": "CreateRelease"}}
        await self.make("projecttriggers", ProjectId=project, **hook)
        hourly = {"FilterType": "CronExpressionSchedule", "CronExpression": "0 0 6 * * *", "Timezone": "UTC"}
        create = {"ActionType": "CreateRelease", "ChannelId": ids["channels"]}
        await self.make(
            "projecttriggers", "scheduledprojecttriggers", Name="timed", ProjectId=project, Filter=hourly, Action=create
        )
        toggles = f"projects/{project}/featuretoggles"
        ids["featuretoggles"] = (await self.post(toggles, Name=f"toggle {self.side.letter}"))["Slug"]
        ids["rollout-groups"] = (await self.post(f"{toggles}/rollout-groups", Name=f"group {self.side.letter}"))["Id"]

    async def _machines(self) -> None:
        ids = self.side.ids
        told = {"EnvironmentIds": [ids["environments"]], "Roles": [f"web-{self.side.letter}"], **_UNKNOWN}
        told |= {"TenantedDeploymentParticipation": "Tenanted", "TenantIds": [ids["tenants"]]}
        told |= {"MachinePolicyId": ids["machinepolicies"]}
        region = {"CommunicationStyle": "None"}
        await self.make("machines", Endpoint=region, **told)
        place = {"CommunicationStyle": "TentacleActive", "Uri": f"poll://w{self.side.letter}/", "Thumbprint": "A" * 40}
        worker = {"WorkerPoolIds": [ids["workerpools"]], "MachinePolicyId": ids["machinepolicies"]}
        await self.make("workers", Endpoint=place, **worker, **_UNKNOWN)
        monitor = {"MachineId": ids["machines"], "InstallationId": _INSTALLATION.format(self.side.letter)}
        ids["kubernetes-monitors"] = (await self.post("observability/kubernetes-monitors", **monitor))["Resource"]["Id"]

    async def _work(self) -> None:
        """A release that is being deployed and a runbook that runs, each for a tenant and waiting for an answer."""
        ids = self.side.ids
        ids["releases"] = (
            await self.post("releases", ProjectId=ids["projects"], ChannelId=ids["channels"], Version="1.0.0")
        )["Id"]
        target = {"EnvironmentId": ids["environments"], "TenantId": ids["tenants"]}
        deployed = await self.post("deployments", ReleaseId=ids["releases"], **target)
        ids["deployments"], ids["tasks"] = deployed["Id"], deployed["TaskId"]
        ids["runbookSnapshots"] = (
            await self.post("runbookSnapshots?publish=true", RunbookId=ids["runbooks"], Name="S1")
        )["Id"]
        wanted = {"RunbookId": ids["runbooks"], "RunbookSnapshotId": ids["runbookSnapshots"], **target}
        ran = await self.post("runbookRuns", **wanted)
        ids["runbookRuns"], ids["tasks/runbook"] = ran["Id"], ran["TaskId"]
        for task in (ids["tasks"], ids["tasks/runbook"]):
            await self._paused(task)
        asked = await self.call("GET", f"/api/{self.side.space_id}/interruptions?regarding={ids['tasks']}")
        ids["interruptions"] = asked.json()["Items"][0]["Id"]
        await self.make("artifacts", Filename=f"{self.side.letter}.txt", ServerTaskId=ids["tasks"])
        later = await self.post("deployments", ReleaseId=ids["releases"], QueueTime=tomorrow(), **target)
        ids["tasks/ended"] = later["TaskId"]
        await self.post(f"tasks/{later['TaskId']}/cancel")

    async def _paused(self, task_id: str) -> None:
        async with asyncio.timeout(60):
            async for change in self.server.engine.watch(task_id):
                if change.state is TaskState.PAUSED:
                    return

    async def _server(self) -> None:
        """What belongs to the server, or to both."""
        ids, letter = self.side.ids, self.side.letter
        ids["users"] = (await self._at_server("users", Username=f"ann {letter}", IsService=True))["Id"]
        ids["serviceaccounts"] = ids["users/authentication"] = ids["users"]
        ids["communityactiontemplates"] = f"CommunityActionTemplates-{_GUID}"
        ids["apikeys"] = (await self._at_server(f"users/{ids['users']}/apikeys", Purpose="p"))["Id"]
        identity = {"Name": "x", "Issuer": "https://example.org", "Subject": "x"}
        made = await self._at_server(f"serviceaccounts/{ids['users']}/oidcidentities/create/v1", **identity)
        ids["oidcidentities"] = made["Id"]
        ids["userroles"] = (await self._at_server("userroles", Name=f"role {letter}"))["Id"]
        await self.make("teams", MemberUserIds=[ids["users"]])
        given = {"TeamId": ids["teams"], "UserRoleId": "userroles-environmentviewer", "SpaceId": self.side.space_id}
        ids["scopeduserroles"] = (await self.post("scopeduserroles", **given))["Id"]
        ids["invitations"] = (await self.post("users/invitations", AddToTeamIds=[]))["Id"]
        times = {"Start": tomorrow(), "End": tomorrow()}
        scope = {"ProjectEnvironmentScope": {ids["projects"]: [ids["environments"]]}}
        ids["deploymentfreezes"] = (await self._at_server("deploymentfreezes", Name=f"F {letter}", **times, **scope))[
            "Id"
        ]
        seen = await self.call("GET", f"/api/{self.side.space_id}/events?regarding={ids['deployments']}")
        ids["events"] = seen.json()["Items"][-1]["Id"]

    async def _at_server(self, path: str, **body: Any) -> Any:
        answer = await self.call("POST", f"/api/{path}", json=body)
        assert answer.is_success, (path, answer.text)
        return answer.json()


def _question() -> dict[str, Any]:
    properties = {"Octopus.Action.Manual.BlockConcurrentDeployments": "False"}
    return {"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual", "Properties": properties}]}
