"""What a script's output means: levels of lines, output variables, artifacts, progress, the reason of a failure.

The state is plain JSON and is kept with the position up to which the output was read, so that a server that died in
between goes on exactly there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from polpo.engine import LogNode, Masker, NewLine
from polpo.engine.log import Category
from polpo.halibut.contracts import ProcessOutput, ProcessOutputSource
from polpo.steps.messages import ServiceMessage, split_line

_LEVELS: dict[str, dict[str, Category | None]] = {
    "stdout": {
        "default": "Info",
        "verbose": "Verbose",
        "warning": "Warning",
        "error": "Error",
        "highlight": "Highlight",
        "wait": "Wait",
        "ignore": None,
    },
    "stderr": {"default": "Error", "error": "Error", "progress": "Verbose", "ignore": None},
}
_TRUE = {"true", "1", "yes"}


class OutputValue(msgspec.Struct):
    value: str
    is_sensitive: bool = False


class Artifact(msgspec.Struct):
    """A file on the target that the script wants to be kept."""

    path: str
    name: str
    length: int


class ConsoleState(msgspec.Struct):
    """How far the output was read, and what it said up to there. `found` holds other messages for their readers."""

    position: int = 0
    stdout: str = "default"
    stderr: str = "default"
    outputs: dict[str, OutputValue] = {}
    artifacts: list[Artifact] = []
    masks: list[str] = []
    found: list[tuple[str, dict[str, str]]] = []
    failure: str | None = None
    has_warnings: bool = False

    @property
    def is_sensitive(self) -> bool:
        return bool(self.masks) or any(output.is_sensitive for output in self.outputs.values())


@dataclass
class Console:
    """Turns output into log lines. `mask` hears of each value to be hidden before the line that follows it."""

    node: LogNode
    masker: Masker
    state: ConsoleState = field(default_factory=ConsoleState)

    def restore(self, state: ConsoleState) -> None:
        """Goes on from a kept state; what is to be hidden is hidden again."""
        self.state = state
        for value in state.masks:
            self.masker.add(value)

    def read(self, outputs: Iterable[ProcessOutput], position: int) -> list[NewLine]:
        """The lines to be written for the next part of the output, which ends before `position`."""
        lines: list[NewLine] = []
        for output in outputs:
            for part in split_line(output.text):
                if isinstance(part, ServiceMessage):
                    lines += self._obey(part, output)
                elif (category := self._category(output.source)) is not None:
                    self.state.has_warnings |= category in {"Warning", "Error"}
                    lines.append(self.node.line(category, part, output.occurred))
        self.state.position = position
        return lines

    def _category(self, source: ProcessOutputSource) -> Category | None:
        if source is ProcessOutputSource.DEBUG:
            return "Verbose"
        if source is ProcessOutputSource.STDERR:
            return _LEVELS["stderr"][self.state.stderr]
        return _LEVELS["stdout"][self.state.stdout]

    def _obey(self, message: ServiceMessage, output: ProcessOutput) -> list[NewLine]:
        stream, _, level = message.name.partition("-")
        if stream in _LEVELS and level in _LEVELS[stream]:
            setattr(self.state, stream, level)
            return []
        action = getattr(self, f"_on_{message.name.replace('-', '_')}", None)
        if action is None:
            self.state.found.append((message.name, message.attributes))
            return []
        line = action(message)
        return [self.node.line("Verbose", line, output.occurred)] if line else []

    def _on_setvariable(self, message: ServiceMessage) -> str | None:
        name = message.get("name")
        if not name:
            return None
        sensitive = message.get("sensitive").lower() in _TRUE
        value = message.get("value")
        if sensitive:
            self._hide(value)
        self.state.outputs[name] = OutputValue(value, sensitive)
        return f"The output variable {name} was set."

    def _on_createartifact(self, message: ServiceMessage) -> str | None:
        path = message.get("path")
        name = message.get("name") or path.replace("\\", "/").rpartition("/")[2]
        length = message.get("length")
        self.state.artifacts.append(Artifact(path, name, int(length) if length.isdigit() else 0))
        return None

    def _on_progress(self, message: ServiceMessage) -> str | None:
        percentage = message.get("percentage")
        if percentage.isdigit():
            self.node.progress(min(int(percentage), 100), message.get("message"))
        return None

    def _on_resultmessage(self, message: ServiceMessage) -> str | None:
        self.state.failure = message.get("message") or self.state.failure
        return None

    def _on_mask(self, message: ServiceMessage) -> str | None:
        self._hide(message.get("value"))
        return None

    def _hide(self, value: str) -> None:
        if value and value not in self.state.masks:
            self.state.masks.append(value)
            self.masker.add(value)


def restored(saved: Any) -> ConsoleState:
    """The state from what `recall` gives back, or a fresh one."""
    return msgspec.convert(saved, ConsoleState) if saved is not None else ConsoleState()
