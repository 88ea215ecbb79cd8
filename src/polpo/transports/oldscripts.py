"""Scripts on agents that know only the first version of the script service (the original's before June 2023).

There the agent makes the ticket, so that a start that is repeated is a second script; and an agent that was restarted
says of every script that it ended well. So a note is left on the machine before a script is started, with the agent's
ticket once it is known; and a Bash script says when it begins and when it has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from polpo.halibut.clients import AgentClient
from polpo.halibut.contracts import (
    CancelScriptCommand,
    CompleteScriptCommand,
    ProcessOutput,
    ProcessOutputSource,
    ProcessState,
    ScriptFile,
    ScriptStatusRequest,
    ScriptStatusResponse,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommand,
    StartScriptCommandV2,
)
from polpo.halibut.errors import CannotConnect, ProtocolBroken, RequestNotSent, RequestTimedOut
from polpo.halibut.runtime import Endpoint
from polpo.halibut.streams import DataStream
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.transports.remembering import Remembered

_SERVICE = "IScriptService"
_NOTES = "Files/polpo-scripts"
_SCRIPT = "polpo-script.sh"
_BEGINS, _ENDS = "##polpo[script-begins]", "##polpo[script-ends]"
_WRAPPED = f"""echo '{_BEGINS}'
/bin/bash ./{_SCRIPT} "$@"
polpo_code=$?
echo '{_ENDS}'
exit $polpo_code
"""


class OldAgents(Remembered[Endpoint, bool]):
    """Which agents turned out to be old."""

    def has(self, endpoint: Endpoint) -> bool:
        return self.of(endpoint) is not None


class OldScripts:
    """What an AgentClient offers for scripts, with the tickets that the caller chose."""

    def __init__(self, client: AgentClient) -> None:
        self._client = client
        self._tickets: dict[str, str] = {}
        self._unsent: set[str] = set()
        self._begun: set[str] = set()
        self._ended: set[str] = set()

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        """Starts it unless that may have happened before: then its status, or that the ticket is unknown."""
        ticket = command.script_ticket
        if ticket.task_id in self._unsent or await self._agents_ticket(ticket) is None:
            await self._note(ticket, "")
            self._tickets[ticket.task_id] = await self._start(command)
            await self._note(ticket, self._tickets[ticket.task_id])
        return await self.status(ticket, 0)

    async def status(self, ticket: ScriptTicket, after: int) -> ScriptStatusResponseV2:
        return await self._ask("GetStatus", ScriptStatusRequest, ticket, after)

    async def cancel(self, ticket: ScriptTicket, after: int) -> ScriptStatusResponseV2:
        return await self._ask("CancelScript", CancelScriptCommand, ticket, after)

    async def complete(self, ticket: ScriptTicket) -> None:
        if known := await self._agents_ticket(ticket):
            await self._client.call(_SERVICE, "CompleteScript", CompleteScriptCommand(ScriptTicket(known)))

    async def _start(self, command: StartScriptCommandV2) -> str:
        ticket = command.script_ticket.task_id
        try:
            answer = await self._client.call(_SERVICE, "StartScript", _first_version(command))
        except (CannotConnect, RequestNotSent, RequestTimedOut):
            self._unsent.add(ticket)  # so the note says too much
            raise
        self._unsent.discard(ticket)
        if not isinstance(answer, ScriptTicket):
            raise ProtocolBroken("The agent did not answer the start of a script with its ticket.")
        return answer.task_id

    async def _ask(
        self, method: str, command: Callable[[ScriptTicket, int], object], ticket: ScriptTicket, after: int
    ) -> ScriptStatusResponseV2:
        known = await self._agents_ticket(ticket)
        if not known:
            return ScriptStatusResponseV2(ticket, ProcessState.COMPLETE, ExitCode.UNKNOWN_TICKET, (), after)
        answer = await self._client.call(_SERVICE, method, command(ScriptTicket(known), after))
        if not isinstance(answer, ScriptStatusResponse):
            raise ProtocolBroken("The agent did not answer with the status of a script.")
        logs = tuple(self._heard(ticket.task_id, line) for line in answer.logs)
        return ScriptStatusResponseV2(
            ticket, answer.state, self._exit_code(ticket, answer), logs, answer.next_log_sequence
        )

    def _heard(self, ticket: str, line: ProcessOutput) -> ProcessOutput:
        """The lines of the wrapper are kept, since lines are counted, as what the agent says of itself."""
        if line.text not in (_BEGINS, _ENDS):
            return line
        (self._begun if line.text == _BEGINS else self._ended).add(ticket)
        said = "The script begins." if line.text == _BEGINS else "The script has ended."
        return replace(line, source=ProcessOutputSource.DEBUG, text=said)

    def _exit_code(self, ticket: ScriptTicket, answer: ScriptStatusResponse) -> int:
        """Of a script that began, did not end and is said to have ended well, the agent knows nothing any more."""
        is_lost = ticket.task_id in self._begun - self._ended
        if answer.state is ProcessState.COMPLETE and answer.exit_code == 0 and is_lost:
            return int(ExitCode.LOST)
        return answer.exit_code

    # -- notes on the machine

    async def _agents_ticket(self, ticket: ScriptTicket) -> str | None:
        """None when the script was never started; empty when it may have been, but nobody knows its ticket."""
        if ticket.task_id not in self._tickets:
            stream = await self._client.download(f"{_NOTES}/{ticket.task_id}")
            if stream is None:
                return None
            try:
                self._tickets[ticket.task_id] = (await stream.read()).decode("utf-8", "replace").strip()
            finally:
                stream.discard()
        return self._tickets[ticket.task_id]

    async def _note(self, ticket: ScriptTicket, text: str) -> None:
        await self._client.upload(f"{_NOTES}/{ticket.task_id}", DataStream.of_bytes(text.encode()))


def _first_version(command: StartScriptCommandV2) -> StartScriptCommand:
    scripts, files = dict(command.scripts or {}), command.files
    body = scripts.get("Bash", command.script_body)
    scripts["Bash"] = _WRAPPED
    return StartScriptCommand(
        command.script_body,
        command.task_id,
        command.isolation,
        command.script_isolation_mutex_timeout,
        command.isolation_mutex_name,
        scripts,
        (*files, ScriptFile(_SCRIPT, DataStream.of_bytes(body.replace("\r\n", "\n").encode()))),
        command.arguments,
    )
