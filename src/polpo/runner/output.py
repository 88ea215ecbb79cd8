"""The runner's own lines: written at once and whole, so that they stand in order with those of the scripts."""

from __future__ import annotations

import os
from typing import Dict, Mapping

from polpo.runner.messages import compose

STDOUT = 1
STDERR = 2


class Output:
    """Where lines go. When nobody reads them any more, they are dropped and the work goes on to its end."""

    def __init__(self, stdout: int = STDOUT, stderr: int = STDERR) -> None:
        self._descriptors = {"stdout": stdout, "stderr": stderr}
        self._closed: Dict[str, bool] = {}
        self._unfinished: Dict[str, bool] = {}

    def write(self, stream: str, data: bytes) -> None:
        """Pass bytes through as they are; `stream` is `stdout` or `stderr`."""
        if data:
            self._unfinished[stream] = not data.endswith(b"\n")
        view = memoryview(data)
        while view and not self._closed.get(stream):
            try:
                view = view[os.write(self._descriptors[stream], view) :]
            except BrokenPipeError:
                self._closed[stream] = True

    def info(self, text: str) -> None:
        self._line("stdout", text)

    def error(self, text: str) -> None:
        self._line("stderr", text)

    def verbose(self, text: str) -> None:
        self._leveled("verbose", text)

    def warning(self, text: str) -> None:
        self._leveled("warning", text)

    def message(self, name: str, attributes: Mapping[str, str]) -> None:
        self._line("stdout", compose(name, attributes))

    def _leveled(self, level: str, text: str) -> None:
        self._line("stdout", f"##octopus[stdout-{level}]\n{text}\n##octopus[stdout-default]")

    def _line(self, stream: str, text: str) -> None:
        start = b"\n" if self._unfinished.get(stream) else b""
        self.write(stream, start + text.encode("utf-8", "surrogateescape") + b"\n")
