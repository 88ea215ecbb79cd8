"""Several real servers on one PostgreSQL, each with a data folder of its own, and agents that all of them reach."""

from __future__ import annotations

import base64
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import story
from processes import Program, free_port, wait_for_server
from run import Demo

_KEY = base64.b64encode(b"k" * 32).decode()


class Nodes:
    """`times` are beat, dead and fence in seconds; without, the servers' own."""

    def __init__(self, folder: Path, database_url: str, times: tuple[float, float, float] | None = None) -> None:
        self.demo = Demo(folder, say=lambda _text: None, listen=0)
        self.folder = folder
        self.url = database_url
        self.times = times
        self.addresses: dict[str, str] = {}
        self.programs: dict[str, Program] = {}

    def start(self, name: str) -> Program:
        """Starts a node, or starts it again."""
        if name not in self.addresses:
            self.addresses[name] = f"http://127.0.0.1:{free_port(0)}"
        address = self.addresses[name]
        polling = free_port(0)
        arguments = ["server", "--listen", address.removeprefix("http://"), "--agent-listen", f"127.0.0.1:{polling}"]
        arguments += ["--data-dir", str(self.folder / name), "--node-name", name, "--database-url", self.url]
        arguments += ["--blob-url", str(self.folder / "blobs")]
        environment = {"POLPO_MASTER_KEY": _KEY, "POLPO_ADMIN_PASSWORD": self.demo.password}
        environment["POLPO_ADMIN_API_KEY"] = self.demo.api_key
        if self.times is not None:
            names = ("BEAT", "DEAD", "FENCE")
            environment |= {f"POLPO_NODE_{key}_SECONDS": str(one) for key, one in zip(names, self.times, strict=True)}
        program = Program(name, arguments, self.folder / "logs" / f"{name}.log", environment).start()
        self.programs[name] = program
        wait_for_server(program, address)
        self.demo.address, self.demo.polling = address, polling
        return program

    def agent(self, name: str) -> None:
        """A listening agent: whichever node runs a task calls it."""
        self.demo.start_agent("Development", name=name, mode="listening")

    def api(self, name: str) -> story.Api:
        api = story.Api(self.addresses[name], self.demo.api_key)
        self.demo.apis.append(api)
        return api

    def kill(self, name: str) -> None:
        self.programs[name].kill()

    def freeze(self, name: str) -> None:
        os.kill(self.programs[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.kill(self.programs[name].pid, signal.SIGCONT)

    def log(self, name: str) -> str:
        return self.programs[name].log.read_text(errors="replace")

    def stop(self) -> None:
        self.demo.stop()
        for program in self.programs.values():
            if program.is_alive():
                os.kill(program.pid, signal.SIGCONT)
            program.stop()


def until(condition: Callable[[], bool], what: str, bound: float = 60.0) -> float:
    """Waits; answers how many seconds it took."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > bound:
            raise AssertionError(f"{what} did not happen within {bound:g} seconds")
        time.sleep(0.05)
    return time.monotonic() - begun
