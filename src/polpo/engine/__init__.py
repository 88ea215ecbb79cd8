"""Durable execution of server tasks: admission, journal, locks, pauses, cancel, logs. Knows no deployment.

A feature registers a run function for its kind of task and enqueues tasks in its own transactions. The function works
in named activities; after a crash, a stop or a pause it is called again and finds what it has done. See
`docs/concepts/engine.md`.
"""

from polpo.engine.cluster import Node, forget_node, lose_node
from polpo.engine.engine import Change, Engine, Timings
from polpo.engine.errors import Fenced, Paused
from polpo.engine.log import LogNode, NewLine, TaskLog
from polpo.engine.loglines import Line, LogLine, NodeRecord, line_count, nodes, read_log, read_tail, sift_log
from polpo.engine.masking import MASK, SHORTEST_HIDDEN, Masker
from polpo.engine.questions import holder_that_waits_for
from polpo.engine.reading import plan_of, results_of
from polpo.engine.run import TaskRun, together
from polpo.engine.tables import server_task, task_activity, task_log, task_node, task_wait
from polpo.engine.tasks import (
    PRIORITY_HIGH,
    PRIORITY_NORMAL,
    PRIORITY_TOP,
    QUEUE_EXPIRY,
    TASKS,
    NewTask,
    TaskRecord,
    TaskState,
    find_task,
    find_task_of,
    get_task,
)
from polpo.engine.waiting import Reason

__all__ = [
    "MASK",
    "PRIORITY_HIGH",
    "PRIORITY_NORMAL",
    "PRIORITY_TOP",
    "QUEUE_EXPIRY",
    "SHORTEST_HIDDEN",
    "TASKS",
    "Change",
    "Engine",
    "Fenced",
    "Line",
    "LogLine",
    "LogNode",
    "Masker",
    "NewLine",
    "NewTask",
    "Node",
    "NodeRecord",
    "Paused",
    "Reason",
    "TaskLog",
    "TaskRecord",
    "TaskRun",
    "TaskState",
    "Timings",
    "find_task",
    "find_task_of",
    "forget_node",
    "get_task",
    "holder_that_waits_for",
    "line_count",
    "lose_node",
    "nodes",
    "plan_of",
    "read_log",
    "read_tail",
    "results_of",
    "server_task",
    "sift_log",
    "task_activity",
    "task_log",
    "task_node",
    "task_wait",
    "together",
]
