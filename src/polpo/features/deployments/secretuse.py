"""Telling the audit trail which secrets a run is given: by their names, never by what they are."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.deployments.plan import Plan, PlannedValue
from polpo.store.changes import Actor, Happening
from polpo.store.session import Session

_SHOWN = 20
_REFERRED = ("Accounts-", "Certificates-")


def tell_secrets(session: Session, plan: Plan, title: str, space_id: str, documents: Sequence[str]) -> None:
    """One event for a plan, none for one without secrets. It is about `documents`, and the accounts and certificates.

    `title` is that of the task.
    """
    values = [value for value in plan.values if _may_hold(value, plan)]
    variables = {value.name for value in values if value.is_sensitive}
    referring = {(one.name, one.value) for one in values if any(part.is_sensitive for part in one.parts)}
    told = [*sorted(variables), *(f"{name} ({value})" for name, value in sorted(referring))]
    if not told:
        return
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    message = f"{title} was given the secrets {', '.join(told[:_SHOWN])}{more}"
    about = dict.fromkeys([*documents, *(one for _, one in sorted(referring) if one.startswith(_REFERRED))])
    asked = plan.fixed.get("Octopus.Deployment.CreatedBy.Username") or ""
    session.actor = Actor(username=title, means="task", on_behalf_of=asked)
    kind = documents[0].rpartition("-")[0]
    session.happened(Happening("SecretUsed", message, space_id, kind, tuple(filter(None, about))))


def _may_hold(value: PlannedValue, plan: Plan) -> bool:
    environments = value.scope.get("environment", [])
    return not environments or plan.environment_id in environments
