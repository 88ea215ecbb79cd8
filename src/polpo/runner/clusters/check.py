"""`check-target`: whether a cluster can be used from here, and if not, which layer of the way to it is at fault.

Of other targets in clouds, whether they are there.
"""

from __future__ import annotations

import json
from typing import Mapping

from polpo.runner.clusters.cloudtargets import Look, look_at_container_cluster, look_at_web_app
from polpo.runner.clusters.context import connected
from polpo.runner.clusters.kubectl import Answer
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step

_MESSAGE = "polpo-target"
_TOLD = {
    "address": "The cluster does not answer at its address",
    "certificate": "The cluster's TLS certificate is not trusted",
    "sign-in": "The cluster does not take how it is signed in to",
    "authorisation": "The account may not use the cluster",
    "other": "The cluster cannot be used",
}


def check_target(
    step: Step, environment: Mapping[str, str], program: str, style: str, *, connection_only: bool
) -> None:
    """Tells the finding in one message: `state` is Healthy, HasWarnings, Unhealthy or Unavailable."""
    try:
        if style == "AzureWebApp":
            _tell_look(step, look_at_web_app(step.variables, step.now()))
        elif style == "AwsEcsCluster":
            _tell_look(step, look_at_container_cluster(step.variables, environment, step.now()))
        else:
            _check_cluster(step, environment, program, connection_only=connection_only)
    except RunnerError as error:
        _tell(step, "Unavailable", error.message)


def _tell_look(step: Step, look: Look) -> None:
    _tell(step, "Healthy" if look.is_running else "HasWarnings", look.summary)


def _check_cluster(step: Step, environment: Mapping[str, str], program: str, *, connection_only: bool) -> None:
    with connected(step, environment, program) as ready:
        server = ready.connection.cluster["server"]
        version = ready.kubectl.read("/version")
        if version.layer and version.layer != "authorisation":
            _tell_failure(step, version, server)
            return
        # One that may not ask for the version has been let in all the same.
        told = f"The cluster at {server} answers{'' if version.layer else _version(version.text)}"
        if connection_only:
            _tell(step, "Healthy", f"{told}.")
            return
        namespace = ready.connection.namespace
        answer = ready.kubectl.read(f"/api/v1/namespaces/{namespace}/pods?limit=1")
        _judge(step, answer, f"{told}, and the namespace {namespace} can be read.", namespace, server)


def _judge(step: Step, answer: Answer, well: str, namespace: str, server: str) -> None:
    if not answer.layer:
        _tell(step, "Healthy", well)
    elif answer.layer == "authorisation":
        # An account may be made for a single kind of thing: whether it is the one that is needed, scripts will show.
        _tell(step, "HasWarnings", f"The account may not look at the pods of the namespace {namespace}: {answer.text}")
    else:
        _tell_failure(step, answer, server)


def _tell_failure(step: Step, answer: Answer, server: str) -> None:
    state = "Unavailable" if answer.layer in ("address", "certificate") else "Unhealthy"
    sentence = _TOLD.get(answer.layer, _TOLD["other"])
    _tell(step, state, f"{sentence} ({server}): {answer.text}")


def _version(text: str) -> str:
    try:
        return f" (Kubernetes {json.loads(text)['gitVersion']})"
    except (ValueError, KeyError, TypeError):
        return ""


def _tell(step: Step, state: str, summary: str) -> None:
    step.output.message(_MESSAGE, {"state": state, "summary": summary})
