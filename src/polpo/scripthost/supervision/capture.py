"""What a script says, cut into lines and kept. Standard library only: a part of the supervisor."""

from __future__ import annotations

import codecs
import json
import os
import time

STDOUT, STDERR, DEBUG = 0, 1, 2
_BLOCK = 64 * 1024
MAX_LINE = 4 * 1024 * 1024


class OutputLog:
    """Appends lines; a batch is one write."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, source: int, lines: list[str]) -> None:
        """All the lines or none: on a full disk no half of one stays behind."""
        head = f"[{source},{time.time_ns() // 1_000_000},"
        view = memoryview("".join([f"{head}{json.dumps(line)}]\n" for line in lines]).encode())
        written = 0
        try:
            while written < len(view):
                written += os.write(self._descriptor, view[written:])
        except OSError:
            os.ftruncate(self._descriptor, os.fstat(self._descriptor).st_size - written)
            raise

    def drop_unfinished(self) -> None:
        """Removes the half of a line that a writer left when it was killed."""
        end = os.fstat(self._descriptor).st_size
        while end > 0:
            start = max(end - _BLOCK, 0)
            newline = os.pread(self._descriptor, end - start, start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        os.ftruncate(self._descriptor, end)

    def close(self) -> None:
        os.close(self._descriptor)


class Lines:
    """Cuts bytes into lines at LF, CR LF or CR. A line longer than MAX_LINE comes in pieces, so memory is bounded."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._after_return = False

    def feed(self, data: bytes) -> list[str]:
        if not self._after_return and b"\n" not in data and b"\r" not in data:
            self._keep(data)
            return self._piece() if self._size >= MAX_LINE else []
        whole = b"".join([*self._parts, data])
        lines = whole.splitlines()
        self._parts, self._size, self._after_return = [], 0, whole.endswith(b"\r")
        if not whole.endswith(b"\n"):
            self._keep(lines.pop() + (b"\r" if self._after_return else b""))
        return [line.decode("utf-8", "replace") for line in lines]

    def rest(self) -> list[str]:
        """The last line, which no line end follows."""
        lines = b"".join(self._parts).splitlines()
        self._parts, self._size, self._after_return = [], 0, False
        return [line.decode("utf-8", "replace") for line in lines]

    def _piece(self) -> list[str]:
        text, used = codecs.utf_8_decode(whole := b"".join(self._parts), "replace", False)
        self._parts, self._size = [], 0
        self._keep(whole[used:])  # the beginning of a character whose end has not come yet
        return [text]

    def _keep(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
