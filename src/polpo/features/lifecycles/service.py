"""Rules of lifecycles."""

from __future__ import annotations

import uuid

import msgspec

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.environments.service import unlasting_faults
from polpo.features.lifecycles.progression import phases_of
from polpo.features.lifecycles.resource import LIFECYCLES, Lifecycle, Phase, RetentionPeriod
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.session import Session

DEFAULT_NAME = "Default Lifecycle"


def ensure_default_lifecycle(session: Session, space_id: str) -> Lifecycle:
    """The lifecycle that a new space starts with: every environment in its order. Made when there is none yet."""
    existing = session.first(LIFECYCLES, LIFECYCLES.table.c.space_id == space_id, order=[LIFECYCLES.table.c.seq])
    if existing is not None:
        return existing
    lifecycle = Lifecycle(
        space_id=space_id,
        name=DEFAULT_NAME,
        slug="default-lifecycle",
        description="Every environment of the space, one after the other, in their order.",
    )
    return session.insert(LIFECYCLES, lifecycle)


def environments_in_order(session: Session, space_id: str) -> list[Environment]:
    """The stages of promotion; what is a parent or ephemeral has no place in a lifecycle."""
    table = ENVIRONMENTS.table
    return session.all(ENVIRONMENTS, table.c.space_id == space_id, table.c.type == "Static")


def preview(session: Session, lifecycle: Lifecycle) -> Lifecycle:
    """The lifecycle with its phases as they act at this moment."""
    environments = environments_in_order(session, lifecycle.space_id)
    return msgspec.structs.replace(lifecycle, phases=phases_of(lifecycle, environments))


def complete_phases(call: Call, lifecycle: Lifecycle, _before: Lifecycle | None) -> None:
    """Gives phases their ids and refuses what cannot be promoted through."""
    faults: list[str] = []
    names: set[str] = set()
    for number, phase in enumerate(lifecycle.phases, start=1):
        phase.id = phase.id or str(uuid.uuid4())
        phase.name = phase.name.strip()
        faults += _faults(phase, number, names)
        names.add(phase.name.casefold())
        _settle(phase.release_retention_policy)
        _settle(phase.tentacle_retention_policy)
        targets = [*phase.automatic_deployment_targets, *phase.optional_deployment_targets]
        faults += unlasting_faults(call.session, targets, f"Phase '{phase.name}'", "a lifecycle")
    faults += _shared_environments(call.session, lifecycle)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The lifecycle cannot be saved.", faults)
    _settle(lifecycle.release_retention_policy)
    _settle(lifecycle.tentacle_retention_policy)


def _shared_environments(session: Session, lifecycle: Lifecycle) -> list[str]:
    """An environment stands in one phase only, and there either by hand or automatic."""
    places: dict[str, list[str]] = {}
    for phase in lifecycle.phases:
        for identity in (*phase.automatic_deployment_targets, *phase.optional_deployment_targets):
            places.setdefault(identity, []).append(phase.name)
    shared = {identity: phases for identity, phases in places.items() if len(phases) > 1}
    names = session.by_ids(ENVIRONMENTS, shared)
    return [
        f"The environment '{names[identity].name if identity in names else identity}' stands in a phase more than once"
        f" ({', '.join(phases)}); a phase has it once, and only one phase."
        for identity, phases in shared.items()
    ]


def _faults(phase: Phase, number: int, names: set[str]) -> list[str]:
    if not phase.name:
        return [f"Phase {number} needs a name."]
    faults = []
    if phase.name.casefold() in names:
        faults.append(f"There are two phases with the name '{phase.name}'; a name stands for one phase only.")
    minimum = phase.minimum_environments_before_promotion
    targets = {*phase.automatic_deployment_targets, *phase.optional_deployment_targets}
    if minimum < 0:
        faults.append(f"Phase '{phase.name}': the minimum of environments before promotion cannot be below 0.")
    if targets and minimum > len(targets):
        faults.append(
            f"Phase '{phase.name}' asks for {minimum} environments before promotion but has only {len(targets)}."
        )
    return faults


def _settle(policy: RetentionPeriod | None) -> None:
    """Older clients name no strategy."""
    if policy is not None and not policy.strategy:
        policy.strategy = "Forever" if policy.should_keep_forever else "Count"
