"""What keeps a bundle from being made, as far as it can be told before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

from polpo.features.deployments.plan import Plan
from polpo.features.deployments.results import Results
from polpo.features.deployments.values import PlanValues
from polpo.features.machines.resource import MACHINES
from polpo.steps.bundling import refuse_without_password
from polpo.store.session import Session


def faults_of_drops(session: Session, plan: Plan) -> Iterator[str]:
    """Targets whose bundle would hold secrets, and that have no password for them: a sentence for each."""
    drops = [target for target in plan.targets.values() if target.is_offline]
    if not drops:
        return
    values, seen = PlanValues(plan), Results().snapshot(plan)
    for target in drops:
        machine = session.find(MACHINES, target.id)
        sealed = machine.endpoint.sensitive_variables_encryption_password if machine else None
        if sealed is not None and sealed.has_value:
            continue
        secrets: set[str] = set()
        for step in plan.steps:
            for action in step.acting:
                if target.id in action.places and action.host_of(target.id) == target.id:
                    found = values.at(step, action, target, seen)
                    secrets |= {name for name in found.secrets if found.texts.get(name)}
        if secrets:
            yield refuse_without_password(target.name, sorted(secrets))
