"""What steps that work on the server ask of it. Features answer; the server puts both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from polpo.engine import LogNode, TaskRun
from polpo.steps.console import OutputValue

Priority = Literal["Low", "Normal", "High"]
DeploymentCondition = Literal["Always", "IfNotCurrentVersion", "IfNewer"]


class Letter(msgspec.Struct, kw_only=True):
    """An e-mail. `ticket` names it: a second letter of the same ticket is the same one, sent once more."""

    to: list[str]
    cc: list[str] = []
    bcc: list[str] = []
    subject: str
    body: str
    is_html: bool = False
    priority: Priority = "Normal"
    ticket: str

    @property
    def recipients(self) -> list[str]:
        return [*self.to, *self.cc, *self.bcc]


class Mailer(Protocol):
    async def members(self, team_ids: Sequence[str]) -> list[str]:
        """The addresses of the active members of teams; TaskError for a team that does not exist."""
        ...

    async def send(self, letter: Letter) -> dict[str, str]:
        """Hands the letter to the mail server; returns whom that refused, with its words.

        TaskError when it took the letter for nobody, or when there is none.
        """
        ...


class Subjects(msgspec.Struct):
    """The targets that a health check is about, names by ids: those of the plan, and those that came since."""

    planned: dict[str, str]
    new: dict[str, str]


class Finding(msgspec.Struct):
    """What a check found: the health status of the machine, and why in a sentence."""

    name: str
    status: str
    summary: str


@dataclass(frozen=True)
class Visit:
    """One check of one machine; `key` and `attempt` name it."""

    run: TaskRun
    node: LogNode
    key: str
    attempt: int
    machine_id: str
    connection_only: bool


class Checkups(Protocol):
    async def subjects(self, run: TaskRun, action_name: str) -> Subjects:
        """What a step that checks targets is about."""
        ...

    async def check(self, visit: Visit) -> Finding | None:
        """Checks a machine and keeps what was found; None when there is no such machine any more."""
        ...

    async def as_targets(self, machine_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Machines as a plan describes its targets."""
        ...


class ChildWish(msgspec.Struct, kw_only=True):
    """A deployment that a step of another one asks for. `origin` names the piece of work: it is made once.

    `secrets` are the names of variables whose values are not to be shown. With `machine_id` nothing runs on other
    targets.
    """

    parent_task_id: str
    origin: str
    step: str
    project: str
    version: str
    condition: DeploymentCondition = "Always"
    variables: dict[str, str] = {}
    secrets: list[str] = []
    machine_id: str | None = None


class Child(msgspec.Struct):
    """The task of the deployment that was made, or why none was."""

    task_id: str = ""
    deployment_id: str = ""
    title: str = ""
    skipped: str = ""


class ChildEnd(msgspec.Struct):
    """What a deployment left behind: outputs by action and target (empty: the server), and what went wrong."""

    outputs: list[tuple[str, str, dict[str, OutputValue]]] = []
    error: str = ""


class Releases(Protocol):
    async def deploy(self, wish: ChildWish) -> Child:
        """Queues the deployment once; TaskError says why it is refused."""
        ...

    async def end_of(self, task_id: str) -> ChildEnd: ...


@dataclass(frozen=True)
class Services:
    mailer: Mailer
    checkups: Checkups
    releases: Releases
