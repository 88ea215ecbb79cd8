"""Writing a task's log: a tree of nodes, and lines that belong to nodes. All text is masked before it goes anywhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from polpo.engine.journal import Journal
from polpo.engine.loglines import Line, NodeRecord, micros
from polpo.engine.masking import Masker
from polpo.engine.outbox import Outbox
from polpo.engine.queue import ROOT_NODE
from polpo.kernel.clock import Clock

Category = Literal[
    "Trace", "Verbose", "Info", "Highlight", "Wait", "Gap", "Alert", "Warning", "Error", "Fatal", "Planned", "Updated",
    "Finished", "Abandoned",
]  # fmt: skip
Status = Literal["Pending", "Running", "Success", "Failed", "Skipped", "SuccessWithWarning", "Canceled"]
_FINAL = frozenset({"Success", "Failed", "Skipped", "SuccessWithWarning", "Canceled"})


@dataclass(frozen=True)
class NewLine:
    """A line that is not written yet; see `TaskRun.save`, which writes it together with a cursor."""

    node: LogNode
    category: Category
    text: str
    occurred: datetime | None = None
    detail: str | None = None


class LogNode:
    """A place in the log tree. Writing never waits: lines are in the database about 100 ms later."""

    def __init__(self, log: TaskLog, row: dict[str, Any]) -> None:
        self._log = log
        self._row = row

    @property
    def node_id(self) -> int:
        return int(self._row["node_id"])

    @property
    def key(self) -> str:
        return str(self._row["key"])

    def write(self, category: Category, text: str, occurred: datetime | None = None, detail: str | None = None) -> None:
        self._log.add([self.line(category, text, occurred, detail)])

    def line(
        self, category: Category, text: str, occurred: datetime | None = None, detail: str | None = None
    ) -> NewLine:
        """A line to be written by `TaskRun.save`."""
        return NewLine(self, category, text, occurred, detail)

    def listened_to(self, most: int) -> HeardNode:
        """The same place in the log, which keeps the last lines that are written by way of it."""
        return HeardNode(self._log, self._row, most)

    def verbose(self, text: str) -> None:
        self.write("Verbose", text)

    def info(self, text: str) -> None:
        self.write("Info", text)

    def highlight(self, text: str) -> None:
        self.write("Highlight", text)

    def wait(self, text: str) -> None:
        self.write("Wait", text)

    def warning(self, text: str, detail: str | None = None) -> None:
        self.write("Warning", text, detail=detail)

    def error(self, text: str, detail: str | None = None) -> None:
        self.write("Error", text, detail=detail)

    def status(self, status: Status) -> None:
        """`Running` notes the start, which stays when the node runs again; an end status notes the end."""
        now = self._log.clock.now()
        row = self._row
        if row["status"] == status:
            return
        row["status"] = status
        if status == "Running":
            row["started"] = row["started"] or now
        row["ended"] = now if status in _FINAL else None
        self._log.store(row)

    def enter(self) -> None:
        """`Running`, unless an earlier run saw the end: a walk that passes by again changes neither end nor status."""
        if self._row["status"] not in _FINAL:
            self.status("Running")

    def rename(self, name: str) -> None:
        """For a place of which more is known now than when it was made."""
        name = self._log.masker.mask(name)
        if self._row["name"] != name:
            self._row["name"] = name
            self._log.store(self._row)

    def progress(self, percent: int, message: str = "") -> None:
        self._row["progress"] = max(0, min(100, percent))
        self._row["progress_message"] = self._log.masker.mask(message)
        self._log.store(self._row)


class HeardNode(LogNode):
    """Keeps in `heard`, masked, what is written by way of it; of many lines, the last ones."""

    def __init__(self, log: TaskLog, row: dict[str, Any], most: int) -> None:
        super().__init__(log, row)
        self.heard: deque[NewLine] = deque(maxlen=most)

    def line(
        self, category: Category, text: str, occurred: datetime | None = None, detail: str | None = None
    ) -> NewLine:
        line = super().line(category, text, occurred, detail)
        masker = self._log.masker
        when = occurred or self._log.clock.now()
        self.heard.append(NewLine(self, category, masker.mask(text), when, masker.mask(detail) if detail else None))
        return line


class TaskLog:
    """The log of one running task."""

    def __init__(
        self, outbox: Outbox, journal: Journal, masker: Masker, clock: Clock, known: Iterable[NodeRecord], task_id: str
    ) -> None:
        self._outbox = outbox
        self._journal = journal
        self._task_id = task_id
        self.masker = masker
        self.clock = clock
        self._nodes: dict[str, LogNode] = {}
        for record in known:
            row = {name: getattr(record, name) for name in NodeRecord.__dataclass_fields__}
            self._nodes[record.key] = LogNode(self, {"task_id": task_id, **row})
        self._next_id = max((node.node_id for node in self._nodes.values()), default=ROOT_NODE) + 1

    @property
    def root(self) -> LogNode:
        """The node of the task itself."""
        return self._nodes[""]

    def node(self, key: str, name: str, parent: LogNode | None = None, order: int | None = None) -> LogNode:
        """The node of this key, made when it is new, below the root unless `parent` says otherwise."""
        found = self._nodes.get(key)
        if found is not None:
            return found
        row = {"task_id": self._task_id, "node_id": self._next_id, "key": key, "name": self.masker.mask(name)}
        row |= {"parent_id": (parent or self.root).node_id, "status": "Pending", "started": None, "ended": None}
        row |= {"progress": 0, "progress_message": "", "position": self._next_id if order is None else order}
        self._next_id += 1
        self._nodes[key] = node = LogNode(self, row)
        self.store(row)
        return node

    def once(self, key: str, node: LogNode, category: Category, text: str, detail: str | None = None) -> None:
        """A line that a resumed task does not write again. For lines between activities."""
        name = f"line/{key}"
        if self._journal.find(name) is None:
            self._journal.put(name, 1, "done", None)
            self.add([NewLine(node, category, text, None, detail)])

    async def drain(self) -> None:
        """Waits until all lines written so far are in the database; for producers faster than it."""
        await self._outbox.flush()

    def add(self, lines: Iterable[NewLine]) -> None:
        for line in lines:
            occurred = micros(line.occurred or self.clock.now())
            detail = self.masker.mask(line.detail) if line.detail else None
            text = self.masker.mask(line.text)
            self._outbox.add_line(Line(line.node.node_id, occurred, line.category, text, detail))

    def store(self, row: dict[str, Any]) -> None:
        self._outbox.add_node(row)
