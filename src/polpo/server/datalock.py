"""One server a data folder: two of them would take each other's tasks away."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from polpo.kernel.errors import Invalid

_NAME = "server.lock"


class DataLock:
    """Held from its making until `release`, or until the process ends, however it ends. Invalid when it is taken."""

    def __init__(self, folder: Path) -> None:
        path = folder / _NAME
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _taken(self._descriptor):
            owner = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise Invalid(
                f"Another server{f' (process {owner})' if owner else ''} works with the data folder {folder};"
                " stop it, or name another --data-dir."
            )
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Safe to call twice."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        """Locks a byte behind the text, which others may read."""
        os.lseek(descriptor, 64, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
