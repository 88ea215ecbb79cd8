"""The lock between the scripts of a machine. Standard library only: a part of the supervisor."""

from __future__ import annotations

import contextlib
import fcntl
import os


class Isolation:
    """A lock between the scripts of a machine, held by this process and so freed by the kernel when it dies.

    Readers may run together, a writer runs alone. Everyone passes the gate first, so that readers who keep coming
    cannot starve a writer.
    """

    def __init__(self, folder: str, name: str, *, exclusive: bool) -> None:
        self._folder = folder
        self._name = name
        self._operation = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        os.makedirs(os.path.join(folder, "holders"), mode=0o700, exist_ok=True)
        self._gate = self._open("gate")
        self._lock = self._open("lock")
        self._held: int | None = None
        self._note = ""

    def _open(self, name: str) -> int:
        return os.open(os.path.join(self._folder, name), os.O_RDWR | os.O_CREAT, 0o600)

    def steps(self) -> list[tuple[int, int]]:
        return [(self._gate, fcntl.LOCK_EX), (self._lock, self._operation)]

    def taken(self, ticket: str, task: str) -> None:
        """Lets the next one into the gate, and leaves a note for those who wait."""
        fcntl.flock(self._gate, fcntl.LOCK_UN)
        self._note = os.path.join(self._folder, "holders", ticket)
        self._held = os.open(self._note + ".new", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        fcntl.flock(self._held, fcntl.LOCK_EX)
        os.write(self._held, task.encode())
        os.replace(self._note + ".new", self._note)

    def release(self) -> None:
        if self._held is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._note)
            os.close(self._held)
        os.close(self._lock)

    def describe_wait(self) -> str:
        tasks = sorted(set(self._holders()))
        if not tasks:
            return f"Waiting for the isolation lock '{self._name}' of this machine."
        return (
            f"Waiting for the script in task {', '.join(tasks)} to finish: it holds the isolation lock "
            f"'{self._name}' of this machine."
        )

    def _holders(self) -> list[str]:
        found = []
        folder = os.path.join(self._folder, "holders")
        for name in os.listdir(folder):
            with contextlib.suppress(OSError), open(os.path.join(folder, name), "rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    os.unlink(file.name)  # whoever left the note is dead
                except BlockingIOError:
                    found.append(file.read().decode("utf-8", "replace") or "another script")
        return found
