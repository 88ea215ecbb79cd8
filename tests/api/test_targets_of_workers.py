"""Scripts on behalf of targets in clouds and clusters: what they read, what is hidden, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.certificatefiles import sent, signed
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.features.machines.resource import MACHINES
from polpo.features.machines.signingin import sign_in_misuse
from polpo.server.application import Server

_KUBECTL = """\
#!/bin/sh
case "$*" in
  hello) sed -n 's/.*"token": "\\([^"]*\\)".*/signed in with \\1/p' "$KUBECONFIG"; echo ;;
esac
"""


def secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text}


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    return Shop(client, server, {"Dev": (await create(client, "environments", Name="Dev"))["Id"]})


async def add(shop: Shop, name: str, endpoint: dict[str, Any]) -> Any:
    body = {"Name": name, "EnvironmentIds": [shop.environments["Dev"]], "Roles": [name], "Endpoint": endpoint}
    return await create(shop.client, "machines", **body, SkipInitialHealthCheck=True)


@pytest.fixture
async def cluster(shop: Shop) -> Any:
    token = await create(shop.client, "accounts", AccountType="Token", Name="t", Token=secret("t0ken-of-k8s"))
    signing = {"AuthenticationType": "KubernetesStandard", "AccountId": token["Id"]}
    endpoint = {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://k", "Namespace": "#{Octopus.Project.Slug}"}
    return await add(shop, "k8s", {**endpoint, "SkipTlsVerification": "False", "Authentication": signing})


async def run(shop: Shop, body: str, kind: str = "Octopus.Script", role: str = "k8s", **properties: str) -> Any:
    """The task, with the lines of its log."""
    step = script("Run", body)
    step["Properties"] = {"Octopus.Action.TargetRoles": role}
    action = step["Actions"][0]
    action["ActionType"] = kind
    action["Properties"] = action["Properties"] | {"Octopus.Action.RunOnServer": "false"} | properties
    await shop.process(step)
    await shop.release()
    task = await shop.deploy()
    return await shop.ended(task), await shop.lines(task)


async def test_kubectl_is_set_up_for_the_cluster_of_a_target(shop: Shop, cluster: Any, tmp_path: Path) -> None:
    program = tmp_path / "kubectl"
    program.write_text(_KUBECTL)
    program.chmod(0o755)
    names = ("Kubernetes.Namespace", "Kubernetes.ClusterUrl")
    body = "kubectl hello\n" + "\n".join(f"echo $(get_octopusvariable Octopus.Action.{name})" for name in names)
    own = {"Octopus.Action.Kubernetes.CustomKubectlExecutable": str(program)}

    task, lines = await run(shop, body, "Octopus.KubernetesRunScript", **own)

    assert task["State"] == "Success", lines
    assert {"web-shop", "https://k"} <= {*lines}
    [signed_in] = [line for line in lines if line.startswith("signed in with ")]
    assert signed_in.removeprefix("signed in with ").strip("*") == ""
    assert "t0ken-of-k8s" not in "".join(lines)


async def test_an_account_of_other_environments_is_not_given_to_a_target(shop: Shop, cluster: Any) -> None:
    live = (await create(shop.client, "environments", Name="Live"))["Id"]
    [account] = (await shop.client.get(f"{SPACE}/accounts")).json()["Items"]
    assert (await shop.client.put(account["Links"]["Self"], json=account | {"EnvironmentIds": [live]})).is_success

    task, lines = await run(shop, 'get_octopusvariable "Octopus.Account.Token" | rev')
    check = await create(shop.client, "tasks", Name="Health", Arguments={"MachineIds": [cluster["Id"]]})
    await shop.ended(check["Id"])

    told = "k8s cannot use the account 't': it is restricted to Live, where the machine is not."
    assert (task["State"], told in task["ErrorMessage"]) == ("Failed", True), lines
    assert (await shop.client.get(cluster["Links"]["Self"])).json()["StatusSummary"] == told


@pytest.mark.parametrize(
    ("way", "what"),
    [("None", "account 't'"), ("KubernetesPodService", "account 't'"), ("KubernetesCertificate", "certificate 'c'")],
)
async def test_nor_by_a_way_that_has_no_use_for_it(shop: Shop, cluster: Any, way: str, what: str) -> None:
    live = (await create(shop.client, "environments", Name="Live"))["Id"]
    [account] = (await shop.client.get(f"{SPACE}/accounts")).json()["Items"]
    signing: dict[str, Any] = {"AuthenticationType": way}
    if way == "KubernetesCertificate":
        pair = signed("k8s.example")
        own = sent(pair.pem() + pair.key_pem(), Name="c", EnvironmentIds=[live])
        signing["ClientCertificate"] = (await create(shop.client, "certificates", **own))["Id"]
    else:
        signing["AccountId"] = account["Id"]
        assert (await shop.client.put(account["Links"]["Self"], json=account | {"EnvironmentIds": [live]})).is_success
    cluster["Endpoint"]["Authentication"] = signing
    assert (await shop.client.put(cluster["Links"]["Self"], json=cluster)).is_success

    with shop.server.database.read() as session:
        fault = sign_in_misuse(session, session.get(MACHINES, cluster["Id"]))

    assert what in str(fault)
    assert "is restricted to Live, where the machine is not." in str(fault)


async def test_a_worker_without_kubectl_says_so(shop: Shop, cluster: Any) -> None:
    own = {"Octopus.Action.Kubernetes.CustomKubectlExecutable": "/no/kubectl"}

    task, _ = await run(shop, "true", **own)

    assert task["State"] == "Failed"
    assert "names /no/kubectl, which is no program on this machine" in task["ErrorMessage"]


async def test_an_agent_inside_a_cluster_is_refused(shop: Shop) -> None:
    reach = {"CommunicationMode": "Polling", "Uri": "poll://k/", "Thumbprint": "AB" * 20}
    await add(shop, "k8s", {"CommunicationStyle": "KubernetesTentacle", "TentacleEndpointConfiguration": reach})
    step = script("Run", "true")
    step["Properties"] = {"Octopus.Action.TargetRoles": "k8s"}
    step["Actions"][0]["Properties"]["Octopus.Action.RunOnServer"] = "false"
    await shop.process(step)
    await shop.release()

    body = {"ProjectName": "Web Shop", "ReleaseVersion": "1.0.0", "EnvironmentNames": ["Dev"]}
    answer = await shop.client.post(f"{SPACE}/deployments/create/untenanted/v1", json=body)

    assert answer.status_code == 400
    assert "an agent inside a Kubernetes cluster, to which this server cannot deploy yet" in answer.text


async def test_an_account_of_another_environment_is_refused(shop: Shop) -> None:
    prod = (await create(shop.client, "environments", Name="Prod"))["Id"]
    kept = {"Name": "p", "Token": secret("t0ken-of-prod"), "EnvironmentIds": [prod]}
    token = await create(shop.client, "accounts", AccountType="Token", **kept)
    signing = {"AuthenticationType": "KubernetesStandard", "AccountId": token["Id"]}
    endpoint = {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://k", "Authentication": signing}
    body = {"Name": "k8s", "EnvironmentIds": [shop.environments["Dev"]], "Roles": ["k8s"], "Endpoint": endpoint}
    refused = await shop.client.post(f"{SPACE}/machines", json=body)
    assert refused.status_code == 400
    [fault] = refused.json()["Errors"]
    assert fault.startswith("Endpoint.Authentication.AccountId names the account 'p', which cannot be used for this:")
    assert fault.endswith("it is restricted to Prod, where the machine is not.")
