"""The same order once more: what was entered and chosen, at once, with whatever is still there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from polpo.features.deployments.commands import wish_of
from polpo.features.deployments.resource import Deployment
from polpo.features.deployments.service import Origin, Wish
from polpo.features.deployments.subject import Order
from polpo.features.machines.resource import MACHINES
from polpo.kernel.errors import Invalid
from polpo.store.session import Session


def wish_to_repeat(session: Session, deployment: Deployment) -> Wish:
    """Targets that were deleted meanwhile are no fault, as long as one is left of those that were chosen.

    What the step of another deployment had passed on is passed on again.
    """
    again = msgspec.structs.replace(
        deployment,
        form_values=entered(session, deployment),
        queue_time=None,
        queue_time_expiry=None,
        specific_machine_ids=still_chosen(session, deployment),
        excluded_machine_ids=still_there(session, deployment.excluded_machine_ids),
    )
    wish = wish_of(session, deployment.space_id, again)
    return replace(wish, use_guided_failure=deployment.use_guided_failure, origin=_origin(session, deployment))


def _origin(session: Session, deployment: Deployment) -> Origin | None:
    if deployment.parent_deployment_id is None and not deployment.passed_values:
        return None
    values = {name: session.reveal(sealed) or "" for name, sealed in deployment.passed_values.items()}
    return Origin(None, deployment.parent_deployment_id, values, deployment.passed_secrets)


def entered(session: Session, order: Order) -> dict[str, str | None]:
    """What a person entered, with the secrets among it opened."""
    secrets = {identity: session.reveal(sealed) for identity, sealed in order.sensitive_form_values.items()}
    return {**order.form_values, **secrets}


def still_chosen(session: Session, order: Order) -> list[str]:
    """Refuses when nothing is left: that must not come to mean every target."""
    left = still_there(session, order.specific_machine_ids)
    if order.specific_machine_ids and not (left or order.specific_target_tag_ids):
        sentence = "None of the targets that were chosen exists any more; choose others, or start it anew."
        raise Invalid(sentence, [sentence])
    return left


def still_there(session: Session, machine_ids: Sequence[str]) -> list[str]:
    known = session.by_ids(MACHINES, machine_ids)
    return [identity for identity in machine_ids if identity in known]
