"""The surroundings of scripts that work on a cluster, prepared before the first one and taken away after the last."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import ExitStack, contextmanager
from typing import Any, Dict, Iterator, Mapping, NamedTuple, Optional

from polpo.runner.clusters import azure, google
from polpo.runner.clusters.connection import PREFIX, Connection, names_cluster, read_connection
from polpo.runner.clusters.kubectl import Kubectl, find_kubectl
from polpo.runner.clusters.signin import API
from polpo.runner.scripts.payload import discard, write_private
from polpo.runner.step import Step

#: Scripts written for the original may name these.
_CLUSTER, _USER, _CONTEXT = "octocluster", "octouser", "octocontext"


class Ready(NamedTuple):
    """A cluster that scripts can work on."""

    connection: Connection
    kubectl: Kubectl


@contextmanager
def cluster_context(step: Step, *, needed: bool, program: str) -> Iterator[None]:
    """KUBECONFIG and PATH are set for the scripts of the step, where it has a cluster, or is `needed` to have one.

    `program` is the runner's own file: kubectl starts it to get a token.
    """
    if not (needed or names_cluster(step.variables)):
        yield
        return
    with ExitStack() as stack:
        ready = stack.enter_context(connected(step, os.environ, program))
        stack.enter_context(_environment(_surroundings(step, ready, stack)))
        namespace = ready.connection.namespace
        step.variables.set(PREFIX + "Namespace", namespace)
        _tell(step, ready.connection)
        _ensure_namespace(step, ready.kubectl, namespace)
        if step.variables.get_flag(PREFIX + "OutputKubeConfig", False):
            step.output.info(ready.kubectl.ask("config", "view").text)
        yield


@contextmanager
def connected(step: Step, environment: Mapping[str, str], program: str) -> Iterator[Ready]:
    """A kubeconfig in the working folder, and kubectl with it; what is written is removed in the end."""
    path = find_kubectl(step.variables, environment)
    connection = read_connection(step.variables, environment)
    number = os.urandom(4).hex()
    question = os.path.join(step.workspace, f".cluster-signin-{number}.json")
    kubeconfig = os.path.join(step.workspace, f".kubeconfig-{number}.json")
    try:
        connection = _found(connection, environment, step.now())
        if connection.signin is not None:
            write_private(question, json.dumps(connection.signin))
        write_private(kubeconfig, json.dumps(compose(connection, question, program)))
        yield Ready(connection, Kubectl(path, kubeconfig, environment, connection.cluster["server"]))
    finally:
        for written in (kubeconfig, question, f"{question}.token"):
            discard(written)


def compose(connection: Connection, question: str, program: str) -> Dict[str, Any]:
    """The kubeconfig; kubectl reads JSON as well as YAML."""
    user = connection.user
    if connection.signin is not None:
        arguments = ["-I", program, "cluster-token", "--question", question]
        user = {"exec": {"apiVersion": API, "command": sys.executable, "args": arguments}}
    context = {"cluster": _CLUSTER, "user": _USER, "namespace": connection.namespace}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": _CLUSTER, "cluster": connection.cluster}],
        "users": [{"name": _USER, "user": user}],
        "contexts": [{"name": _CONTEXT, "context": context}],
        "current-context": _CONTEXT,
    }


def _found(connection: Connection, environment: Mapping[str, str], now: float) -> Connection:
    """The connection with what only its cloud knows; what the target says of the cluster goes before that."""
    signin = connection.signin
    if signin is None or (signin["Cloud"] != "Azure" and "server" in connection.cluster):
        return connection
    if signin["Cloud"] == "Google":
        found = google.find_cluster(signin, environment, now)
        return connection._replace(cluster=_joined(found, connection.cluster))
    known = azure.find_cluster(signin, now)
    cluster = _joined(known.cluster, connection.cluster)
    if known.user is not None:
        return connection._replace(cluster=cluster, user=known.user, signin=None)
    return connection._replace(cluster=cluster, signin={**signin, "Audience": known.audience})


def _joined(found: Dict[str, Any], said: Dict[str, Any]) -> Dict[str, Any]:
    """kubectl refuses a cluster that has an authority and is not to be checked at all."""
    says_trust = {"insecure-skip-tls-verify", "certificate-authority", "certificate-authority-data"} & said.keys()
    kept = {name: value for name, value in found.items() if not (says_trust and name.startswith("certificate"))}
    return {**kept, **said}


# -- around the script


def _surroundings(step: Step, ready: Ready, stack: ExitStack) -> Dict[str, str]:
    added = {"KUBECONFIG": ready.kubectl.kubeconfig}
    path = ready.kubectl.path
    if shutil.which("kubectl") == path:
        return added
    folder, file = os.path.split(path)
    stem, ending = os.path.splitext(file)
    if (stem, ending.lower()) not in (("kubectl", ""), ("kubectl", ".exe")):
        folder = os.path.join(step.workspace, f".bin-{os.urandom(4).hex()}")
        os.mkdir(folder, 0o700)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.symlink(path, os.path.join(folder, "kubectl" + (ending if os.name == "nt" else "")))
    return {**added, "PATH": os.pathsep.join(filter(None, [folder, os.environ.get("PATH")]))}


@contextmanager
def _environment(added: Mapping[str, str]) -> Iterator[None]:
    """Scripts inherit the runner's own environment."""
    before: Dict[str, Optional[str]] = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _tell(step: Step, connection: Connection) -> None:
    where = connection.cluster.get("server", "")
    step.output.verbose(
        f"kubectl works on {where}, namespace {connection.namespace}; it signs in with {connection.how}."
    )
    if connection.cluster.get("insecure-skip-tls-verify"):
        step.output.verbose("The cluster's certificate is not checked, as the target says.")
    if image := step.variables.get(PREFIX + "ContainerImage"):
        step.output.verbose(f"The target names the image {image}; the script runs outside of it, on the worker itself.")


def _ensure_namespace(step: Step, kubectl: Kubectl, namespace: str) -> None:
    """It is made when it is not there. Whatever goes wrong is a warning: the script may not need the cluster at all."""
    answer = kubectl.read(f"/api/v1/namespaces/{namespace}")
    if not answer.layer:
        return
    if answer.layer == "missing":
        made = kubectl.ask("create", "namespace", namespace)
        if made.layer:
            step.output.warning(f"The namespace {namespace} is not there and cannot be made: {made.text}")
        else:
            step.output.info(f"Made the namespace {namespace}.")
    elif answer.layer == "authorisation":
        step.output.verbose(f"Whether the namespace {namespace} is there may not be asked: {answer.text}")
    else:
        step.output.warning(f"The cluster cannot be used ({answer.layer}): {answer.text}")
