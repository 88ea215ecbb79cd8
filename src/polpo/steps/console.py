"""What a script's output means: levels of lines, output variables, artifacts, progress, the reason of a failure.

The state is plain JSON and is kept with the position up to which the output was read, so that a server that died in
between goes on exactly there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from polpo.engine import LogNode, Masker, NewLine
from polpo.engine.log import Category
from polpo.halibut.contracts import ProcessOutput, ProcessOutputSource
from polpo.steps.messages import ServiceMessage, is_unfinished, joined, split_line

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
#: Messages that the original's programs send and that nobody here reads.
_UNREAD = {
    "argocd-files-updated",
    "calamari-deployment-metric",
    "calamari-found-package",
    "calamari-script-isolation-alert",
    "calamari-timed-operation",
    "claude-code-transcript",
    "claude-code-usage",
    "k8s-manifest-applied",
    "package-retention",
    "pull-request-created",
}
#: Attributes that hold secrets; that of an environment state does where the message says so.
_SECRETS = {"token", "password", "secretkey", "azpassword", "activedirectorypassword", "azureactivedirectorypassword"}
_MOST_PIECES = 256
#: Of other messages of one script; they are written with every position.
_MOST_FOUND = 10_000
_LONGEST_MESSAGE = 16 * 1024 * 1024  # characters


class OutputValue(msgspec.Struct):
    value: str
    is_sensitive: bool = False


class Artifact(msgspec.Struct):
    """A file on the target that the script wants to be kept."""

    path: str
    name: str
    length: int


class ConsoleState(msgspec.Struct):
    """How far the output was read, and what it said up to there. `found` holds other messages for their readers.

    `held` are the pieces of a message that has not ended yet, by the stream that they came from. What is kept here has
    not been masked, so it is sealed wherever it is stored.
    """

    position: int = 0
    stdout: str = "default"
    stderr: str = "default"
    outputs: dict[str, OutputValue] = {}
    artifacts: list[Artifact] = []
    masks: list[str] = []
    found: list[tuple[str, dict[str, str]]] = []
    failure: str | None = None
    has_warnings: bool = False
    held: dict[str, list[str]] = {}


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
            for text in self._whole(output):
                lines += self._lines(text, output.source, output.occurred)
        self.state.position = position
        return lines

    def finish(self) -> list[NewLine]:
        """The lines that were held back because they looked like the beginning of a message, and were none."""
        held, self.state.held = self.state.held, {}
        return [
            line
            for name, texts in held.items()
            for text in texts
            for line in self._lines(text, ProcessOutputSource[name], None)
        ]

    def _whole(self, output: ProcessOutput) -> list[str]:
        """The text with what was held back before it; nothing while a message has not ended."""
        name = output.source.name
        pieces = [*self.state.held.pop(name, []), output.text]
        text = joined(pieces)
        if len(pieces) < _MOST_PIECES and len(text) < _LONGEST_MESSAGE and is_unfinished(text):
            self.state.held[name] = pieces
            return []
        if len(pieces) > 1 and not any(isinstance(part, ServiceMessage) for part in split_line(text)):
            return pieces
        return [text]

    def _lines(self, text: str, source: ProcessOutputSource, occurred: datetime | None) -> list[NewLine]:
        lines: list[NewLine] = []
        for part in split_line(text):
            if isinstance(part, ServiceMessage):
                lines += self._obey(part, occurred)
            elif (category := self._category(source)) is not None:
                self.state.has_warnings |= category in {"Warning", "Error"}
                lines.append(self.node.line(category, part, occurred))
        return lines

    def _category(self, source: ProcessOutputSource) -> Category | None:
        if source is ProcessOutputSource.DEBUG:
            return "Verbose"
        if source is ProcessOutputSource.STDERR:
            return _LEVELS["stderr"][self.state.stderr]
        return _LEVELS["stdout"][self.state.stdout]

    def _obey(self, message: ServiceMessage, occurred: datetime | None) -> list[NewLine]:
        stream, _, level = message.name.partition("-")
        if stream in _LEVELS and level in _LEVELS[stream]:
            setattr(self.state, stream, level)
            return []
        action = getattr(self, f"_on_{message.name.replace('-', '_')}", None)
        if action is None:
            self._leave(message)
            return []
        line = action(message)
        return [self.node.line("Verbose", line, occurred)] if line else []

    def _leave(self, message: ServiceMessage) -> None:
        """For whoever reads messages of this name."""
        if message.name in _UNREAD or len(self.state.found) >= _MOST_FOUND:
            return
        for name, value in message.attributes.items():
            is_state = name == "value" and message.get("sensitive").lower() in _TRUE
            if is_state or (name in _SECRETS and message.name.startswith("create-")):
                self._hide(value)
        self.state.found.append((message.name, message.attributes))

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
