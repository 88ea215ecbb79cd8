"""The values that may hold somewhere in a plan, from the sets of the project, the library and the tenant.

What is for elsewhere is left out: the plan of a deployment to Test knows no password of Production.
"""

from __future__ import annotations

from collections.abc import Iterator

from polpo.features.deployments.plan import PlannedValue
from polpo.features.deployments.subject import Order, Subject
from polpo.features.deployments.tenancy import Tenancy
from polpo.features.variables.preview import candidates_of
from polpo.features.variables.resource import Variable
from polpo.features.variables.service import text_of
from polpo.languages.scoping import Context, Origin, holding_somewhere
from polpo.store.session import Session


def planned_values(session: Session, subject: Subject, order: Order, tenancy: Tenancy) -> list[PlannedValue]:
    """In the order in which equals are taken: the project's, the library's, the tenant's."""
    return [*_of_sets(session, subject, order, tenancy), *tenancy.values]


def _of_sets(session: Session, subject: Subject, order: Order, tenancy: Tenancy) -> Iterator[PlannedValue]:
    """What a person entered for a prompt stands in the place of the stored value."""
    sets = ((Origin.PROJECT, subject.variables), (Origin.LIBRARY, subject.library))
    candidates = candidates_of(((one, origin) for origin, some in sets for one in some), subject.environment)
    for candidate in holding_somewhere(candidates, place_of(subject, tenancy)):
        variable: Variable = candidate.value  # type: ignore[assignment]
        entered = _entered(session, variable, order)
        yield PlannedValue(
            name=variable.name,
            value=text_of(session, variable) if entered is None else entered,
            is_sensitive=variable.is_sensitive,
            scope={name: list(ids) for name, ids in candidate.scope.items()},
            is_library=candidate.origin is Origin.LIBRARY,
            type=variable.type,
        )


def place_of(subject: Subject, tenancy: Tenancy) -> Context:
    """Where values are asked for, before any step or target."""
    return Context(
        environment=subject.environment.id,
        process_owner=subject.owner_id,
        channel=subject.channel_id,
        tenant=tenancy.tenant_id,
        tenant_tags=tenancy.tags,
    )


def _entered(session: Session, variable: Variable, order: Order) -> str | None:
    if variable.prompt is None:
        return None
    sealed = order.sensitive_form_values.get(variable.id)
    return session.reveal(sealed) if sealed else order.form_values.get(variable.id)
