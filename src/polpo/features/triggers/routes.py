"""Triggers over HTTP, by themselves and below their projects."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from polpo.features.projects.service import project_for
from polpo.features.triggers.filters import settle_filter
from polpo.features.triggers.resource import (
    PROJECT_TRIGGERS,
    SCHEDULES,
    ActionType,
    ProjectTrigger,
    ScheduleAhead,
    SchedulesAhead,
    TriggerFilter,
)
from polpo.features.triggers.schedule import next_times
from polpo.features.triggers.service import find_trigger, settle_trigger
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, Where, column_filter, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("triggers")

_VIEW = Permission.TRIGGER_VIEW
_t = PROJECT_TRIGGERS.table
#: What one call looks at: the triggers of a page, and as many times as a person reads.
_MOST_FILTERS = 100
_MOST_TIMES = 20
_TYPES = {name.casefold(): name for name in typing.get_args(ActionType)}


def _of_types(_session: object, values: list[str]) -> Where:
    return _t.c.action_type.in_([_TYPES.get(value.casefold(), value) for value in values])


def _of_category(_session: object, values: list[str]) -> Where:
    """`Runbook` or `Deployment`."""
    wants_runbooks = values[-1].casefold().startswith("runbook")
    return _t.c.action_type == "RunRunbook" if wants_runbooks else _t.c.action_type != "RunRunbook"


triggers = Collection(
    PROJECT_TRIGGERS,
    "/projecttriggers",
    **permissions_of("Trigger"),
    prepare=settle_trigger,
    filters={
        "runbooks": column_filter(_t.c.runbook_id),
        "triggerActionType": _of_types,
        "triggerActionCategory": _of_category,
    },
)


@routes.post("/projecttriggers/schedule", _VIEW)
def times_ahead(call: Call, body: SchedulesAhead) -> Sequence[ScheduleAhead]:
    """Tell when schedules come next, saved or not"""
    call.settle()
    if len(body.filters) > _MOST_FILTERS or not 1 <= body.count <= _MOST_TIMES:
        sentence = f"Filters: at most {_MOST_FILTERS} are looked at, and from 1 to {_MOST_TIMES} times of each."
        raise Invalid(sentence, [sentence])
    return [_ahead(call, one, body.count) for one in body.filters]


def _ahead(call: Call, schedule: TriggerFilter, count: int) -> ScheduleAhead:
    faults = settle_filter(schedule, None)
    return ScheduleAhead(times=[] if faults else next_times(schedule, call.clock.now(), count), faults=faults)


triggers.register(routes)


@routes.get(
    "/projects/{project_id}/triggers",
    _VIEW,
    paged=True,
    response=ProjectTrigger,
    query=("skip", "take", "runbooks", "triggerActionType", "triggerActionCategory", "partialName"),
)
def triggers_of_project(call: Call, project_id: str) -> Page[ProjectTrigger]:
    """List the triggers of a project"""
    return triggers.page(call, _t.c.project_id == project_for(call, project_id).id)


@routes.post("/projects/{project_id}/triggers", Permission.TRIGGER_CREATE, status=201)
def create_trigger(call: Call, project_id: str, body: ProjectTrigger) -> ProjectTrigger:
    """Create a trigger of a project"""
    body.project_id = project_for(call, project_id).id
    return triggers.insert(call, body)


@routes.get("/projects/{project_id}/triggers/{id}", _VIEW)
def trigger_of_project(call: Call, project_id: str, id: str) -> ProjectTrigger:
    """Get a trigger of a project"""
    return _in_project(call, project_id, id)


@routes.put("/projects/{project_id}/triggers/{id}", Permission.TRIGGER_EDIT)
def replace_trigger(call: Call, project_id: str, id: str, body: ProjectTrigger) -> ProjectTrigger:
    """Replace a trigger of a project"""
    return triggers.replace(call, _in_project(call, project_id, id).id, body)


@routes.delete("/projects/{project_id}/triggers/{id}", Permission.TRIGGER_DELETE)
def delete_trigger(call: Call, project_id: str, id: str) -> None:
    """Delete a trigger of a project"""
    triggers.remove(call, _in_project(call, project_id, id).id)


def _in_project(call: Call, project_id: str, identity: str) -> ProjectTrigger:
    project = project_for(call, project_id)
    trigger = find_trigger(call.session, call.space, identity)
    if trigger.project_id != project.id:
        raise NotFound(f"The project '{project.name}' has no trigger with the id '{identity}'.")
    return trigger


@routes.get("/scheduledprojecttriggers", _VIEW, paged=True, response=ProjectTrigger, query=("skip", "take", "ids"))
def scheduled_triggers(call: Call) -> Page[ProjectTrigger]:
    """List the triggers that wait for a time"""
    return triggers.page(call, _t.c.filter_type.in_(SCHEDULES))


@routes.get("/scheduledprojecttriggers/{id}", _VIEW)
def scheduled_trigger(call: Call, id: str) -> ProjectTrigger:
    """Get a trigger that waits for a time"""
    trigger = find_trigger(call.session, call.space, id)
    if trigger.filter.filter_type not in SCHEDULES:
        raise NotFound(f"The trigger '{trigger.name}' does not wait for a time.")
    triggers.guard(call, trigger)
    return trigger
