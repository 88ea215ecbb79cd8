"""Rules of triggers: filter and action fit together, and what they name exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from polpo.features.channels.service import foreign_channels
from polpo.features.projects.service import find_project
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.tenants.resource import TENANTS
from polpo.features.triggers.filters import settle_filter
from polpo.features.triggers.permitted import require_deeds
from polpo.features.triggers.resource import PROJECT_TRIGGERS, ProjectTrigger, TriggerAction
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.store.kinds import Kind
from polpo.store.session import Session

_NAMED = "name it by its id"

#: The properties of each type, with what stands for one that is left out; None keeps it out.
_PROPERTIES: Mapping[str, Mapping[str, Callable[[], object]]] = {
    "AutoDeploy": {"should_redeploy_when_machine_has_been_deployed_to": bool},
    "DeployLatestRelease": {
        "channel_id": lambda: None,
        "source_environment_ids": list,
        "destination_environment_id": lambda: None,
        "should_redeploy_when_release_is_current": lambda: True,
        "tenant_ids": list,
        "tenant_tags": list,
        "variables": lambda: None,
    },
    "DeployLatestReleaseToEnvironment": {
        "channel_id": lambda: None,
        "environment_id": lambda: None,
        "should_redeploy_when_release_is_current": lambda: True,
        "tenant_ids": list,
        "tenant_tags": list,
        "variables": lambda: None,
    },
    "DeployNewRelease": {
        "channel_id": lambda: None,
        "environment_id": lambda: None,
        "tenant_ids": list,
        "tenant_tags": list,
        "variable": lambda: None,
        "variables": lambda: None,
        "version_control_reference": lambda: None,
    },
    "RunRunbook": {
        "runbook_id": lambda: None,
        "runbook_tags": lambda: None,
        "environment_ids": list,
        "tenant_ids": list,
        "tenant_tags": list,
        "form_values": lambda: None,
    },
    "CreateRelease": {"channel_id": lambda: None},
}
_ALWAYS = ("action_type", "id")
#: What an action cannot do without.
_REQUIRED = {
    "DeployLatestRelease": ("SourceEnvironmentIds", "DestinationEnvironmentId"),
    "DeployLatestReleaseToEnvironment": ("EnvironmentId",),
    "DeployNewRelease": ("EnvironmentId",),
    "RunRunbook": ("EnvironmentIds",),
}
_ATTRIBUTES = {
    "SourceEnvironmentIds": "source_environment_ids",
    "DestinationEnvironmentId": "destination_environment_id",
    "EnvironmentId": "environment_id",
    "EnvironmentIds": "environment_ids",
}


def find_trigger(session: Session, space_id: str, identity: str) -> ProjectTrigger:
    found = session.find(PROJECT_TRIGGERS, identity)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no trigger with the id '{identity}' in this space.")
    return found


def settle_trigger(call: Call, trigger: ProjectTrigger, before: ProjectTrigger | None) -> None:
    """A trigger stays with its project. Invalid lists everything that is missing or does not exist."""
    if not trigger.project_id and before is None:
        sentence = "ProjectId is missing; a trigger belongs to a project."
        raise Invalid(sentence, [sentence])
    named = trigger.project_id or (before.project_id if before else "")
    try:
        project = find_project(call.session, call.space, named)
    except NotFound as error:  # a fault of the trigger, not of the address
        sentence = f"ProjectId names the project '{named}', which does not exist."
        raise Invalid(sentence, [sentence]) from error
    trigger.project_id = before.project_id if before else project.id
    _settle_action(trigger.action)
    faults = settle_filter(trigger.filter, before.filter if before else None)
    faults += _action_faults(trigger)
    faults += _missing(call.session, trigger)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The trigger cannot be saved.", faults)
    require_deeds(call, trigger)


def _settle_action(action: TriggerAction) -> None:
    own = _PROPERTIES[action.action_type]
    for name in action.__struct_fields__:
        if name in _ALWAYS:
            continue
        if name not in own:
            setattr(action, name, None)
        elif getattr(action, name) is None:
            setattr(action, name, own[name]())


def _action_faults(trigger: ProjectTrigger) -> Iterator[str]:
    action, filter_type = trigger.action, trigger.filter.filter_type
    for name in _REQUIRED.get(action.action_type, ()):
        if not getattr(action, _ATTRIBUTES[name]):
            yield f"Action.{name} is missing; {_NAMED}."
    if action.action_type == "RunRunbook" and not (action.runbook_id or action.runbook_tags):
        yield f"Action.RunbookId is missing; {_NAMED}."
    if action.action_type == "AutoDeploy" and filter_type != "MachineFilter":
        yield "Action: what is deployed because of a target needs a filter of the type MachineFilter."


def _missing(session: Session, trigger: ProjectTrigger) -> Iterator[str]:
    """Environments are looked for when the trigger is stored; the rest is looked for here."""
    action = trigger.action
    for identity in foreign_channels(session, trigger.project_id, [action.channel_id] if action.channel_id else []):
        yield f"Action.ChannelId names '{identity}', which is no channel of this project."
    named: list[tuple[str, Kind[Any], str]] = []
    if action.runbook_id:
        named.append(("Action.RunbookId", RUNBOOKS, action.runbook_id))
    named += [("Action.TenantIds", TENANTS, tenant) for tenant in action.tenant_ids or []]
    for place, kind, identity in named:
        found = session.find(kind, identity)
        if found is None or found.space_id != trigger.space_id:
            yield f"{place} names the {kind.singular} '{identity}', which does not exist."
        elif kind is RUNBOOKS and found.project_id != trigger.project_id:
            yield f"{place} names the runbook '{found.name}', which is no runbook of this project."
