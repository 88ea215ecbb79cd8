"""Targets that are no clusters but things at a cloud: whether they are there, and what state they are in."""

from __future__ import annotations

import json
from typing import Mapping, NamedTuple

from polpo.runner.clusters import amazon, azure
from polpo.runner.clusters.connection import amazon_facts, azure_facts
from polpo.runner.clusters.web import ask_json
from polpo.runner.errors import RunnerError
from polpo.runner.variables import Variables

_ECS = "AmazonEC2ContainerServiceV20141113.DescribeClusters"


class Look(NamedTuple):
    """`is_running`: it does what it is there for."""

    is_running: bool
    summary: str


def look_at_web_app(variables: Variables, now: float) -> Look:
    """RunnerError when it is not there, or Azure does not let the account look."""
    prefix = "Octopus.Action.Azure."
    names = {name: variables.get(prefix + name) or "" for name in ("ResourceGroupName", "WebAppName", "DeploymentSlot")}
    name, slot = names["WebAppName"], names["DeploymentSlot"]
    called = f"The web app {name}" + (f", slot {slot}," if slot else "")
    answer = azure.find_web_app(azure_facts(variables), names["ResourceGroupName"], name, slot, now)
    state = str((answer.get("properties") or {}).get("state") or "unknown")
    return Look(state == "Running", f"{called} is there; its state is {state}.")


def look_at_container_cluster(variables: Variables, environment: Mapping[str, str], now: float) -> Look:
    """RunnerError when it is not there, or Amazon does not let the account look."""
    facts = amazon_facts(variables)
    name, region = variables.get("Octopus.Action.Aws.Ecs.ClusterName") or "", facts.get("Region", "")
    what = f"Asking Amazon for the cluster {name}"
    keys = amazon.keys_of(facts, environment, region, now)
    address = amazon.service_address("ecs", region, environment)
    body = json.dumps({"clusters": [name]})
    given = {"x-amz-target": _ECS, "content-type": "application/x-amz-json-1.1"}
    headers = amazon.signed_headers(keys, region, amazon.host_of(address), body, now, "ecs", given)
    answer = ask_json(what, address, method="POST", headers=headers, body=body.encode())
    found = answer.get("clusters") or []
    if not found:
        raise RunnerError(f"{what} failed: there is no such cluster in {region}.")
    state = str(found[0].get("status") or "unknown")
    return Look(state == "ACTIVE", f"The cluster {name} is there; its state is {state}.")
