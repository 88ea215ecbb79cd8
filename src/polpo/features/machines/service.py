"""Rules of deployment targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.features.machinepolicies.service import default_policy
from polpo.features.machines.endpoints import settle_endpoint
from polpo.features.machines.resource import (
    ALWAYS_HEALTHY,
    FOUND_BY_CHECKS,
    MACHINES,
    DeploymentTarget,
    Machine,
    status_of,
)
from polpo.features.machines.signingin import require_sign_in, signing_in_misfits
from polpo.features.tagsets.service import tag_faults
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import Filter, caseless_filter, column_filter
from polpo.store.kinds import Kind, kinds, reference
from polpo.store.lines import any_line
from polpo.store.session import Session, Where

_UNSETTABLE = ("health_status", *FOUND_BY_CHECKS)
_UNCHECKED = {field.name: field.default for field in msgspec.structs.fields(Machine) if field.name in _UNSETTABLE}
_TARGET_TYPES = {"cloudregion": "None"}

M = TypeVar("M", bound=Machine)

#: Every kind of machine; features add theirs. Their agents are let in, and their health is checked.
machine_kinds: list[Kind[Any]] = [MACHINES]


def settle_machine(call: Call, machine: DeploymentTarget, before: DeploymentTarget | None) -> None:
    """Fills defaults, keeps what only health checks may say, and refuses a target that could not be reached or used."""
    machine.roles = distinct(machine.roles)
    machine.environment_ids = distinct(machine.environment_ids)
    settle_reach(call, machine, before, _place_faults(call, machine), MACHINES)


def settle_reach(call: Call, machine: M, before: M | None, faults: list[str], kind: Kind[M]) -> None:
    """What holds for targets and workers. `faults` are those found already; they are told together with the others."""
    _keep_health(machine, before)
    machine.machine_policy_id = machine.machine_policy_id or default_policy(call.session, call.space).id
    if not machine.endpoint.is_tentacle and machine.endpoint.thumbprint == "":
        machine.endpoint.thumbprint = None
    faults = [*faults, *_foreign(call, MACHINE_POLICIES, "MachinePolicyId", [machine.machine_policy_id])]
    faults += settle_endpoint(machine.endpoint, before.endpoint if before else None)
    require_sign_in(call, machine.endpoint, before.endpoint if before else None)
    faults += signing_in_misfits(call.session, machine)
    faults = faults or _subscription_faults(call.session, machine, kind)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else f"The {kind.singular} cannot be saved.", faults)
    agent = machine.endpoint.agent
    machine.thumbprint, machine.uri = agent.thumbprint, agent.uri


def _keep_health(machine: Machine, before: Machine | None) -> None:
    """What a check found stays, until the machine is reached in another way. What is never reached is healthy."""
    style = machine.endpoint.communication_style
    kept = before if before is not None and before.endpoint.communication_style == style else None
    for attribute in _UNSETTABLE:
        setattr(machine, attribute, getattr(kept, attribute) if kept else _UNCHECKED[attribute])
    if style in ALWAYS_HEALTHY:
        machine.health_status = "Healthy"
        machine.status_summary = "There is nothing to be reached, so it is always healthy."
    machine.status = status_of(machine)


def distinct(values: Iterable[str]) -> list[str]:
    """Trimmed, without blanks and repetitions; repetitions are told without case, the first spelling stays."""
    kept: dict[str, str] = {}
    for value in values:
        if plain := value.strip():
            kept.setdefault(plain.casefold(), plain)
    return list(kept.values())


def _place_faults(call: Call, machine: DeploymentTarget) -> list[str]:
    faults = []
    if not machine.environment_ids:
        faults.append("EnvironmentIds: choose at least one environment.")
    if not machine.roles:
        faults.append("Roles: give the target at least one tag, so that steps can find it.")
    faults += _foreign(call, ENVIRONMENTS, "EnvironmentIds", machine.environment_ids)
    faults += tag_faults(call.session, call.space, machine, describes=False)
    return faults


def _foreign(call: Call, kind: Kind[Any], field: str, identities: list[str]) -> list[str]:
    known = call.session.by_ids(kind, identities)
    return [
        f"{field} names the {kind.singular} '{identity}', which does not exist in this space."
        for identity in identities
        if identity not in known or known[identity].space_id != call.space
    ]


def _subscription_faults(session: Session, machine: Machine, kind: Kind[Any]) -> list[str]:
    """A subscription belongs to one agent: with another certificate, a second machine could take its work away."""
    agent = machine.endpoint.agent
    if not (agent.uri or "").startswith("poll:"):
        return []
    for other_kind in machine_kinds:
        table = other_kind.table
        where = [table.c.uri == agent.uri, table.c.thumbprint != agent.thumbprint]
        if other_kind is kind:
            where.append(table.c.id != machine.id)
        if session.first(other_kind, *where) is not None:
            return [f"Endpoint.Uri: '{agent.uri}' is the subscription of another agent."]
    return []


# -- finding


def machines_by_ids(session: Session, identities: Iterable[str]) -> dict[str, Machine]:
    """Targets, workers: whatever has one of the ids."""
    wanted = list(identities)
    return {identity: one for kind in machine_kinds for identity, one in session.by_ids(kind, wanted).items()}


def in_environments(_session: Session, environment_ids: list[str]) -> sa.ColumnElement[bool]:
    """Answered by the index of references, not by opening each target."""
    found = sa.select(reference.c.from_id).where(
        reference.c.to_id.in_(environment_ids), reference.c.from_kind == MACHINES.name
    )
    return MACHINES.table.c.id.in_(found)


def distinct_values(session: Session, space_id: str, column: sa.Column[Any], visible: Sequence[Where]) -> list[str]:
    statement = sa.select(column).distinct().where(column.table.c.space_id == space_id, *visible).order_by(column)
    return [value for value in session.connection.execute(statement).scalars() if value]


def roles_of(session: Session, space_id: str, visible: Sequence[Where]) -> list[str]:
    """Every tag that a visible target of the space has, sorted without case; one spelling each.

    Most targets share their tags with others; of those only one is opened.
    """
    table = MACHINES.table
    some = sa.select(sa.func.min(table.c.id)).where(table.c.space_id == space_id, *visible).group_by(table.c.role_lines)
    found: dict[str, str] = {}
    for machine in session.all(MACHINES, table.c.id.in_(some)):
        for role in machine.roles:
            found.setdefault(role.casefold(), role)
    return [found[key] for key in sorted(found)]


def _any_line(column: sa.Column[Any]) -> Filter:
    return lambda _session, values: any_line(column, values)


def machine_filters(kind: Kind[Any]) -> dict[str, Filter]:
    """The query parameters that lists of targets and of workers have in common."""
    columns = kind.table.c

    def is_disabled(_session: Session, values: list[str]) -> sa.ColumnElement[bool]:
        return columns.is_disabled.is_(values[-1].casefold() == "true")

    return {
        "isDisabled": is_disabled,
        "healthStatuses": caseless_filter(columns.health_status),
        "commStyles": caseless_filter(columns.communication_style),
        "thumbprint": lambda _session, values: columns.thumbprint.in_([value.upper() for value in values]),
        "shellNames": column_filter(columns.shell_name),
        "machinePolicyIds": column_filter(columns.machine_policy_id),
    }


def _of_deployment(session: Session, deployment_ids: list[str]) -> sa.ColumnElement[bool]:
    """The targets that deployments went to."""
    found = session.by_ids(kinds["Deployments"], deployment_ids).values()
    return MACHINES.table.c.id.in_({one for deployment in found for one in deployment.deployed_to_machine_ids})


_columns = MACHINES.table.c

#: The query parameters that lists of targets know.
MACHINE_FILTERS: dict[str, Filter] = {
    **machine_filters(MACHINES),
    "roles": _any_line(_columns.role_lines),
    "deploymentTargetTypes": caseless_filter(_columns.communication_style, _TARGET_TYPES),
    "tenantIds": _any_line(_columns.tenant_lines),
    "tenantTags": _any_line(_columns.tenant_tag_lines),
    "environmentIds": in_environments,
    "deploymentId": _of_deployment,
}
