"""The place that a project's variables are looked at from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from polpo.features.processes.resource import DeploymentStep
from polpo.features.processes.service import process_of
from polpo.features.projects.resource import Project
from polpo.features.runbooks.processes import process_of_runbook
from polpo.features.runbooks.service import find_runbook_by_any_name
from polpo.features.tenants.finding import find_tenant
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.features.variables.resource import VariableScopeValues
from polpo.features.variables.scopevalues import machine_roles
from polpo.kernel.errors import Invalid
from polpo.languages.scoping import Context
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session

TARGET_ROLES = "Octopus.Action.TargetRoles"
_SINGLE = ("environment", "channel", "tenant", "runbook", "action", "machine")


@dataclass(frozen=True)
class Place:
    """What a preview is asked for: ids, or names where `scope_values` knows them."""

    environment: str | None = None
    channel: str | None = None
    tenant: str | None = None
    runbook: str | None = None
    action: str | None = None
    machine: str | None = None
    roles: tuple[str, ...] = ()

    @classmethod
    def of(cls, call: Call) -> Place:
        single = {name: call.text(name) for name in _SINGLE}
        return cls(**single, roles=tuple(call.texts("role")))


def context_of(
    call: Call,
    project: Project,
    known: VariableScopeValues,
    place: Place,
    steps: list[DeploymentStep] | None = None,
) -> Context:
    session = call.session
    roles, step_roles = set(place.roles), set(place.roles)
    actions: set[str] = set()
    if place.action:
        actions, step_roles = _action(steps or _steps(session, project, place), place.action)
    machine = _id(place.machine, known.machines, "machine")
    if machine:
        roles |= set(machine_roles(session, machine))
    tenant = _tenant(call, project.space_id, place.tenant)
    return Context(
        environment=_id(place.environment, known.environments, "environment"),
        channel=_id(place.channel, known.channels, "channel"),
        tenant=tenant.id if tenant else None,
        tenant_tags=frozenset(tenant.tenant_tags if tenant else ()),
        process_owner=_id(place.runbook, known.processes, "runbook") or project.id,
        project=project.id,
        machine=machine,
        actions=frozenset(actions),
        roles=frozenset(roles),
        step_roles=frozenset(step_roles),
    )


def _tenant(call: Call, space_id: str, named: str | None) -> Tenant | None:
    tenant = find_tenant(call.session, space_id, named) if named else None
    if tenant is not None:
        call.guard(TENANTS, tenant, Permission.TENANT_VIEW)
    return tenant


def _id(named: str | None, known: Iterable[object], what: str) -> str | None:
    """The id of what is named by id or name; Invalid where there is no such thing."""
    if named is None:
        return None
    for item in known:
        identity, name = getattr(item, "id", ""), getattr(item, "name", "")
        if named == identity or named.casefold() == name.casefold():
            return str(identity)
    raise Invalid(f"There is no {what} '{named}' that a variable of this project could be scoped to.")


def _steps(session: Session, project: Project, place: Place) -> list[DeploymentStep]:
    """Those of the deployment process, or of the runbook that is named by id, slug or name."""
    if place.runbook is None:
        return process_of(session, project.id).steps
    return process_of_runbook(session, find_runbook_by_any_name(session, project, place.runbook)).steps


def _action(steps: list[DeploymentStep], named: str) -> tuple[set[str], set[str]]:
    """The ids of the step and the action, and the target tags that the step is for."""
    for step in steps:
        for action in step.actions:
            if named == action.id or named.casefold() == action.name.casefold():
                tags = step.properties.get(TARGET_ROLES, "")
                roles = tags.split(",") if isinstance(tags, str) else []
                return {step.id, action.id}, {role.strip() for role in roles if role.strip()}
    raise Invalid(f"The process of the project has no step '{named}'.")
