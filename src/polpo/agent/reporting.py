"""What the program tells the launcher that started it: that it is up, and that it has answered a call."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from polpo.agent.launcher.child import ANSWERED, LAUNCHER_VARIABLE, READY, REPORTS_VARIABLE
from polpo.halibut.serving import Method, Service

_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Reports:
    """Each is told once; without a launcher, nobody is told."""

    def __init__(self, descriptor: int = -1) -> None:
        self._descriptor = descriptor
        self._told: set[bytes] = set()

    @classmethod
    def from_environment(cls) -> Reports:
        """To the launcher that started this process, which ends with it from now on."""
        told = os.environ.get(REPORTS_VARIABLE, "")
        if not told.isdigit():
            return cls()
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
        if str(os.getppid()) != os.environ.get(LAUNCHER_VARIABLE):
            sys.exit(1)  # it has ended already
        os.set_inheritable(int(told), False)
        return cls(int(told))

    def ready(self) -> None:
        self._tell(READY)

    def answered(self) -> None:
        self._tell(ANSWERED)

    def _tell(self, what: bytes) -> None:
        if self._descriptor >= 0 and what not in self._told:
            self._told.add(what)
            with contextlib.suppress(OSError):
                os.write(self._descriptor, what)


def heard(services: Mapping[str, Service], on_call: Callable[[], None]) -> dict[str, Service]:
    """The same services; `on_call` hears when one of their methods has an answer."""

    def told(method: Method) -> Method:
        @functools.wraps(method)
        async def call(*params: Any) -> Any:
            answer = await method(*params)
            on_call()
            return answer

        return call

    return {name: {one: told(method) for one, method in service.items()} for name, service in services.items()}
