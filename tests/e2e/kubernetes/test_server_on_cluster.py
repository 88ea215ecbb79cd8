"""A real server whose built-in worker deploys to a real API server, and checks its health."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from run import Demo
from story import Api, StoryError, create_release, deploy, follow, make_environments
from tests.kubernetes import Cluster

from unit.runner.fakecloud import Cloud, cloud

__all__ = ["cloud"]

GUID = "0a1b2c3d-0000-0000-0000-000000000001"
_K = "Octopus.Action.Kubernetes."


class Done(NamedTuple):
    state: str
    log: str
    error: str


@pytest.fixture(scope="module")
def demo(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server on its own; it is not started where there is no cluster."""
    demo = Demo(tmp_path_factory.mktemp("server"), say=lambda _text: None, listen=0)
    demo.start_server()
    yield demo
    demo.stop()


@pytest.fixture(scope="module")
def api(demo: Demo) -> Api:
    """Signed in to a server with the environments of the story."""
    api = demo.connect()
    make_environments(api)
    return api


def secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text}


def make_target(api: Api, cluster: Cluster, name: str, token: str, **more: Any) -> Any:
    """The namespace `apps` of the cluster as a target in Development, with a tag of its own name."""
    account = {"AccountType": "Token", "Name": f"account of {name}", "Token": secret(token)}
    pem = base64.b64encode(cluster.authority.pem.encode()).decode()
    authority = api.post("/certificates", {"Name": f"authority of {name}", "CertificateData": secret(pem)})
    signing = {"AuthenticationType": "KubernetesStandard", "AccountId": api.post("/accounts", account)["Id"]}
    endpoint = {
        "CommunicationStyle": "Kubernetes",
        "ClusterUrl": cluster.address,
        "Namespace": "apps",
        "SkipTlsVerification": "False",
        "ClusterCertificate": authority["Id"],
        "Authentication": signing,
    }
    environments = [one["Id"] for one in api.get("/environments/all") if one["Name"] == "Development"]
    body = {"Name": name, "EnvironmentIds": environments, "Roles": [name], "Endpoint": {**endpoint, **more}}
    return api.post("/machines", body)


def deployed(api: Api, name: str, body: str, role: str = "", kind: str = "Octopus.Script", **properties: str) -> Done:
    """A project of one step is made, released and deployed to Development."""
    lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
    project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle, "ProjectGroupId": group})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    inline = {"Octopus.Action.Script.ScriptBody": body, "Octopus.Action.Script.Syntax": "Bash"}
    action = {"Name": "Run", "ActionType": kind, "Properties": {**inline, **properties}}
    on = {"Octopus.Action.TargetRoles": role} if role else {}
    process["Steps"] = [{"Name": "Run", "Properties": on, "Actions": [action]}]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    create_release(api, "1.0.0", name)
    task = follow(api, deploy(api, "1.0.0", "Development", name))
    text = api.client.get(f"/tasks/{task['Id']}/raw").text
    return Done(task["State"], text, task["ErrorMessage"])


@pytest.mark.parametrize("kind", ["Octopus.Script", "Octopus.KubernetesRunScript"])
def test_a_script_works_on_the_cluster_of_its_target(api: Api, cluster: Cluster, kind: str) -> None:
    name = kind.removeprefix("Octopus.").lower()
    make_target(api, cluster, name, cluster.tokens["admin"])
    body = (
        f"kubectl create configmap {name} --from-literal=release=#{{Octopus.Release.Number}}\n"
        "echo the token is $(get_octopusvariable Octopus.Account.Token)\n"
    )

    done = deployed(api, name, body, name, kind)

    assert done.state == "Success", done.log
    made = cluster.kubectl("get", "configmap", name, "-n", "apps", "-o", "json")
    assert made["data"] == {"release": "1.0.0"}
    assert "the token is ****" in done.log
    assert cluster.tokens["admin"] not in done.log


def test_a_step_names_its_own_cluster(api: Api, cluster: Cluster) -> None:
    own = {
        _K + "ClusterUrl": cluster.address,
        _K + "SkipTlsVerification": "True",
        _K + "Namespace": "apps",
        "Octopus.Account.AccountType": "Token",
        "Octopus.Account.Token": cluster.tokens["reader"],
    }

    done = deployed(api, "alone", "kubectl get pods", kind="Octopus.KubernetesRunScript", **own)

    assert done.state == "Success", done.log
    assert "No resources found in apps namespace." in done.log


def test_a_step_without_a_cluster_says_what_it_lacks(api: Api) -> None:
    done = deployed(api, "nowhere", "kubectl get pods", kind="Octopus.KubernetesRunScript")

    assert done.state == "Failed"
    assert "names none: run it for a Kubernetes target, or set Octopus.Action.Kubernetes.ClusterUrl" in done.error


@pytest.mark.parametrize(
    ("name", "token", "changes", "state", "said"),
    [
        ("well", "", {}, "Healthy", "and the namespace apps can be read."),
        ("stranger", "wrong", {}, "Unhealthy", "The cluster does not take how it is signed in to"),
        ("gone", "", {"ClusterUrl": "https://127.0.0.1:1"}, "Unavailable", "The cluster does not answer at its"),
    ],
)
def test_the_health_of_a_cluster_is_checked(
    api: Api, cluster: Cluster, name: str, token: str, changes: dict[str, Any], state: str, said: str
) -> None:
    target = make_target(api, cluster, name, token or cluster.tokens["admin"], **changes)
    arguments = {"MachineIds": [target["Id"]]}

    task = follow(api, api.post("/tasks", {"Name": "Health", "Arguments": arguments})["Id"])

    checked = api.get(f"/machines/{target['Id']}")
    assert checked["HealthStatus"] == state, api.client.get(f"/tasks/{task['Id']}/raw").text
    assert said in checked["StatusSummary"]


def test_a_web_app_is_looked_at_and_scripts_run_for_it(api: Api, cloud: Cloud) -> None:
    cloud.says(f"POST /{GUID}/oauth2/v2.0/token", {"access_token": "t0ken", "expires_in": 3600})
    place = f"/subscriptions/{GUID}/resourceGroups/rg/providers/Microsoft.Web/sites/app/slots/blue"
    cloud.says(f"GET {place}", {"properties": {"state": "Running"}})
    account = {"AccountType": "AzureServicePrincipal", "Name": "azure", "Password": secret("s3cret")}
    account |= dict.fromkeys(("SubscriptionNumber", "ClientId", "TenantId"), GUID)
    places = ("ActiveDirectoryEndpointBaseUri", "ResourceManagementEndpointBaseUri")
    account |= dict.fromkeys(places, cloud.address)
    endpoint = {"CommunicationStyle": "AzureWebApp", "ResourceGroupName": "rg", "WebAppName": "app"}
    endpoint |= {"AccountId": api.post("/accounts", account)["Id"], "WebAppSlotName": "blue"}
    environments = [one["Id"] for one in api.get("/environments/all") if one["Name"] == "Development"]
    body = {"Name": "web app", "EnvironmentIds": environments, "Roles": ["azure"], "Endpoint": endpoint}
    target = api.post("/machines", body)
    names = ("WebAppName", "DeploymentSlot", "Password")
    show = "echo said " + " ".join(f"$(get_octopusvariable Octopus.Action.Azure.{one})" for one in names)

    follow(api, api.post("/tasks", {"Name": "Health", "Arguments": {"MachineIds": [target["Id"]]}})["Id"])
    done = deployed(api, "for the web app", show, "azure")

    checked = api.get(f"/machines/{target['Id']}")
    assert checked["StatusSummary"] == "The web app app, slot blue, is there; its state is Running."
    assert checked["HealthStatus"] == "Healthy"
    assert done.state == "Success", done.log
    assert "said app blue ****" in done.log


def test_an_agent_inside_a_cluster_is_known_and_refused(demo: Demo, api: Api) -> None:
    """The agent is one of ours, under the name of the other kind."""
    demo.start_agent("Production")
    [agent] = [one for one in api.get("/machines/all") if one["Endpoint"]["CommunicationStyle"] == "TentaclePassive"]
    reach = {"CommunicationMode": "Listening", "Uri": agent["Uri"], "Thumbprint": agent["Thumbprint"]}
    endpoint = {"CommunicationStyle": "KubernetesTentacle", "TentacleEndpointConfiguration": reach}
    environments = [one["Id"] for one in api.get("/environments/all") if one["Name"] == "Development"]
    body = {"Name": "inside", "EnvironmentIds": environments, "Roles": ["inside"], "Endpoint": endpoint}
    target = api.post("/machines", body)

    follow(api, api.post("/tasks", {"Name": "Health", "Arguments": {"MachineIds": [target["Id"]]}})["Id"])
    with pytest.raises(StoryError, match="would run on inside, an agent inside a Kubernetes cluster, to which this"):
        deployed(api, "for the agent", "true", "inside")

    checked = api.get(f"/machines/{target['Id']}")
    assert checked["HealthStatus"] == "HasWarnings"
    assert checked["StatusSummary"] == "The agent in the cluster answers; this server cannot run steps there yet."
