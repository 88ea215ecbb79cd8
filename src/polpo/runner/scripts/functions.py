"""What Polpo gives to Python scripts: these names stand in the script's own module before its first line."""

from __future__ import annotations

import base64
import os
import sys
from typing import Dict, Optional

octopusvariables: Dict[str, str] = {}


def encode(value: str) -> str:
    return base64.b64encode(value.encode("utf-8", "surrogateescape")).decode("ascii")


def decode(value: str) -> str:
    return base64.b64decode(value).decode("utf-8")


def get_octopusvariable(key: str) -> str:
    """The value, or the empty text; names compare without case."""
    if key in octopusvariables:
        return octopusvariables[key]
    folded = key.lower()
    return next((value for name, value in octopusvariables.items() if name.lower() == folded), "")


def set_octopusvariable(name: str, value: str, sensitive: bool = False) -> None:
    octopusvariables[name] = str(value)
    secret = " sensitive='" + encode("True") + "'" if sensitive else ""
    print("##octopus[setVariable name='" + encode(name) + "' value='" + encode(str(value)) + "'" + secret + "]")


def createartifact(path: str, fileName: Optional[str] = None) -> None:  # noqa: N803 - scripts may name it so
    """Have the file collected when the step has ended."""
    name = fileName or os.path.basename(path)
    full = os.path.abspath(path)
    length = str(os.stat(full).st_size) if os.path.isfile(full) else "0"
    printverbose("Artifact " + name + " will be collected from " + full + " after this step completes")
    attributes = (("path", full), ("name", name), ("length", length))
    print("##octopus[createArtifact" + "".join(" " + key + "='" + encode(text) + "'" for key, text in attributes) + "]")


def updateprogress(progress: int, message: Optional[str] = None) -> None:
    print("##octopus[progress percentage='" + encode(str(progress)) + "' message='" + encode(message or "") + "']")


def failstep(message: Optional[str] = None) -> None:
    """End the script; the message is told as the step's failure."""
    if message is not None:
        print("##octopus[resultMessage message='" + encode(message) + "']")
    sys.exit(-1)


def _printleveled(level: str, message: object) -> None:
    print("##octopus[stdout-" + level + "]")
    print(message)
    print("##octopus[stdout-default]")


def printverbose(message: object) -> None:
    _printleveled("verbose", message)


def printhighlight(message: object) -> None:
    _printleveled("highlight", message)


def printwait(message: object) -> None:
    _printleveled("wait", message)


def printwarning(message: object) -> None:
    _printleveled("warning", message)
