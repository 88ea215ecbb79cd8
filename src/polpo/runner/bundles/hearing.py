"""What the work on one action says: lines of several levels, output variables, files to keep, the reason of a failure.

What only a server could do is told as a warning, so that nobody waits for it.
"""

from __future__ import annotations

import os
import shutil
import threading
from typing import Dict, NamedTuple

from polpo.runner.bundles.ledger import Ledger
from polpo.runner.messages import ServiceMessage, parse

_MARK = b"##octopus["
_LEVELS = {
    "stdout": {
        "default": "Info",
        "verbose": "Verbose",
        "warning": "Warning",
        "error": "Error",
        "highlight": "Highlight",
        "wait": "Wait",
        "ignore": "",
    },
    "stderr": {"default": "Error", "error": "Error", "progress": "Verbose", "ignore": ""},
}
_NEEDS_SERVER = ("create-", "delete-target", "createsteppackagetarget", "set-environmentstate")


class Output(NamedTuple):
    value: str
    is_sensitive: bool


class Hearing:
    """Takes lines of both streams, which two threads read. Files to keep are copied into `shelf` at once."""

    def __init__(self, ledger: Ledger, folder: str, shelf: str) -> None:
        self.outputs: Dict[str, Output] = {}
        self.failure = ""
        self._ledger = ledger
        self._folder = folder
        self._shelf = shelf
        self._levels = {"stdout": "default", "stderr": "default"}
        self._lock = threading.Lock()

    def take(self, stream: str, line: bytes) -> None:
        """One line without its end."""
        with self._lock:
            rest, has_message = line, False
            while True:
                start = rest.find(_MARK)
                end = rest.find(b"]", start) if start >= 0 else -1
                message = parse(rest[start + len(_MARK) : end]) if end >= 0 else None
                if message is None:
                    break
                has_message = True
                self._text(stream, rest[:start], is_whole=False)
                self._obey(message)
                rest = rest[end + 1 :]
            self._text(stream, rest, is_whole=not has_message)

    def _text(self, stream: str, text: bytes, *, is_whole: bool) -> None:
        level = _LEVELS[stream][self._levels[stream]]
        if level and (is_whole or text.strip()):
            self._ledger.write(level, text.decode("utf-8", "replace"))

    def _obey(self, message: ServiceMessage) -> None:
        get = message.attributes.get
        stream, _, level = message.name.partition("-")
        if level in _LEVELS.get(stream, ()):
            self._levels[stream] = level
        elif message.name == "setvariable" and get("name"):
            self._set(message.attributes["name"], get("value", ""), get("sensitive", "").lower() == "true")
        elif message.name == "mask":
            self._ledger.hide(get("value", ""))
        elif message.name == "resultmessage":
            self.failure = get("message") or self.failure
        elif message.name == "createartifact":
            self._keep(get("path", ""), get("name", ""))
        elif message.name.startswith(_NEEDS_SERVER):
            self._ledger.warning(f"'{message.name}' was asked for, which only a server can do; it is left out here.")

    def _set(self, name: str, value: str, is_sensitive: bool) -> None:
        if is_sensitive:
            self._ledger.hide(value)
        self.outputs[name] = Output(value, is_sensitive)
        self._ledger.verbose(f"The output variable {name} was set.")

    def _keep(self, path: str, name: str) -> None:
        plain = os.path.basename((name or path).replace("\\", "/"))
        try:
            os.makedirs(self._shelf, exist_ok=True)
            shutil.copyfile(os.path.join(self._folder, path), os.path.join(self._shelf, plain))
        except (OSError, ValueError) as error:  # a name with a NUL is no name of a file
            reason = getattr(error, "strerror", None) or error
            self._ledger.warning(f"The artifact '{plain}' was not kept: {reason} ({path}).")
        else:
            self._ledger.info(f"The artifact '{plain}' lies in {self._shelf}.")
