"""What an order asks for besides its place: which steps are left out, and which targets are meant."""

from __future__ import annotations

from polpo.features.deployments.situation import Wishes
from polpo.features.deployments.subject import Order
from polpo.features.tagsets.service import sets_by_name
from polpo.store.session import Session


def wishes_of(session: Session, space_id: str, order: Order) -> Wishes:
    """What the order says of targets and steps; tags by name."""
    specific, excluded = order.specific_target_tag_ids, order.excluded_target_tag_ids
    names = _tag_names(session, space_id) if specific or excluded else {}
    return Wishes(
        skip_actions=frozenset(order.skip_actions),
        specific_machines=frozenset(order.specific_machine_ids),
        excluded_machines=frozenset(order.excluded_machine_ids),
        specific_tags=frozenset(names.get(tag, tag) for tag in specific),
        excluded_tags=frozenset(names.get(tag, tag) for tag in excluded),
    )


def _tag_names(session: Session, space_id: str) -> dict[str, str]:
    """By the id of the tag: targets know their tags by name."""
    return {tag.id: tag.canonical_tag_name for one in sets_by_name(session, space_id).values() for tag in one.tags}
