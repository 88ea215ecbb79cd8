"""What a step kind is, and what one piece of its work gets in its hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from polpo.engine import LogNode, TaskRun
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.steps.console import Artifact, OutputValue
from polpo.transports.transport import Transport

#: `either` is where a step chooses; what is a worker's is never done by the target itself.
Place = Literal["target", "server", "either", "worker"]


class PackageFile(msgspec.Struct, kw_only=True):
    """A package of one action at the version that was chosen. `reference` is empty for the primary one.

    `blob_key` is where the server keeps it; `sha1` and `sha256` (lower-case hex) and `size` (bytes) are checked
    wherever it arrives. `extension` begins with a dot. `properties` are the reference's own, such as `Extract`;
    `acquisition` says who is to fetch it: `Server`, `ExecutionTarget`, or `NotAcquired` for nobody.
    """

    reference: str
    package_id: str
    version: str
    feed_id: str
    extension: str = ""
    sha1: str = ""
    sha256: str = ""
    size: int = 0
    blob_key: str = ""
    properties: dict[str, str] = {}
    acquisition: str = "Server"

    @property
    def is_sent(self) -> bool:
        """Whether it is to lie where the step runs."""
        return self.acquisition != "NotAcquired"


class GitSource(msgspec.Struct, kw_only=True):
    """A repository that a step takes files from; the one with an empty name holds its script.

    It has an address, with a credential of the space or none, or is the project's own. Without a `commit`, that counts
    which `ref` is at when it is first asked for. `filters` are globs; without any, all files are meant.
    """

    name: str
    space_id: str
    url: str = ""
    ref: str = ""
    commit: str = ""
    credential_id: str = ""
    project_id: str = ""
    filters: list[str] = []

    def told(self, commit: str) -> str:
        where = self.url or "the project's repository"
        return f"{where}, {self.ref + ', ' if self.ref else ''}commit {commit[:10]}"


class Sources(Protocol):
    """How the server reads repositories."""

    async def commit_of(self, source: GitSource) -> str: ...

    async def archive(self, source: GitSource, commit: str) -> DataStream:
        """The files of a commit as a zip archive, to be discarded by the caller."""
        ...


class Depot(Protocol):
    """Where the server keeps packages."""

    async def open(self, package: PackageFile) -> DataStream:
        """The package as a stream; TaskError when it is gone or is not what the release chose."""
        ...

    async def difference(self, package: PackageFile, signature: bytes) -> DataStream:
        """What the package has that the file of the signature has not, as a delta; InvalidDelta for no signature."""
        ...

    async def difference_from(self, package: PackageFile, version: str, digest: str) -> DataStream | None:
        """What the package has that another version of it has not; None when the server does not have that one.

        `digest` is the beginning of that file's SHA-256 in lower-case hex.
        """
        ...


class Shelf(Protocol):
    """Where the server keeps what scripts leave behind."""

    async def put(self, task_id: str, key: str, left: Artifact, source: str, content: DataStream) -> str:
        """Keeps a file of a task and returns its id; the same key again replaces the content."""
        ...


class People(Protocol):
    """How a step puts a question to people."""

    async def put_intervention(self, key: str, title: str, instructions: str, teams: Sequence[str]) -> str:
        """Makes the question's document, once for each key, and returns its id."""
        ...


@dataclass(frozen=True)
class Order:
    """What a script asks the server for by a message. `is_repeat`: it was begun before, and may be done already.

    `by` is the task on whose behalf it is done, `asked_by` the user who asked for that; the ids say where it runs, and
    no tenant has an empty one.
    """

    message: str
    attributes: Mapping[str, str]
    by: str
    space_id: str
    project_id: str
    environment_id: str
    tenant_id: str
    asked_by: str = ""
    is_repeat: bool = False

    def get(self, *names: str) -> str:
        """The first attribute of these, written in lower case, that has a value."""
        return next((self.attributes[name] for name in names if self.attributes.get(name)), "")

    def says(self, name: str) -> bool:
        return self.attributes.get(name, "").strip().casefold() == "true"


class Carried(msgspec.Struct):
    """What became of an order, in a sentence. `joined` and `dropped` are targets, as in a step's result."""

    sentence: str
    joined: list[dict[str, Any]] = []
    dropped: dict[str, str] = {}


class Clerk(Protocol):
    """Whoever carries out what scripts ask the server for."""

    def knows(self, message: str) -> bool: ...

    async def carry_out(self, order: Order) -> Carried:
        """Does it and tells what was done; AppError when it is refused. A repeat does no harm."""
        ...


class StepResult(msgspec.Struct):
    """What a finished piece of work leaves behind.

    `dropped` are targets, by id, that take no further part, each with the reason as a sentence; `joined` are targets
    that take part from now on, as a plan describes them: addresses with `roles` and `health_status`.
    """

    outputs: dict[str, OutputValue] = {}
    artifacts: list[Artifact] = []
    has_warnings: bool = False
    dropped: dict[str, str] = {}
    joined: list[dict[str, Any]] = []


class Declined(TaskError):
    """A person said no. That is an answer: nobody is asked once more what to do about it."""


def _never() -> bool:
    return False


@dataclass
class Work:
    """One action on one place: `key` names it in the journal, `attempt` tells a retry from a replay.

    `values` are all variables for this place, not evaluated; `secrets` names the sensitive ones among them.
    `is_alone`: no other script may run on the machine meanwhile. `is_raw`: scripts are sent as they are, without the
    runner. When the work is cancelled while `time_is_up`, what it has begun outside is to be ended, and not left for a
    later run to find.
    """

    run: TaskRun
    node: LogNode
    key: str
    action_name: str
    properties: Mapping[str, str]
    values: Mapping[str, str]
    secrets: frozenset[str]
    place_name: str
    transport: Transport | None
    depot: Depot
    people: People
    packages: Sequence[PackageFile] = ()
    attempt: int = 1
    runner_path: str = ""
    is_alone: bool = True
    is_raw: bool = False
    time_is_up: Callable[[], bool] = _never
    shelf: Shelf | None = None
    clerk: Clerk | None = None
    sources: Sequence[GitSource] = ()
    repositories: Sources | None = None

    @property
    def primary_package(self) -> PackageFile | None:
        return next((package for package in self.packages if not package.reference), None)


Perform = Callable[[Work], Awaitable[StepResult]]
Faults = Callable[[Mapping[str, str]], Iterable[str]]


async def not_served(work: Work) -> StepResult:
    """How kinds are performed that the server has to equip first: not at all."""
    raise TaskError(f"This server has nothing to perform the step '{work.action_name}' with.")


def _no_faults(_properties: Mapping[str, str]) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class StepKind:
    """A kind of step. `needs_runner`: it works on a machine by the runner, which is sent there first.

    `can_retry`: a failure may be tried again, and an attempt may be given a time. Not what waits for people or tells
    them something. `checks_targets`: it is done once on the server, but is about targets. `faults` says what a step
    lacks that it cannot be saved without: ends of sentences about it.
    """

    type: str
    name: str
    description: str
    place: Place
    perform: Perform
    category: str = "Other"
    needs_runner: bool = False
    can_retry: bool = True
    checks_targets: bool = False
    faults: Faults = _no_faults


class Catalogue:
    """The kinds of steps that this server can run, by their type's name without case."""

    def __init__(self, kinds: Sequence[StepKind]) -> None:
        self._kinds = {kind.type.casefold(): kind for kind in kinds}

    def find(self, type_name: str) -> StepKind | None:
        return self._kinds.get(type_name.casefold())

    def __iter__(self) -> Any:
        return iter(self._kinds.values())
