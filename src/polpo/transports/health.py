"""Finding out whether a machine can be deployed to, and what it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from polpo.halibut.contracts import ProcessOutput, ProcessOutputSource, ScriptTicket, StartScriptCommandV2
from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import TaskError
from polpo.transports.following import run_script
from polpo.transports.transport import MachineUnreachable, Transport, describe_exit_code

Status = Literal["Healthy", "HasWarnings", "Unhealthy", "Unavailable"]
Category = Literal["Verbose", "Info", "Warning", "Error"]

_SWITCH = re.compile(r"##octopus\[(?:stdout|stderr)-([a-z]+)\]")
_CATEGORIES: dict[str, Category] = {"verbose": "Verbose", "warning": "Warning", "error": "Error"}
_FACT = re.compile(r"##polpo\[fact ([a-z_]+)\](.*)")
_LEAST_FREE_MEGABYTES = 1024

#: Tells what the machine is in lines that are not shown, and then warns of what will hinder deployments.
_SURVEY = f"""
fact() {{ printf '##polpo[fact %s]%s\\n' "$1" "$2"; }}
warning() {{ printf '##octopus[stdout-warning]\\n%s\\n##octopus[stdout-default]\\n' "$1"; }}
name=$(uname -s); version=$(uname -r)
if [ -r /etc/os-release ]; then
  name=$(. /etc/os-release; printf '%s' "${{PRETTY_NAME:-$NAME}}")
  version=$(. /etc/os-release; printf '%s' "$VERSION_ID")
fi
fact operating_system "$name"
fact operating_system_version "$version"
fact architecture "$(uname -m)"
fact shell_name Bash
fact shell_version "$BASH_VERSION"
fact agent_version "$TentacleVersion"
free=$(df -Pk "${{TentacleHome:-.}}" 2>/dev/null | awk 'NR == 2 {{ print int($4 / 1024) }}')
if [ -n "$free" ]; then
  echo "$free MB are free on the disk of ${{TentacleHome:-$PWD}}."
  if [ "$free" -lt {_LEAST_FREE_MEGABYTES} ]; then
    warning "Less than {_LEAST_FREE_MEGABYTES} MB are free on the disk of ${{TentacleHome:-$PWD}}; make room."
  fi
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
  warning "There is no Python 3.8 or newer (python3) on this machine; packages cannot be deployed to it."
fi
"""


@dataclass(frozen=True)
class HealthLine:
    category: Category
    occurred_at: datetime
    text: str


@dataclass(frozen=True)
class Health:
    """`facts` are what the machine told of itself, by the names of a target's properties: `operating_system`…"""

    status: Status
    summary: str
    lines: tuple[HealthLine, ...] = ()
    agent_version: str | None = None
    facts: dict[str, str] = field(default_factory=dict)


class _Listener:
    """Takes the check's output: facts are kept, the rest gets a category by the switches among the lines."""

    def __init__(self) -> None:
        self.lines: list[HealthLine] = []
        self.facts: dict[str, str] = {}
        self._category: Category = "Info"

    async def receive(self, lines: Sequence[ProcessOutput], _: int) -> None:
        for line in lines:
            self._take(line)

    def _take(self, line: ProcessOutput) -> None:
        if switch := _SWITCH.fullmatch(line.text):
            self._category = _CATEGORIES.get(switch[1], "Info")
        elif fact := _FACT.fullmatch(line.text):
            self.facts[fact[1]] = fact[2]
        else:
            by_source: dict[ProcessOutputSource, Category] = {
                ProcessOutputSource.STDERR: "Error",
                ProcessOutputSource.DEBUG: "Verbose",
            }
            category = by_source.get(line.source, self._category)
            self.lines.append(HealthLine(category, line.occurred, line.text))

    def has(self, category: Category) -> bool:
        return any(line.category == category for line in self.lines)


async def check(
    transport: Transport,
    *,
    ticket: str,
    task_id: str,
    script: str | None = None,
    connect_only: bool = False,
    seconds: float = 300.0,
    clock: Clock | None = None,
) -> Health:
    """Looks at the machine, and runs the policy's own `script` on it. A machine in trouble is an answer, no error.

    `connect_only` stops once the machine has answered. The check of a script that hangs ends after `seconds`.
    """
    clock = clock or SystemClock()
    begun = clock.now()
    try:
        async with asyncio.timeout(seconds):
            await transport.capabilities()
            if connect_only:
                line = HealthLine("Info", clock.now(), f"{transport.name} answers.")
                return Health("Healthy", "The machine answers.", (line,))
            return await _survey(transport, ticket, task_id, script)
    except MachineUnreachable as error:
        return Health("Unavailable", error.message, (HealthLine("Error", begun, error.message),))
    except TaskError as error:
        return Health("Unhealthy", error.message, (HealthLine("Error", begun, error.message),))
    except TimeoutError:
        text = f"The check of {transport.name} took longer than {seconds:.0f} s and was given up."
        await _give_up(transport, ticket)
        return Health("Unhealthy", text, (HealthLine("Error", clock.now(), text),))


async def _survey(transport: Transport, ticket: str, task_id: str, script: str | None) -> Health:
    listener = _Listener()
    command = StartScriptCommandV2(ScriptTicket(ticket), f"{_SURVEY}\n{script or ''}\n", task_id)
    outcome = await run_script(transport, command, listener.receive)
    await transport.complete(command.script_ticket)
    agent_version = listener.facts.pop("agent_version", None) or None
    status, summary = _judge(outcome.exit_code, listener)
    return Health(status, summary, tuple(listener.lines), agent_version, listener.facts)


def _judge(exit_code: int, listener: _Listener) -> tuple[Status, str]:
    if exit_code != 0:
        return "Unhealthy", f"The health check failed. {describe_exit_code(exit_code)}"
    if listener.has("Error"):
        return "Unhealthy", "The health check reported errors."
    if listener.has("Warning"):
        return "HasWarnings", "The health check reported warnings."
    return "Healthy", "The machine is healthy."


async def _give_up(transport: Transport, ticket: str) -> None:
    """Best effort: the machine that hung may hang again."""
    try:
        async with asyncio.timeout(10):
            await transport.cancel(ScriptTicket(ticket), 0)
    except (TaskError, TimeoutError):
        return
