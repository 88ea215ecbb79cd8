"""A machine with an agent, ours or the original's, that listens or polls."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from polpo.halibut.clients import OWN_SERVICE, AgentClient
from polpo.halibut.contracts import ScriptStatusResponseV2, ScriptTicket, StartScriptCommandV2, UploadResult
from polpo.halibut.errors import (
    CannotConnect,
    NotTrusted,
    ProtocolBroken,
    RemoteError,
    RequestTimedOut,
    ServiceNotFound,
)
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream
from polpo.kernel.clock import iso
from polpo.kernel.errors import TaskError, WireError
from polpo.transports.oldscripts import OldAgents, OldScripts
from polpo.transports.remembering import Remembered
from polpo.transports.retries import Retries, RetryPolicy
from polpo.transports.transport import Layer, MachineUnreachable, known, verified

T = TypeVar("T")

#: What agents have said that they can do, by place and thumbprint.
Abilities = Remembered[tuple[str, str], tuple[str, ...]]

_COMPLETE_SECONDS = 60.0
# An agent answers what concerns a script at once, whatever the script does. So one that says nothing for this long has
# lost the connection; were the wait longer, it would use up the time in which the call could be repeated.
_ANSWER_SECONDS = 30.0
# A file is written and hashed between its last byte and the answer.
_FILE_SECONDS, _FILE_BYTES_A_SECOND = 60.0, 20_000_000


class AgentTransport:
    """Calls that can be repeated safely are repeated as the policy says; `notify` hears of it.

    `known` is shared with later transports.
    """

    def __init__(
        self,
        runtime: HalibutRuntime,
        endpoint: Endpoint,
        *,
        name: str,
        policy: RetryPolicy | None = None,
        notify: Callable[[str], None] | None = None,
        node: str = "",
        known: Abilities | None = None,
        old_agents: OldAgents | None = None,
    ) -> None:
        self.name = name
        self._node = node
        self._runtime = runtime
        self._endpoint = endpoint
        self._known = Abilities() if known is None else known
        self._policy = policy or RetryPolicy()
        self._client = self._client_that_waits(_ANSWER_SECONDS)
        self._old_agents = old_agents or OldAgents()
        self._old = OldScripts(self._client)
        self._retries = Retries(self._policy, notify=notify and (lambda text: notify(f"{self.name}: {text}")))

    def _client_that_waits(self, seconds: float) -> AgentClient:
        """A client that takes a connection for lost when an answer takes longer."""
        bounds, policy = self._runtime.timings, self._policy
        wait = min(seconds, bounds.response)
        timings = replace(bounds, connect=policy.connect, collect=policy.collect, response=wait)
        return AgentClient(self._runtime, self._endpoint, timings)

    @property
    def address(self) -> str:
        """Where the machine is, as messages show it."""
        if self._endpoint.is_polling:
            return self._endpoint.uri
        host, port = self._endpoint.address
        return f"{host}:{port}"

    @property
    def holds_answers(self) -> bool:
        """Not where there is only one connection: an answer that is held back would hold everything else."""
        return not self._endpoint.is_polling and OWN_SERVICE in (self._known.of(self._identity) or ())

    async def capabilities(self) -> tuple[str, ...]:
        found = await self._call(self._client.capabilities)
        self._known.note(self._identity, found)
        return found

    @property
    def _identity(self) -> tuple[str, str]:
        return self._endpoint.uri, self._endpoint.thumbprint

    async def find_packages(self, question: str, size: int) -> str | None:
        return await self._own(lambda: self._client_that_reads(size).find_packages(question), is_long=True)

    async def apply_delta(self, order: str, delta: DataStream, size: int) -> str | None:
        return await self._own(lambda: self._client_that_reads(size).apply_delta(order, delta), is_long=True)

    async def _own(self, call: Callable[[], Awaitable[T]], *, is_long: bool = False) -> T | None:
        """What only our own agents are asked for; None of another one.

        It may have been exchanged since it said what it can do, with its certificate: by an older one, or by the
        original's.
        """
        abilities = self._known.of(self._identity) or await self.capabilities()
        if OWN_SERVICE not in abilities:
            return None
        try:
            answer = await self._retries.repeat(call, is_long=is_long)
        except ServiceNotFound:
            self._known.note(self._identity, tuple(one for one in abilities if one != OWN_SERVICE))
            return None
        except WireError as error:
            raise self._told(error) from error
        self._known.note(self._identity, abilities)
        return answer

    def _client_that_reads(self, size: int) -> AgentClient:
        return self._client_that_waits(_FILE_SECONDS + size / _FILE_BYTES_A_SECOND)

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        return known(await self._script(lambda scripts: scripts.start(command)), self.name)

    async def status(
        self, ticket: ScriptTicket, last_log_sequence: int, *, wait: float = 0.0
    ) -> ScriptStatusResponseV2:
        answer: ScriptStatusResponseV2 | None = None
        if wait and self.holds_answers:
            answer = await self._own(lambda: self._client.wait(ticket, last_log_sequence, wait))
        if answer is None:
            answer = await self._script(lambda scripts: scripts.status(ticket, last_log_sequence))
        return known(answer, self.name)

    async def cancel(self, ticket: ScriptTicket, last_log_sequence: int) -> ScriptStatusResponseV2:
        return known(await self._script(lambda scripts: scripts.cancel(ticket, last_log_sequence)), self.name)

    async def complete(self, ticket: ScriptTicket) -> None:
        """Not repeated, and bounded: what it does not delete, the agent's own cleaning will."""
        try:
            async with asyncio.timeout(_COMPLETE_SECONDS):
                await self._complete(ticket)
        except TimeoutError as error:
            raise self._unreachable("answer", f"It did not answer within {_COMPLETE_SECONDS:.0f} s.") from error
        except WireError as error:
            raise self._told(error) from error

    async def _complete(self, ticket: ScriptTicket) -> None:
        try:
            await self._scripts().complete(ticket)
        except ServiceNotFound:
            if self._old_agents.has(self._endpoint):
                raise
            self._old_agents.note(self._endpoint, True)
            await self._old.complete(ticket)

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        digest = source.sha1 or await asyncio.to_thread(_sha1, source)
        client = self._client_that_reads(source.length)
        result = await self._call(lambda: client.upload(remote_path, source), is_long=True)
        return verified(result, digest, source.length, self.name)

    async def download(self, remote_path: str) -> DataStream | None:
        client = self._client_that_waits(_FILE_SECONDS)
        return await self._call(lambda: client.download(remote_path), is_long=True)

    # -- the version of the script service

    def _scripts(self) -> AgentClient | OldScripts:
        return self._old if self._old_agents.has(self._endpoint) else self._client

    async def _script(
        self, call: Callable[[AgentClient | OldScripts], Awaitable[ScriptStatusResponseV2]]
    ) -> ScriptStatusResponseV2:
        """By the second version; by the first, once an agent has said that it does not have that.

        Agents of the last years are asked nothing beforehand.
        """
        try:
            return await self._retries.repeat(lambda: call(self._scripts()))
        except ServiceNotFound as error:
            if self._old_agents.has(self._endpoint):
                raise self._told(error) from error
            self._old_agents.note(self._endpoint, True)
        except WireError as error:
            raise self._told(error) from error
        return await self._call(lambda: call(self._old))

    # -- failures

    async def _call(self, call: Callable[[], Awaitable[T]], *, is_long: bool = False) -> T:
        try:
            return await self._retries.repeat(call, is_long=is_long)
        except WireError as error:
            raise self._told(error) from error

    def _told(self, error: WireError) -> TaskError:
        if isinstance(error, ServiceNotFound):
            return MachineUnreachable(
                f"The agent of {self.name} ({self.address}) cannot do what is asked of it: {error.message} "
                "It may be too old; update it.",
                "service",
            )
        if isinstance(error, RemoteError):
            return TaskError(f"The agent of {self.name} ({self.address}) refused: {error.message}")
        layer, advice = self._layer_of(error)
        reason = error.message.removeprefix(f"{self.address} cannot be reached: ")  # it is said once, with the name
        return self._unreachable(layer, f"{reason} {advice}".strip())

    def _layer_of(self, error: WireError) -> tuple[Layer, str]:
        if isinstance(error, CannotConnect):
            return error.layer, _ADVICE.get(error.layer, "")
        if isinstance(error, NotTrusted):
            return "trust", "On the machine, 'polpo agent show-configuration' lists the thumbprints it trusts."
        if isinstance(error, RequestTimedOut):
            return "collect", _absence(self._runtime.last_contact(self._endpoint), self._node)
        return ("protocol" if isinstance(error, ProtocolBroken) else "answer"), ""

    def _unreachable(self, layer: Layer, reason: str) -> MachineUnreachable:
        return MachineUnreachable(f"{self.name} ({self.address}) cannot be reached: {reason}", layer)


_ADVICE: dict[str, str] = {
    "resolve": "Check the target's address and the server's name service.",
    "proxy": "Look at the proxy that is set for the target, among the proxies of its space.",
    "connect": "Check that the machine is up, that its agent runs, and that no firewall is in between.",
    "tls": "Check that it is the agent that listens there, and that nothing in between takes TLS apart.",
    "certificate": (
        "If the agent got a new certificate, enter its thumbprint in the target's settings; "
        "if not, somebody else answers at this address."
    ),
}


def _absence(last: datetime | None, node: str) -> str:
    """`node` is empty where it is the only one."""
    if last is not None:
        return f"The agent last called in{f' at the node {node}' if node else ''} at {iso(last)}."
    if not node:
        return "The agent has not called in since the server started."
    return (
        f"The agent has not called in at the node {node} since that started, though it may at another one: an agent"
        " that polls must poll every node. Register it once more, with --force, for the --server-comms of each."
    )


def _sha1(source: DataStream) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    for chunk in source.chunks():
        digest.update(chunk)
    return digest.hexdigest()
