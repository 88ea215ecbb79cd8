"""One script as a process: its output passes through as it comes, and what it tells the server is heard here too."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from types import FrameType
from typing import IO, List, NamedTuple, Optional, Sequence, Tuple

from polpo.runner.errors import RunnerError
from polpo.runner.messages import Scanner, ServiceMessage
from polpo.runner.step import Step

_BLOCK = 1 << 16
#: How long the output is read on after the script has ended, when something it started still holds it open.
_PATIENCE = 5.0


class Outcome(NamedTuple):
    #: 128 + the signal's number for a script that a signal ended, as a shell would say it.
    exit_code: int
    #: It wrote to its error stream what was not marked as something else.
    wrote_errors: bool
    #: It gave a text of its own for its failure (`fail_step`).
    told: bool


def run(step: Step, command: Sequence[str], folder: str) -> Outcome:
    """Run to the end. Nothing is given on standard input; a cancelled runner takes the script with it."""
    hearing = _Hearing(step)
    hold = _HeldTermination()
    try:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        hold.release()
        raise RunnerError(f"{command[0]} cannot be started in {folder}: {error.strerror}.") from error
    try:
        hold.release()
        readers = [_reader(step, hearing, process.stdout, "stdout"), _reader(step, hearing, process.stderr, "stderr")]
        code = process.wait()
    except BaseException:
        _end(process)
        raise
    _drain(step, [thread for thread, _ in readers])
    for stream, (_, scanner) in zip(("stdout", "stderr"), readers):  # noqa: B905 - Python 3.8
        if scanner.level != "default":
            step.output.write(stream, f"##octopus[{stream}-default]\n".encode())
    return Outcome(code if code >= 0 else 128 - code, readers[1][1].has_text, hearing.told)


class _HeldTermination:
    """Puts the end on request off while a process is being started, so that none is started and then forgotten."""

    def __init__(self) -> None:
        self._asked = False
        self._handler = signal.signal(signal.SIGTERM, self._ask)

    def release(self) -> None:
        signal.signal(signal.SIGTERM, self._handler)
        if self._asked:
            signal.raise_signal(signal.SIGTERM)

    def _ask(self, _signal: int, _frame: Optional[FrameType]) -> None:
        self._asked = True


class _Hearing:
    """Takes the messages of both streams, which two threads read."""

    def __init__(self, step: Step) -> None:
        self.told = False
        self._step = step
        self._lock = threading.Lock()

    def take(self, message: ServiceMessage) -> None:
        attributes = message.attributes
        with self._lock:
            if message.name == "setvariable" and attributes.get("name"):
                self._step.variables.set_output(attributes["name"], attributes.get("value", ""))
                if attributes.get("sensitive", "").lower() == "true":
                    self._step.variables.sensitive.add(attributes["name"])
            elif message.name == "resultmessage":
                self.told = True


def _reader(step: Step, hearing: _Hearing, pipe: IO[bytes] | None, stream: str) -> Tuple[threading.Thread, Scanner]:
    assert pipe is not None  # noqa: S101 - both are pipes
    source = pipe
    scanner = Scanner(stream, hearing.take)

    def read() -> None:
        with source:
            for chunk in iter(lambda: os.read(source.fileno(), _BLOCK), b""):
                step.output.write(stream, chunk)
                scanner.feed(chunk)

    thread = threading.Thread(target=read, name=f"script {stream}", daemon=True)
    thread.start()
    return thread, scanner


def _drain(step: Step, threads: List[threading.Thread]) -> None:
    deadline = time.monotonic() + _PATIENCE
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        step.output.verbose(
            "The script has ended, but something that it started still holds its output open, and is not waited for. "
            "What is to live on should have its output redirected to a file."
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
