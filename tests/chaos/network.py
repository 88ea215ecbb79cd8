"""A server and two agents with a network in between that a test can cut."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from run import Demo
from scripts import COUNTING, lines_of, make_script_project, marks
from story import Api, deploy, follow, make_environments

from chaos.installation import until
from chaos.proxy import Cut, Proxy

NAMES = ("listens", "polls")


@dataclass
class Network:
    """A server, an agent that listens and one that polls, each behind a proxy."""

    demo: Demo
    folder: Path
    lines: int
    pause: float

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self._stack.callback(self.demo.stop)
        self.demo.start_server()
        self.api: Api = self.demo.connect()
        make_environments(self.api)
        self._stack.enter_context(polls := Proxy(self.demo.polling))
        real, self.demo.polling = self.demo.polling, polls.port
        self.demo.start_agent("Development", name="polls", mode="polling")
        self.demo.polling = real
        self.demo.start_agent("Development", name="listens", mode="listening")
        self._stack.enter_context(listens := Proxy(self.demo.ports["listens"]))
        self._go_through(listens.port)
        self.proxies = (polls, listens)
        self.folder.mkdir()
        body = COUNTING.format(marks=self.folder, lines=self.lines, pause=self.pause)
        make_script_project(self.api, "Counting", body)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _go_through(self, port: int) -> None:
        machine = next(one for one in self.api.get("/machines/all") if one["Name"] == "listens")
        machine["Endpoint"]["Uri"] = f"https://127.0.0.1:{port}/"
        self.api.put(f"/machines/{machine['Id']}", machine)

    def cut_in_mid_script(self, how: Cut, seconds: float) -> tuple[str, Any]:
        """Starts a deployment, cuts both ways when both scripts speak; the task's id and the task once it has ended."""
        for path in self.folder.iterdir():
            path.unlink()
        task_id = deploy(self.api, "1.0.0", "Development", "Counting")
        until(lambda: len(lines_of(self.api, task_id)) == len(NAMES), "output of both agents")
        for proxy in self.proxies:
            proxy.cut(how)
        time.sleep(seconds)
        for proxy in self.proxies:
            proxy.mend()
        return task_id, follow(self.api, task_id, bound=400)

    def faults(self, task_id: str, task: Any, told: Sequence[str] = NAMES) -> Iterator[str]:
        """None when all is as if nothing had happened, and the log tells of the cut for the agents `told`."""
        if not task["FinishedSuccessfully"]:
            yield f"the task ended {task['State']}: {task['ErrorMessage']}"
        for name, found in marks(self.folder).items():
            if found != ["begun", "ended"]:
                yield f"the script on {name} left the marks {found}"
        due = [f"line {number}" for number in range(1, self.lines + 1)]
        said = lines_of(self.api, task_id)
        yield from (f"{name} said {said.get(name)}" for name in NAMES if said.get(name) != due)
        texts = [line["Text"] for line in self.api.get(f"/tasks/{task_id}/log", after=0, take=10_000)["Lines"]]
        for name in told:
            said_of = [text for text in texts if text.startswith(f"{name}: ")]
            if not any("Trying again" in text or "No answer" in text for text in said_of):
                yield f"the log does not say that there was no contact to {name}"
            if not any("There is contact again" in text for text in said_of):
                yield f"the log does not say that there is contact to {name} again"
