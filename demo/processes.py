"""The demo's programs: the server and its agents, as processes of their own, and the ports they use."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

POLPO = [sys.executable, "-m", "polpo"]
_START_BOUND = 60.0
_STOP_BOUND = 30.0


class DemoError(Exception):
    """A sentence about what could not be started."""


def free_port(preferred: int, taken: Sequence[int] = ()) -> int:
    """The preferred port of 127.0.0.1 when nobody uses it, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found = int(probe.getsockname()[1])
            if found not in taken:
                return found
    return free_port(0, taken)


@dataclass
class Program:
    """One process with its log file. `stop` is a polite SIGTERM, and a kill when that is not heard."""

    name: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Program:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*POLPO, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} was not started"
        return self.process.pid

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """At once, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(_STOP_BOUND)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_STOP_BOUND)
        except subprocess.TimeoutExpired:
            self.kill()

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""


def wait_for_server(program: Program, address: str) -> None:
    deadline = time.monotonic() + _START_BOUND
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < deadline:
            if not program.is_alive():
                raise DemoError(f"The server ended at its start:\n{program.last_lines()}")
            try:
                if client.get(f"{address}/api").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    raise DemoError(f"The server did not answer at {address} within {_START_BOUND:g} seconds:\n{program.last_lines()}")


def run_to_end(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """A short command of `polpo`; its output, or a DemoError with what it said."""
    done = subprocess.run(
        [*POLPO, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **(environment or {})},
        check=False,
    )
    if done.returncode:
        raise DemoError(f"polpo {' '.join(arguments[:2])} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
