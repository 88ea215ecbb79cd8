"""Changes that people know by a name of their own: machines that come, go or fall ill, questions, deployments."""

from __future__ import annotations

from collections.abc import Mapping

from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.events.telling import NOTHING, Turn
from polpo.features.interruptions.resource import INTERRUPTIONS, Interruption
from polpo.features.machines.resource import MACHINES, DeploymentTarget
from polpo.features.runbookruns.resource import RUNBOOK_RUNS, RunbookRun
from polpo.features.workers.resource import WORKERS, Worker

_HEALTH = {
    "Healthy": "MachineHealthy",
    "HasWarnings": "MachineHasWarnings",
    "Unhealthy": "MachineUnhealthy",
    "Unavailable": "MachineUnavailable",
}
_MATTERS = ("environment_ids", "roles", "tenant_ids", "tenant_tags", "tenanted_deployment_participation")


def machine_turn(before: DeploymentTarget | None, after: DeploymentTarget | None) -> str | None:
    if before is None:
        return "MachineAdded"
    if after is None:
        return "MachineDeleted"
    if before.is_disabled != after.is_disabled:
        return "MachineDisabled" if after.is_disabled else "MachineEnabled"
    if before.health_status != after.health_status:
        return _HEALTH.get(after.health_status)
    if any(getattr(before, name) != getattr(after, name) for name in _MATTERS):
        return "MachineDeploymentRelatedPropertyWasUpdated"
    return None


def worker_turn(before: Worker | None, after: Worker | None) -> str | None:
    if before is None or after is None or before.health_status == after.health_status:
        return None
    return _HEALTH.get(after.health_status)


def question_turn(before: Interruption | None, after: Interruption | None) -> str | None:
    if before is None and after is not None:
        return f"{after.type}InterruptionRaised"
    return None if after is not None else NOTHING


def run_turn(_before: Deployment | RunbookRun | None, after: Deployment | RunbookRun | None) -> str | None:
    """Its task tells how it goes; what the server writes into it along the way is nobody's change."""
    return NOTHING if after is not None else None


#: By the name of the kind.
TURNS: Mapping[str, Turn] = {
    MACHINES.name: machine_turn,
    WORKERS.name: worker_turn,
    INTERRUPTIONS.name: question_turn,
    DEPLOYMENTS.name: run_turn,
    RUNBOOK_RUNS.name: run_turn,
}
