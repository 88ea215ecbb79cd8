"""Rules of environments."""

from __future__ import annotations

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.tagsets.service import check_tags
from polpo.rest.call import Call


def place(call: Call, environment: Environment, before: Environment | None) -> None:
    """A new environment without a sort order comes last."""
    check_tags(call.session, call.space, environment, describes=True)
    if before is None and environment.sort_order == 0:
        table = ENVIRONMENTS.table
        last = call.session.first(ENVIRONMENTS, table.c.space_id == call.space, order=[table.c.sort_order.desc()])
        environment.sort_order = last.sort_order + 1 if last else 0
