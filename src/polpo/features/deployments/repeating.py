"""The same order once more: what was entered and chosen, at once, with whatever is still there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from polpo.features.deployments.commands import wish_of
from polpo.features.deployments.resource import Deployment
from polpo.features.deployments.service import Wish
from polpo.features.deployments.subject import Order
from polpo.features.machines.resource import MACHINES
from polpo.store.session import Session


def wish_to_repeat(session: Session, deployment: Deployment) -> Wish:
    """Targets that were deleted meanwhile are no fault."""
    again = msgspec.structs.replace(
        deployment,
        form_values=entered(session, deployment),
        queue_time=None,
        queue_time_expiry=None,
        specific_machine_ids=still_there(session, deployment.specific_machine_ids),
        excluded_machine_ids=still_there(session, deployment.excluded_machine_ids),
    )
    return replace(wish_of(session, deployment.space_id, again), use_guided_failure=deployment.use_guided_failure)


def entered(session: Session, order: Order) -> dict[str, str | None]:
    """What a person entered, with the secrets among it opened."""
    secrets = {identity: session.reveal(sealed) for identity, sealed in order.sensitive_form_values.items()}
    return {**order.form_values, **secrets}


def still_there(session: Session, machine_ids: Sequence[str]) -> list[str]:
    known = session.by_ids(MACHINES, machine_ids)
    return [identity for identity in machine_ids if identity in known]
