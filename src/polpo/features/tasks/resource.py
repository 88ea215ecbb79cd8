"""A task on the wire. It is stored by the engine, so nothing here is a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from polpo.rest.links import register, vary
from polpo.store.documents import Document, Resource


class Task(Document):
    """`name` is the kind of task. A task that waits for a person is Executing and has pending interruptions.

    `rerun_of` is the task that this one does once more;
    `resumed_from`, when it goes on where that one stood.
    """

    space_id: str | None = None
    name: str = ""
    description: str = ""
    arguments: dict[str, Any] = {}
    state: str = "Queued"
    completed: str = ""
    queue_time: datetime | None = None
    queue_time_expiry: datetime | None = None
    start_time: datetime | None = None
    last_updated_time: datetime | None = None
    completed_time: datetime | None = None
    server_node: str | None = None
    duration: str = ""
    error_message: str | None = None
    has_been_picked_up_by_processor: bool = False
    is_completed: bool = False
    finished_successfully: bool = False
    has_pending_interruptions: bool = False
    pending_interruption_types: list[str] = []
    has_pending_preconditions: bool = False
    pending_precondition_types: list[str] = []
    estimated_remaining_queue_duration_seconds: int = 0
    has_warnings_or_errors: bool = False
    can_rerun: bool = False
    can_resume: bool = False
    project_id: str | None = None
    environment_id: str | None = None
    tenant_id: str | None = None
    cancelled_by: str | None = None
    rerun_of: str | None = None
    resumed_from: str | None = None
    is_prioritized: bool = False


class ModifyTaskState(Resource):
    """How a task that has ended is to count from now on, and why."""

    state: Literal["Success", "Failed", "Canceled", "TimedOut"]
    reason: str = ""


class ActivityLogEntry(Resource):
    category: str
    number: int
    occurred_at: datetime
    message_text: str
    detail: str | None = None


class ActivityElement(Resource):
    """A node of the log tree with its lines."""

    id: str
    name: str
    status: str
    started: datetime | None = None
    ended: datetime | None = None
    progress_percentage: int = 0
    progress_message: str = ""
    show_at_summary_level: bool = True
    children: list[ActivityElement] = []
    log_elements: list[ActivityLogEntry] = []


class TaskProgress(Resource):
    progress_percentage: int = 0
    estimated_time_remaining: str = ""


class TaskDetails(Document):
    task: Task = msgspec.field(default_factory=Task)
    activity_logs: list[ActivityElement] = []
    physical_log_size: int = 0
    progress: TaskProgress = msgspec.field(default_factory=TaskProgress)


class LogTreeNode(Resource):
    """`key` names the place in the plan, such as `step-1/action-1/Machines-3`; the root has the id 0."""

    id: int
    parent_id: int | None
    key: str
    name: str
    status: str
    started: datetime | None
    ended: datetime | None
    progress: int
    progress_message: str


class LogTreeLine(Resource):
    number: int
    node_id: int
    at: datetime
    level: str
    text: str
    detail: str | None


class TaskLogPart(Resource):
    """Lines after a number, and the whole tree as it is now. Ask again with `after` = `last_number` for what follows.

    `last_number` counts the lines that were looked at, also those that the filter left out.
    """

    task_id: str
    state: str
    nodes: list[LogTreeNode]
    lines: list[LogTreeLine]
    last_number: int
    total_lines: int
    is_complete: bool


class WaitingReason(Resource):
    """What a task waits for, in a sentence, and the ids of what that speaks of.

    `kind` is `lock`, `cap`, `queue`, `schedule`, `person`, `stopped` (the queue of the space), `freeze` (which will
    refuse it when it begins), or what a step names.
    """

    kind: str
    text: str
    since: datetime
    task_ids: list[str]
    interruption_ids: list[str] = []
    team_ids: list[str] = []
    freeze_ids: list[str] = []


class TaskWaiting(Resource):
    task_id: str
    is_waiting: bool
    reasons: list[WaitingReason]


class TaskType(Resource):
    id: str
    name: str


_SELF = "/api/tasks/{Id}"

register(
    Task,
    {
        "Self": _SELF,
        "Web": "/app#/tasks/{Id}",
        "Raw": _SELF + "/raw",
        "Rerun": "/api/tasks/rerun/{Id}",
        "Cancel": _SELF + "/cancel",
        "State": _SELF + "/state",
        "Prioritize": _SELF + "/prioritize",
        "QueuedBehind": _SELF + "/queued-behind{?skip,take}",
        "Details": _SELF + "/details{?verbose,tail}",
        "Log": _SELF + "/log{?after,take,verbose,levels,words}",
        "Events": _SELF + "/events",
        "Waiting": _SELF + "/waiting",
        "Artifacts": "/api/artifacts?regarding={Id}",
        "Interruptions": "/api/interruptions?regarding={Id}",
    },
)
vary(Task, lambda task: {"Resume": f"/api/tasks/{task.id}/resume" if task.can_resume else None})
register(TaskDetails, {"Self": _SELF + "/details"})
