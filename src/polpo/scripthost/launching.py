"""Starting the supervisor: a process in a session of its own, which ends when its script does and not when we do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from polpo.kernel.errors import Unavailable

_ROOT = Path(__file__).parent.parent.parent
_PROGRAM = (
    "import sys; sys.path.append(sys.argv.pop(1)); from polpo.scripthost.supervision.supervisor import main; main()"
)
_READY_FD = 3
_START_SECONDS = 60.0


class Launched:
    """A supervisor that we started. `ended` is set when it is gone; its exit is collected by then."""

    def __init__(self, pid: int, pipe: int) -> None:
        self.ended = asyncio.Event()
        self._pid = pid
        self._pipe = pipe
        self._ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(pipe, self._on_pipe)

    async def ready(self) -> bool:
        """True once the script is in the supervisor's hands; False when it ended before."""
        async with asyncio.timeout(_START_SECONDS):
            return await asyncio.shield(self._ready)

    def _on_pipe(self) -> None:
        said = os.read(self._pipe, 1)
        if not self._ready.done():
            self._ready.set_result(bool(said))
        if not said:
            self.release()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._pid, 0)  # its descriptors are closed: it is on its last instructions
            self.ended.set()

    def release(self) -> None:
        """Stops watching; the supervisor goes on."""
        if self._pipe >= 0:
            asyncio.get_running_loop().remove_reader(self._pipe)
            os.close(self._pipe)
            self._pipe = -1


async def launch(control: Path, environment: Mapping[str, str]) -> Launched:
    """Starts the supervisor on a control folder; Unavailable when the machine cannot start processes."""
    ours, theirs = os.pipe()
    try:
        pid = await asyncio.to_thread(_spawn, control, environment, theirs)
    except OSError as error:
        os.close(ours)
        raise Unavailable(f"No process for the script could be started on this machine: {error.strerror}.") from error
    finally:
        os.close(theirs)
    return Launched(pid, ours)


def _spawn(control: Path, environment: Mapping[str, str], pipe: int) -> int:
    errors = str(control / "supervisor.err")
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", "-c", _PROGRAM, str(_ROOT), str(control)],
        dict(environment),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, pipe, _READY_FD),
        ],
        setsigmask=[],
        setsigdef=[],
    )
