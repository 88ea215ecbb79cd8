"""Routes of tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import msgspec
from litestar.response import Stream

from polpo.engine import TASKS, Change, Engine, NodeRecord, TaskRecord, TaskState, get_task, nodes, server_task
from polpo.features.interruptions.service import close_pending
from polpo.features.machines.resource import MACHINES
from polpo.features.tasks import adhoc, service
from polpo.features.tasks.guarding import sees_every_task, visible_tasks
from polpo.features.tasks.presenting import details_of, shown_state, tree_line, tree_node
from polpo.features.tasks.reasons import waiting_reasons
from polpo.features.tasks.rerunning import rerun
from polpo.features.tasks.resource import (
    ModifyTaskState,
    Task,
    TaskDetails,
    TaskLogPart,
    TaskType,
    TaskWaiting,
)
from polpo.features.tasks.resuming import resume
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.answers import Page, attachment
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.rest.telling import tell_download
from polpo.store.blobs import BlobStore
from polpo.store.session import Where

routes = Routes("tasks", scope="both")

_VIEW, _CANCEL = Permission.TASK_VIEW, Permission.TASK_CANCEL
_MAX_LINES = 10_000


@routes.get("/tasks", _VIEW, query=service.FILTERS, response=Task, paged=True)
def list_tasks(call: Call) -> Page[Task]:
    """List tasks, newest first"""
    visible, wanted = visible_tasks(call), service.conditions(call)
    paging = call.paging
    counts = _counts(call, visible)
    known = None if wanted else sum(counts[state] for state in _COUNTED)
    items, total = service.list_tasks(call.session, [*visible, *wanted], paging, known)
    extra = {"TotalCounts": counts, "TotalCountsInOtherSpaces": {}}
    return Page(items, total, paging, "Task", extra)


#: Interrupted ones are executing, too.
_COUNTED = tuple(state.value for state in TaskState if state is not TaskState.PAUSED)


def _counts(call: Call, visible: Sequence[Where]) -> dict[str, int]:
    """Of all tasks that the caller may see, by state; every list tells them, and they change only with a task."""

    def count() -> dict[str, int]:
        counts = call.parts.get(Engine).counts(call.session, *visible)
        return service.counts_shown(counts, service.count_interrupted(call.session, visible))

    depends = [TASKS] if sees_every_task(call) else [TASKS, MACHINES.name]
    return call.session.remembered(depends, ("task counts", call.space_id, call.rights.digest), count)


@routes.post("/tasks", Permission.TASK_CREATE, status=201)
def create_task(call: Call, body: Task) -> Task:
    """Start a task by its kind, such as `Health` with `MachineIds`"""
    task_id = adhoc.start_task(adhoc.in_space(call, body.space_id), body.name, body.arguments, body.description)
    return _shown(call, task_id)


@routes.get("/tasks/tasktypes", _VIEW)
def task_types(call: Call) -> list[TaskType]:
    """List the kinds of task"""
    call.settle()
    return [TaskType(id=kind, name=name) for kind, name in adhoc.titles.items()]


@routes.get("/tasks/{id}", _VIEW)
def read_task(call: Call, id: str) -> Task:
    """Get a task"""
    return service.shown(call.session, [_visible(call, id)])[0]


@routes.get("/tasks/{id}/details", _VIEW, query=("verbose", "tail"))
def details(call: Call, id: str) -> TaskDetails:
    """Get a task with its tree of activities and their lines"""
    record = _visible(call, id)
    tail = _whole(call, "tail", 0) or None
    verbose = call.text("verbose") is None or call.flag("verbose")
    lines = service.details_lines(call.session, call.parts.get(BlobStore), record, verbose=verbose, tail=tail)
    return details_of(service.shown(call.session, [record])[0], nodes(call.session, id), lines, record.log_lines)


@routes.get("/tasks/{id}/log", _VIEW, query=("after", "take", "verbose", "levels", "words"))
def read_log_part(call: Call, id: str) -> TaskLogPart:
    """Get the lines of a task's log that follow a line, all or those of `levels` and with `words`, and the tree"""
    record = _visible(call, id)
    after, take = _whole(call, "after", 0), min(_whole(call, "take", 2000), _MAX_LINES)
    verbose = call.text("verbose") is None or call.flag("verbose")
    blobs = call.parts.get(BlobStore)
    sieve = service.Sieve(frozenset(call.texts("levels")), (call.text("words") or "").strip().lower())
    if sieve != service.Sieve():
        lines, last = service.sifted_log(call.session, blobs, record, after, take, sieve)
    else:
        lines, last = service.log_part(call.session, blobs, record, after, take, verbose=verbose)
    return TaskLogPart(
        task_id=id,
        state=shown_state(record),
        nodes=[tree_node(node) for node in _in_order(nodes(call.session, id))],
        lines=[tree_line(line) for line in lines],
        last_number=last,
        total_lines=record.log_lines,
        is_complete=record.state.is_completed and last >= record.log_lines,
    )


def _concerned(record: TaskRecord) -> Iterator[str]:
    concerned = (record.subject_id, record.project_id, record.environment_id, record.tenant_id)
    return (one for one in concerned if one)


@routes.get("/tasks/{id}/raw", _VIEW, asks_scope=True)
async def raw(call: Call, id: str) -> Any:
    """Get a task's whole log as plain text"""
    with call.reading() as here:
        record = _visible(here, id)
    await tell_download(call, f"The log of the task {id} ({record.description})", TASKS, id, *_concerned(record))
    lines = service.raw_log(call.database, call.parts.get(BlobStore), record)
    headers = {"Cache-Control": "no-store", **attachment(f"{record.id}.log.txt", inline=True)}
    return Stream(lines, media_type="text/plain; charset=utf-8", headers=headers)


@routes.get("/tasks/{id}/events", _VIEW, asks_scope=True)
async def events(call: Call, id: str) -> Any:
    """Follow a task: server-sent events `changed` while it lives, and `end`"""
    with call.reading() as here:
        _visible(here, id)
    stream = _events(call.parts.get(Engine), id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(stream, media_type="text/event-stream; charset=utf-8", headers=headers)


@routes.get("/tasks/{id}/waiting", _VIEW)
def waiting(call: Call, id: str) -> TaskWaiting:
    """Say why a task is not running: every lock, cap, schedule, person and freeze that it waits for"""
    reasons = waiting_reasons(call, _visible(call, id))
    return TaskWaiting(task_id=id, is_waiting=bool(reasons), reasons=reasons)


@routes.get("/tasks/{id}/queued-behind", _VIEW, response=Task, paged=True)
def queued_behind(call: Call, id: str) -> Page[Task]:
    """List the tasks that a queued task waits for"""
    reasons = waiting_reasons(call, _visible(call, id))
    ids = list(dict.fromkeys(other for reason in reasons for other in reason.task_ids))
    where = [*visible_tasks(call), server_task.c.id.in_(ids)]
    items, total = service.list_tasks(call.session, where, call.paging)
    return Page(items, total, call.paging, "Task")


@routes.post("/tasks/{id}/cancel", _CANCEL)
def cancel(call: Call, id: str) -> Task:
    """Stop a task: at once when it is not running, after its clean-up when it is"""
    record = _visible(call, id)
    if record.state.is_completed:
        raise Conflict(f"{id} has already ended ({shown_state(record)}), so there is nothing to cancel.")
    close_pending(call.session, id)
    call.parts.get(Engine).cancel(call.session, id, call.caller.display_name or call.caller.username)
    return _shown(call, id)


@routes.post("/tasks/rerun/{id}", Permission.TASK_CREATE, status=201)
def run_again(call: Call, id: str) -> Task:
    """Do once more what a task did, from its first step"""
    return _shown(call, rerun(call, _visible(call, id)))


@routes.post("/tasks/{id}/resume", Permission.TASK_CREATE, status=201, query=("includeExcluded",))
def go_on(call: Call, id: str) -> Task:
    """Go on where a task stood that failed or was cancelled: what it did up to the failure is not done again"""
    made = resume(call, _visible(call, id), include_excluded=call.flag("includeExcluded"))
    return _shown(call, made)


@routes.post("/tasks/{id}/prioritize", Permission.TASK_PRIORITIZE)
def prioritize(call: Call, id: str) -> Task:
    """Move a queued task to the top of the queue"""
    record = _visible(call, id)
    if record.state is not TaskState.QUEUED:
        raise Conflict(f"{id} is {shown_state(record)}; only a queued task can be moved up.")
    call.parts.get(Engine).move_to_top(call.session, id)
    return _shown(call, id)


@routes.post("/tasks/{id}/state", Permission.TASK_EDIT)
def change_state(call: Call, id: str, body: ModifyTaskState) -> Task:
    """Say how a task that has ended is to count, such as a failure that was mended by hand"""
    record = _visible(call, id)
    if not record.state.is_completed:
        raise Conflict(f"{id} is {shown_state(record)}; only the state of a task that has ended can be changed.")
    if not body.reason.strip():
        sentence = "Reason is missing; say why the state is changed."
        raise Invalid(sentence, [sentence])
    who = call.caller.display_name or call.caller.username
    note = f"{who} changed the state from {record.state.value} to {body.state}: {body.reason.strip()}"
    call.parts.get(Engine).restate(call.session, id, TaskState(body.state), note)
    return _shown(call, id)


def _shown(call: Call, task_id: str) -> Task:
    return service.shown(call.session, [get_task(call.session, task_id)])[0]


def _visible(call: Call, task_id: str) -> TaskRecord:
    return service.find_visible_task(call, task_id)


def _in_order(found: list[NodeRecord]) -> list[NodeRecord]:
    return sorted(found, key=lambda node: (node.position, node.node_id))


def _whole(call: Call, name: str, default: int) -> int:
    text = call.text(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        sentence = f"The query parameter '{name}' must be a whole number from 0 on; it is '{text}'."
        raise Invalid(sentence, [sentence])
    return int(text)


async def _events(engine: Engine, task_id: str) -> AsyncIterator[bytes]:
    last: Change | None = None
    async for change in engine.watch(task_id):
        if change == last:
            yield b": still here\n\n"
            continue
        last = change
        data = msgspec.json.encode({"State": change.state.value, "TotalLines": change.total_lines})
        yield b"event: changed\ndata: " + data + b"\n\n"
    if last is not None and last.state.is_completed:  # else the server stops, and the follower comes back
        yield b"event: end\ndata: {}\n\n"
