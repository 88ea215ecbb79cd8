"""Steps that work on a Kubernetes cluster: by a worker, on behalf of each target, or for the cluster that they name."""

from __future__ import annotations

from functools import partial

from polpo.steps.scripted import perform_script
from polpo.steps.work import StepKind

RUN_KUBECTL = StepKind(
    type="Octopus.KubernetesRunScript",
    name="Run a kubectl script",
    description="Runs a script with kubectl set up for the cluster of each target, or for the one that the step names.",
    place="worker",
    perform=partial(perform_script, options=("--cluster", "needed")),
    category="Kubernetes",
    needs_runner=True,
)
