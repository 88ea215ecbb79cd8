"""Rules of environments."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.tagsets.service import check_tags
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.session import Session

_t = ENVIRONMENTS.table


def settle_environment(call: Call, environment: Environment, before: Environment | None) -> None:
    """What only the server says about an environment stays; a new one is a stage of promotion."""
    source = before or Environment()
    for attribute in ("type", "parent_environment_id", "connected_project_ids", "automatic_deprovisioning_rule"):
        setattr(environment, attribute, getattr(source, attribute))
    place(call, environment, before)


def settle_parent(call: Call, environment: Environment, before: Environment | None) -> None:
    """A parent has no parent of its own, and a rule that says when what is below it goes."""
    environment.type = "Parent"
    environment.parent_environment_id, environment.connected_project_ids = None, []
    rule = environment.automatic_deprovisioning_rule
    if rule is not None and (rule.expiry_days < 0 or rule.expiry_hours < 0 or not rule.expiry_days + rule.expiry_hours):
        sentence = "AutomaticDeprovisioningRule: give ExpiryDays or ExpiryHours, a number above 0; or no rule."
        raise Invalid(sentence, [sentence])
    if before is None:
        environment.id, _ = call.session.new_id("ParentEnvironments")
    place(call, environment, before)


def place(call: Call, environment: Environment, before: Environment | None) -> None:
    """A new environment without a sort order comes last."""
    check_tags(call.session, call.space, environment, describes=True)
    if before is None and environment.sort_order == 0:
        environment.sort_order = last_place(call.session, call.space)


def last_place(session: Session, space_id: str) -> int:
    last = session.first(ENVIRONMENTS, _t.c.space_id == space_id, order=[_t.c.sort_order.desc()])
    return last.sort_order + 1 if last else 0


def unlasting_faults(session: Session, environment_ids: Iterable[str], field: str, what: str) -> list[str]:
    """What is wrong with naming these where only stages of promotion may stand."""
    found = session.by_ids(ENVIRONMENTS, environment_ids).values()
    kinds = {"Parent": "a parent environment", "Ephemeral": "an ephemeral environment"}
    return [
        f"{field} names '{one.name}', which is {kinds[one.type]}; {what} can name others only."
        for one in found
        if one.type != "Static"
    ]
