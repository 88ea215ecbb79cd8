"""From the engine's records to what the API shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from polpo.engine import PRIORITY_NORMAL, LogLine, NodeRecord, TaskRecord, TaskState
from polpo.features.tasks.adhoc import shown_arguments
from polpo.features.tasks.rerunning import can_rerun
from polpo.features.tasks.resource import (
    ActivityElement,
    ActivityLogEntry,
    LogTreeLine,
    LogTreeNode,
    Task,
    TaskDetails,
    TaskProgress,
)
from polpo.features.tasks.resuming import can_resume

_QUIET = frozenset({"Verbose", "Trace"})
_DONE = frozenset({"Success", "Failed", "Skipped", "SuccessWithWarning", "Canceled"})


def shown_state(record: TaskRecord) -> str:
    """The contract has no word for a task that waits for a person: it is executing."""
    return TaskState.EXECUTING.value if record.state is TaskState.PAUSED else record.state.value


def task_of(record: TaskRecord, now: datetime, questions: Sequence[str] = ()) -> Task:
    """`questions` are the kinds of what people are asked, where they are known."""
    ended = record.completed or (now if record.started else None)
    return Task(
        id=record.id,
        space_id=record.space_id,
        name=record.kind,
        description=record.description,
        arguments=shown_arguments(record.arguments),
        state=shown_state(record),
        completed=_completed(record, now),
        queue_time=record.not_before or record.created,
        queue_time_expiry=record.queue_expiry,
        start_time=record.started,
        last_updated_time=record.last_updated,
        completed_time=record.completed,
        server_node=record.node_name,
        duration=duration_text(ended - record.started) if record.started and ended else "",
        error_message=record.error_message,
        has_been_picked_up_by_processor=record.has_been_picked_up,
        is_completed=record.state.is_completed,
        finished_successfully=record.state is TaskState.SUCCESS,
        has_pending_interruptions=record.pending_interruptions,
        pending_interruption_types=list(questions),
        estimated_remaining_queue_duration_seconds=_until_its_time(record, now),
        has_warnings_or_errors=record.has_warnings or record.state is TaskState.FAILED,
        can_rerun=can_rerun(record),
        can_resume=can_resume(record),
        project_id=record.project_id,
        environment_id=record.environment_id,
        tenant_id=record.tenant_id,
        cancelled_by=record.cancelled_by,
        rerun_of=record.rerun_of,
        resumed_from=record.arguments.get("ResumedFrom"),
        is_prioritized=record.priority < PRIORITY_NORMAL,
    )


def _until_its_time(record: TaskRecord, now: datetime) -> int:
    """For a task that is scheduled; how long others take is not guessed."""
    if record.state is not TaskState.QUEUED or record.not_before is None:
        return 0
    return max(int((record.not_before - now).total_seconds()), 0)


def duration_text(length: timedelta) -> str:
    """As people say it, in two units at most: `42 seconds`, `3 minutes 5 seconds`, `1 hour 20 minutes`."""
    return _spelled(max(int(length.total_seconds()), 0))


@lru_cache(maxsize=8192)
def _spelled(seconds: int) -> str:
    if seconds < 1:
        return "less than a second"
    parts = []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}{'s' if count != 1 else ''}")
    return " ".join(parts[:2])


def _completed(record: TaskRecord, now: datetime) -> str:
    if record.completed is None:
        waiting = record.state in {TaskState.QUEUED, TaskState.PAUSED}
        return "Waiting..." if waiting else f"{shown_state(record)}..."
    return f"{duration_text(now - record.completed)} ago"


def is_shown(category: str, *, verbose: bool) -> bool:
    return verbose or category not in _QUIET


def tree_node(node: NodeRecord) -> LogTreeNode:
    return LogTreeNode(
        id=node.node_id,
        parent_id=node.parent_id,
        key=node.key,
        name=node.name,
        status=node.status,
        started=node.started,
        ended=node.ended,
        progress=node.progress,
        progress_message=node.progress_message,
    )


def tree_line(line: LogLine) -> LogTreeLine:
    return LogTreeLine(
        number=line.number,
        node_id=line.node_id,
        at=line.occurred,
        level=line.category,
        text=line.text,
        detail=line.detail,
    )


def details_of(task: Task, nodes: Sequence[NodeRecord], lines: Iterable[LogLine], size: int) -> TaskDetails:
    """The whole tree. `lines` in order of their numbers."""
    elements = {node.node_id: _element(task.id, node) for node in nodes}
    for line in lines:
        entry = ActivityLogEntry(
            category=line.category,
            number=line.number,
            occurred_at=line.occurred,
            message_text=line.text,
            detail=line.detail,
        )
        elements[line.node_id].log_elements.append(entry)
    for node in sorted(nodes, key=lambda node: (node.position, node.node_id)):
        if node.parent_id is not None:
            elements[node.parent_id].children.append(elements[node.node_id])
    roots = [elements[node.node_id] for node in nodes if node.parent_id is None]
    return TaskDetails(
        id=task.id, task=task, activity_logs=roots, physical_log_size=size, progress=progress_of(task, nodes)
    )


def _element(task_id: str, node: NodeRecord) -> ActivityElement:
    return ActivityElement(
        id=f"{task_id}/{node.node_id}",
        name=node.name,
        status=node.status,
        started=node.started,
        ended=node.ended,
        progress_percentage=node.progress,
        progress_message=node.progress_message,
        children=[],
        log_elements=[],
    )


def progress_of(task: Task, nodes: Sequence[NodeRecord]) -> TaskProgress:
    """How many of the steps below the root have ended."""
    if task.is_completed:
        return TaskProgress(progress_percentage=100)
    steps = [node for node in nodes if node.parent_id == 0]
    done = sum(1 for node in steps if node.status in _DONE)
    return TaskProgress(progress_percentage=round(100 * done / len(steps)) if steps else 0)
