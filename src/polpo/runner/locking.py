"""One runner at a time, where several on the same machine would get into each other's way."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import Iterator

from polpo.runner.errors import RunnerError
from polpo.runner.output import Output


@contextmanager
def exclusive(path: str, what: str, output: Output, patience: float = 60.0) -> Iterator[None]:
    """Hold a lock on a file; it is free again when the process ends, however it ends. Waits `patience` seconds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(descriptor):
            output.verbose(f"Another process holds {what}; waiting for it.")
            deadline = time.monotonic() + patience
            while not _taken(descriptor):
                if time.monotonic() > deadline:
                    raise RunnerError(
                        f"Another process has held {what} for {patience:.0f} seconds ({path}). See what runs on this "
                        f"machine and try again."
                    )
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
