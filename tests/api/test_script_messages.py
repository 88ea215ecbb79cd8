"""What scripts ask the server for while they run: targets, accounts, the state of an environment, files to be kept."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.api.conftest import SPACE
from tests.api.test_deployments import Shop, script, shop

from polpo.engine import Engine
from polpo.features.dynamicinfrastructure.clerk import ServerClerk
from polpo.kernel.errors import Conflict
from polpo.steps.work import Order

__all__ = ["shop"]


def message(name: str, /, **attributes: str) -> str:
    """A command that prints the message."""
    pairs = "".join(f" {key}='{base64.b64encode(text.encode()).decode()}'" for key, text in attributes.items())
    return f'echo "##octopus[{name}{pairs}]"'


async def allow(shop: Shop, environment: str = "Dev") -> None:
    path = f"{SPACE}/environments/{shop.environments[environment]}"
    known = (await shop.client.get(path)).json()
    assert (await shop.client.put(path, json={**known, "AllowDynamicInfrastructure": True})).is_success


async def ran(shop: Shop, *bodies: str, version: str = "1.0.0") -> tuple[Any, list[str]]:
    await shop.process(*(script(f"Step {number}", body) for number, body in enumerate(bodies, start=1)))
    await shop.release(version)
    task = await shop.ended(await shop.deploy(version=version))
    return task, await shop.lines(task["Id"])


TOKEN = message("create-tokenaccount", name="Cluster token", token="t0k3n-s3cr3t")
CLUSTER = message(
    "create-kubernetestarget",
    name="Cluster",
    octopusRoles="k8s,web",
    clusterUrl="https://k8s.example/",
    octopusAccountIdOrName="Cluster token",
    namespace="shop",
    updateIfExisting="True",
)


async def test_targets_are_refused_where_the_environment_does_not_allow_them(shop: Shop) -> None:
    task, lines = await ran(shop, CLUSTER)
    assert task["State"] == "Failed"
    assert "Dev does not allow dynamic infrastructure" in task["ErrorMessage"]
    assert any("Dev does not allow dynamic infrastructure" in line for line in lines)
    assert (await shop.client.get(f"{SPACE}/machines/all")).json() == []


async def test_script_makes_a_target_with_its_account_and_deletes_it(shop: Shop) -> None:
    await allow(shop)
    task, lines = await ran(shop, f"{TOKEN}\n{CLUSTER}\n{CLUSTER}\necho t0k3n-s3cr3t")
    assert task["State"] == "Success", lines
    [target] = (await shop.client.get(f"{SPACE}/machines/all")).json()
    [account] = (await shop.client.get(f"{SPACE}/accounts/all")).json()
    assert (target["Name"], target["Roles"], target["EnvironmentIds"]) == (
        "Cluster",
        ["k8s", "web"],
        [shop.environments["Dev"]],
    )
    assert target["Endpoint"]["Authentication"]["AccountId"] == account["Id"]
    assert target["Endpoint"]["ClusterUrl"] == "https://k8s.example/"
    assert account["EnvironmentIds"] == [shop.environments["Dev"]]
    assert f"The target Cluster was made ({target['Id']}), with the tags k8s, web." in lines
    assert f"The target Cluster ({target['Id']}) was brought up to date, with the tags k8s, web." in lines
    assert not [line for line in lines if "t0k3n-s3cr3t" in line]
    events = (await shop.client.get(f"{SPACE}/events?regarding={target['Id']}")).json()["Items"]
    about = [(one["Category"], one["Username"]) for one in events if not one["Category"].startswith("Task")]
    assert about == [("MachineAdded", task["Description"])]
    assert f"Check the health of {target['Name']}" in str(events)  # by itself, as any new target

    task, lines = await ran(shop, message("delete-target", machine="cluster") + "; exit 3", version="1.0.1")
    assert task["State"] == "Failed"  # what was asked for is done all the same
    assert "The target Cluster was deleted." in lines
    assert (await shop.client.get(f"{SPACE}/machines/all")).json() == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (CLUSTER, "account 'Cluster token', which does not exist"),
        (
            message("create-azurewebapptarget", name="S", roles="web", webAppName="x"),
            "Endpoint.AccountId is missing",
        ),
        (message("createStepPackageTarget", name="P", octopusRoles="a", inputs="{}"), "lacks the attribute 'targetId'"),
        (message("create-awsaccount", name="A", accessKey="k"), "SecretKey is missing"),
        (f"{TOKEN}\n{TOKEN}", "does not ask to update it if it exists"),
    ],
)
async def test_order_that_cannot_be_carried_out_fails_the_step_with_the_reason(
    shop: Shop, body: str, sentence: str
) -> None:
    await allow(shop)
    task, _ = await ran(shop, body)
    assert task["State"] == "Failed"
    assert sentence in task["ErrorMessage"]


async def test_order_that_was_begun_before_does_no_harm_a_second_time(shop: Shop) -> None:
    """As after the end of a server between the transaction and its note in the journal."""
    await allow(shop)
    clerk = ServerClerk(shop.server.database, shop.server.parts.get(Engine))
    place = {"space_id": "Spaces-1", "project_id": "Projects-1", "environment_id": shop.environments["Dev"]}
    attributes = {"name": "Key", "token": "secret"}
    order = Order("create-tokenaccount", attributes, by="Deploy", tenant_id="", **place)
    again = Order("create-tokenaccount", attributes, by="Deploy", tenant_id="", is_repeat=True, **place)
    assert "was made" in (await clerk.carry_out(order)).sentence
    assert "was brought up to date" in (await clerk.carry_out(again)).sentence
    with pytest.raises(Conflict):
        await clerk.carry_out(order)


# -- the state of an environment

STATE = """\
set_environmentstate namespace shop-7
set_environmentstate password s3cr3t-value -sensitive
set_environmenturl "Store front" https://shop.example/
echo s3cr3t-value
"""
READ = """\
echo "namespace $(get_octopusvariable "Octopus.Environment.State[Namespace]")"
echo "length ${#password}"
echo "url $(get_octopusvariable "Octopus.Environment.State[Store front]")"
get_octopusvariable "Octopus.Environment.State[password]" | wc -c
get_octopusvariable "Octopus.Environment.State[password]"
"""


async def test_state_is_read_by_later_runs_and_addresses_over_http(shop: Shop) -> None:
    task, lines = await ran(shop, STATE)
    assert task["State"] == "Success", lines
    assert not [line for line in lines if "s3cr3t-value" in line]
    place = f"{SPACE}/projects/Projects-1/environments/{shop.environments['Dev']}"
    assert (await shop.client.get(f"{place}/urls")).json() == [{"Name": "Store front", "Url": "https://shop.example/"}]

    task, lines = await ran(shop, READ, version="1.0.1")
    assert {"namespace shop-7", "url https://shop.example/"} <= set(lines)
    assert any(line.strip() == "12" for line in lines)
    assert not [line for line in lines if "s3cr3t-value" in line]

    assert (await shop.client.delete(f"{place}/untenanted/states/NAMESPACE")).status_code == 200
    assert (await shop.client.delete(f"{place}/untenanted/states/namespace")).status_code == 404
    task, lines = await ran(shop, READ, version="1.0.2")
    assert "namespace " in lines


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("for n in $(seq 11); do set_environmentstate key$n v; done", "there are 10 entries"),
        ("set_environmentstate key $(printf 'x%.0s' $(seq 1001))", "its value has 1001 characters; 1000 is the most"),
        ("set_environmentstate '' value", "without a key"),
    ],
)
async def test_limits_of_state_fail_the_step(shop: Shop, body: str, sentence: str) -> None:
    task, _ = await ran(shop, body)
    assert task["State"] == "Failed"
    assert sentence in task["ErrorMessage"]
