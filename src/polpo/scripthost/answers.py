"""What the runner answers about a machine's packages, told by the program that runs scripts there: no process starts.

The words are those of the runner's verbs `find-packages` and `apply-delta`: lines with service messages.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from polpo.halibut.streams import DataStream
from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import Invalid
from polpo.runner.applydelta import apply_delta
from polpo.runner.findpackages import find_packages
from polpo.runner.output import Output


class _Heard(Output):
    """Keeps the lines instead of writing them."""

    def __init__(self) -> None:
        super().__init__()
        self.content = b""

    def write(self, _stream: str, data: bytes) -> None:
        self.content += data

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


class Answers:
    """Of the packages below `home`. Questions may be asked again: what they change is the same afterwards."""

    def __init__(self, home: Path, clock: Clock | None = None) -> None:
        self._home = home
        self._clock = clock or SystemClock()

    async def find_packages(self, question: str) -> str:
        """`question` is a JSON object as the runner's verb reads it."""
        return await asyncio.to_thread(self._find, _object(question))

    async def apply_delta(self, order: str, delta: DataStream) -> str:
        """`order` is a JSON object with the base and the target by their paths, and the target's `hash` and `size`."""
        return await asyncio.to_thread(self._apply, _object(order), delta)

    def _find(self, question: dict[str, Any]) -> str:
        heard = _Heard()
        try:
            find_packages(heard, str(self._home), question, self._clock.now().timestamp())
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(f"The question for packages cannot be read: {error!r}.") from error
        except OSError as error:
            raise Invalid(f"The packages cannot be looked at: {error.strerror} ({error.filename}).") from error
        return heard.text

    def _apply(self, order: dict[str, Any], delta: DataStream) -> str:
        heard = _Heard()
        try:
            base, target = (str(self._home / order[name]) for name in ("base", "target"))
            received = f"{target}.{os.urandom(4).hex()}.delta"
            delta.move_to(Path(received))
            apply_delta(heard, base, received, target, order["hash"], int(order["size"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(f"The order to make a package cannot be read: {error!r}.") from error
        except OSError as error:
            raise Invalid(f"The difference cannot be kept: {error.strerror} ({error.filename}).") from error
        return heard.text


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Invalid(f"What was asked is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Invalid("What was asked is no JSON object.")
    return found
