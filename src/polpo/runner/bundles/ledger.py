"""What a run of a bundle tells: to the person at the terminal, and in full to a log that stays."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from typing import List, Optional, Set

_MASK = "*****"
#: Shorter values are left alone, as on the server, or every log would be stars.
_SHORTEST = 4


class Ledger:
    """Lines with the time, secrets hidden. Verbose ones are for the log alone."""

    def __init__(self, path: str) -> None:
        self.path = path
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._log = open(descriptor, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115 - `close` does
        self._lock = threading.Lock()
        self._hidden: Set[str] = set()
        self._pattern: Optional[re.Pattern[str]] = None

    def close(self) -> None:
        self._log.close()

    def hide(self, value: str) -> None:
        """From now on; a value of several lines is looked for line by line."""
        with self._lock:
            found = {part.strip() for part in (value, *value.splitlines()) if len(part.strip()) >= _SHORTEST}
            if found - self._hidden:
                self._hidden |= found
                self._pattern = None

    def verbose(self, text: str) -> None:
        self._write("Verbose", text)

    def info(self, text: str) -> None:
        self._write("Info", text)

    def warning(self, text: str) -> None:
        self._write("Warning", text)

    def error(self, text: str) -> None:
        self._write("Error", text)

    def write(self, level: str, text: str) -> None:
        """`level` as the server names it: Verbose, Info, Highlight, Wait, Warning, Error."""
        self._write(level, text)

    def _write(self, level: str, text: str) -> None:
        with self._lock:
            lines = self._masked(text).splitlines() or [""]
            now = time.strftime("%H:%M:%S")
            self._log.writelines(f"{now}  {level:<9}  {line}\n" for line in lines)
            self._log.flush()
            if level != "Verbose":
                self._show(level, now, lines)

    def _show(self, level: str, now: str, lines: List[str]) -> None:
        stream = sys.stderr if level == "Error" else sys.stdout
        mark = f"{level}: " if level in ("Warning", "Error") else ""
        text = "".join(f"{now}  {mark}{line}\n" for line in lines)
        encoding = stream.encoding or "ascii"
        try:
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
            stream.flush()
        except BrokenPipeError:
            pass  # nobody looks any more; the log has it all

    def _masked(self, text: str) -> str:
        if not self._hidden:
            return text
        if self._pattern is None:  # made when it is needed: a bundle may hide thousands of values one by one
            longest_first = sorted(self._hidden, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return self._pattern.sub(_MASK, text)
