"""What is, or is not, going to happen by itself to a release, and why."""

from __future__ import annotations

from polpo.features.automaticdeployments.deciding import Place, Travel
from polpo.features.automaticdeployments.openings import is_awaited
from polpo.features.automaticdeployments.resource import AutomaticEnvironment
from polpo.features.deploymentfreezes.service import freezes_of
from polpo.features.lifecycles.progression import PhaseState, Progression
from polpo.features.releases.resource import Release
from polpo.features.tenants.resource import Tenant
from polpo.store.session import Session


def prospects(session: Session, release: Release, tenant_ids: list[str]) -> list[AutomaticEnvironment]:
    """One row for each automatic environment without a tenant, and for each of the tenants that are named."""
    travel = Travel(session, release)
    known, awaited = travel.deployments(), is_awaited(session, release.id)
    found: list[AutomaticEnvironment] = []
    for tenant, done in travel.receivers():
        if tenant is not None and tenant.id not in tenant_ids:
            continue
        state = travel.state(tenant, done, is_blocked=travel.is_blocked)
        found += [
            _row(place, *_prospect(travel, state, place, known.get(place.key), is_awaited=awaited))
            for place in travel.places(state.phases, tenant)
        ]
    return found


def _row(place: Place, outlook: str, reason: str) -> AutomaticEnvironment:
    tenant: Tenant | None = place.tenant
    return AutomaticEnvironment(
        environment_id=place.environment.id,
        environment_name=place.environment.name,
        tenant_id=tenant.id if tenant else None,
        tenant_name=tenant.name if tenant else None,
        phase_name=place.phase.phase.name,
        outlook=outlook,
        reason=reason,
    )


def _prospect(
    travel: Travel, state: Progression, place: Place, deployment_id: str | None, *, is_awaited: bool
) -> tuple[str, str]:
    if deployment_id is not None:
        return "Deployed", f"The release has been sent here once ({deployment_id}); it is not sent again by itself."
    if place.phase.phase.is_optional_phase:
        return "Never", f"The phase '{place.phase.phase.name}' is optional; nothing is deployed there by itself."
    if not place.phase.is_open:
        return "Waiting", f"{_hindrance(travel, state, place.phase)} Then it is deployed here at once."
    where = (travel.project.id, place.environment.id, place.tenant.id if place.tenant else None)
    frozen = [one.sentence() for one in freezes_of(travel.session, *where, travel.session.clock.now())]
    if frozen:
        return "Refused", " ".join([*frozen, "What is held off by it is not made up for; deploy it by hand."])
    if is_awaited:
        return "Starting", "The phase has just opened; the deployment is about to be made."
    return "Missed", (
        "The phase is open, but nothing was deployed here when it opened: the audit trail tells what refused it, or"
        " the environment became automatic later. Deploy it by hand."
    )


def _hindrance(travel: Travel, state: Progression, phase: PhaseState) -> str:
    if phase.is_blocked:
        return f"The progression of release {travel.release.version} is prevented until the defect is resolved."
    waiting = state.waiting_for
    needed = f" needs {waiting.needs}" if waiting else " has to be complete"
    return f"The phase '{waiting.phase.name if waiting else ''}'{needed} before '{phase.phase.name}' opens."
