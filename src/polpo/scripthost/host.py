"""Runs scripts so that neither the end of this program nor a repeated call harms them."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import structlog

from polpo.halibut.contracts import (
    ProcessOutput,
    ProcessState,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommandV2,
)
from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import Unavailable
from polpo.scripthost.launching import Launched, launch
from polpo.scripthost.output import OutputReader, Piece
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.scripthost.supervision.processes import WORKSPACE_VARIABLE
from polpo.scripthost.workspace import Workspace, workspaces

log = structlog.get_logger("polpo.scripthost")

_MEGABYTE = 1024 * 1024
_LOOK_EVERY, _LOOK_AT_MOST_EVERY = 0.01, 0.2


@dataclass(frozen=True)
class Limits:
    """`answer_*` bound one status answer; times are in seconds."""

    answer_lines: int = 5_000
    answer_bytes: int = 2 * _MEGABYTE
    longest_wait: float = 60.0
    cancel_grace: float = 10.0
    keep_workspaces: float = 24 * 3600.0
    clean_every: float = 2 * 3600.0
    least_free_bytes: int = 50 * _MEGABYTE


class _Script:
    """What this process knows of a script beyond its folder: only conveniences that can be had anew."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.lock = asyncio.Lock()
        self.reader = OutputReader(workspace.output)
        self.launched: Launched | None = None
        self.gathers = _LOOK_EVERY
        self.is_behind = False  # there were more lines than the last answer could hold

    @property
    def is_surely_supervised(self) -> bool:
        return self.launched is not None and not self.launched.ended.is_set()


class ScriptHost:
    """Runs scripts under `home`: workspaces in `Work`, isolation locks in `Locks`.

    Each script has a supervisor process that outlives this one; a new host on the same home attaches to what still
    runs. Two hosts on one home are safe for the scripts, as locks and states are on disk. `environment` is what the
    scripts see; see `environment` for how to make it. Use as an async context, or call `open` and `close`.
    """

    def __init__(
        self,
        home: Path,
        *,
        environment: Mapping[str, str],
        limits: Limits | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.home = home.absolute()
        self.limits = limits or Limits()
        self._environment = dict(environment)
        self._clock = clock or SystemClock()
        self._work = self.home / "Work"
        self._locks = self.home / "Locks"
        self._scripts: weakref.WeakValueDictionary[str, _Script] = weakref.WeakValueDictionary()
        self._kept: dict[str, _Script] = {}
        self._cleaner: asyncio.Task[None] | None = None

    # -- life

    async def open(self) -> None:
        """Makes the folders, and cleans them now and then from here on."""
        for folder in (self._work, self._locks):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self.clean()
        self._cleaner = asyncio.create_task(self._clean_for_ever(), name="workspace-cleaner")

    async def close(self) -> None:
        """Lets go of the scripts; they run on."""
        if self._cleaner is not None:
            self._cleaner.cancel()
            await asyncio.gather(self._cleaner, return_exceptions=True)
        for script in self._kept.values():
            if script.launched is not None:
                script.launched.release()
        self._kept.clear()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def end_all(self) -> int:
        """Tells every script to end, without waiting, for a program that must not leave any; returns how many."""
        return sum(workspace.ask_to_end() for workspace in workspaces(self._work)) if self._work.is_dir() else 0

    # -- the four verbs

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        """Starts the script unless its ticket was started before; answers with its status from the beginning.

        Waits for the script's end as long as the command asks, within bounds. Invalid for a ticket or file name that
        could leave the workspace; Unavailable when the disk is full or no process can be started.
        """
        script = self._script(command.script_ticket.task_id)
        async with script.lock:
            await self._start_once(script, command)
        wait = command.duration_to_wait_for_script_to_finish or timedelta()
        if wait > timedelta():
            await self._wait_for_end(script, wait.total_seconds())
        return await self._status(script, command.script_ticket, 0)

    async def status(self, ticket: ScriptTicket, last_log_sequence: int, wait: float = 0.0) -> ScriptStatusResponseV2:
        """The lines after `last_log_sequence`, as many as one answer may hold, and the state.

        While lines are left over the state is Running, so that whoever asks until Complete gets every line. With
        `wait`, the answer comes when there is something new, after `wait` seconds at the latest. Of a script that says
        much, lines are gathered for a moment then, unless it ends.
        """
        script = self._script(ticket.task_id)
        if wait > 0:
            await self._gather(script, wait)
        answer = await self._status(script, ticket, last_log_sequence)
        deadline = self._clock.monotonic() + min(wait, self.limits.longest_wait)
        pause = _LOOK_EVERY
        while not answer.logs and answer.state is not ProcessState.COMPLETE and self._clock.monotonic() < deadline:
            await self._pause(script, pause)
            pause = min(pause * 1.3, _LOOK_AT_MOST_EVERY)
            answer = await self._status(script, ticket, last_log_sequence)
        if pause == _LOOK_AT_MOST_EVERY:
            script.gathers = _LOOK_EVERY  # it was silent: what it says next is passed on soon
        return answer

    async def _gather(self, script: _Script, wait: float) -> None:
        """Whoever asks again and again gets fewer and longer answers, the last one as soon as the script has ended."""
        has_ended = script.launched is not None and script.launched.ended.is_set()
        if not script.is_behind and not has_ended:
            await self._pause(script, min(script.gathers, wait))
            script.gathers = min(script.gathers * 1.4, _LOOK_AT_MOST_EVERY)

    async def cancel(self, ticket: ScriptTicket, last_log_sequence: int) -> ScriptStatusResponseV2:
        """Tells the script and all it started to end, and answers at once; ask for the status until it is Complete."""
        script = self._script(ticket.task_id)
        async with script.lock:
            await asyncio.to_thread(script.workspace.ask_to_end)
        return await self._status(script, ticket, last_log_sequence)

    async def complete(self, ticket: ScriptTicket) -> None:
        """Forgets the script and deletes its workspace; one that still runs is cancelled first. No error if unknown."""
        script = self._script(ticket.task_id)
        async with script.lock:
            if await asyncio.to_thread(script.workspace.ask_to_end):
                await self._wait_for_end(script, self.limits.cancel_grace * 2)
            await asyncio.to_thread(script.workspace.delete)
        self._forget(script)

    # -- how

    def _script(self, ticket: str) -> _Script:
        workspace = Workspace(self._work, ticket)
        key = workspace.ticket.lower()
        script = self._scripts.get(key)
        if script is None:
            script = self._scripts[key] = _Script(workspace)
        return script

    async def _start_once(self, script: _Script, command: StartScriptCommandV2) -> None:
        workspace = script.workspace
        if not await asyncio.to_thread(lambda: workspace.is_prepared):
            await asyncio.to_thread(self._prepare, workspace, command)
        if workspace.state() is not None:
            return
        environment = {**self._environment, WORKSPACE_VARIABLE: str(workspace.folder)}
        script.launched = await launch(workspace.control, environment)
        try:
            ready = await script.launched.ready()
        except TimeoutError as error:
            raise Unavailable("The machine is too busy: the script's supervisor did not start in time.") from error
        if not ready and workspace.state() is None:
            said = (workspace.control / "supervisor.err").read_text(errors="replace").strip()
            reason = said.rpartition("\n")[2] or "it gave no reason"
            raise Unavailable(f"The script's supervisor could not start: {reason}.")

    def _prepare(self, workspace: Workspace, command: StartScriptCommandV2) -> None:
        try:
            free = shutil.disk_usage(self._work).free
            if free < self.limits.least_free_bytes:
                needed = self.limits.least_free_bytes // _MEGABYTE
                raise Unavailable(
                    f"The disk of {self._work} has only {free // _MEGABYTE} MB free; a script needs {needed} MB. "
                    "Free some space and try again."
                )
            workspace.prepare(command, self._locks, self.limits.cancel_grace)
        except OSError as error:
            raise Unavailable(f"The script's folder {workspace.folder} could not be prepared: {error}.") from error

    async def _status(self, script: _Script, ticket: ScriptTicket, after: int) -> ScriptStatusResponseV2:
        async with script.lock:
            state, piece = await asyncio.to_thread(self._look, script, after)
        if state is None:
            return ScriptStatusResponseV2(ticket, ProcessState.COMPLETE, int(ExitCode.UNKNOWN_TICKET))
        self._kept[script.workspace.ticket.lower()] = script
        script.is_behind = not piece.is_last
        is_over = state["State"] == "Complete"
        if is_over and piece.is_last:
            return _answer(ticket, ProcessState.COMPLETE, int(state["ExitCode"]), piece)
        running = is_over or state["State"] == "Running"
        return _answer(ticket, ProcessState.RUNNING if running else ProcessState.PENDING, 0, piece)

    def _look(self, script: _Script, after: int) -> tuple[dict[str, Any] | None, Piece]:
        """The state first and the lines afterwards: when the state says Complete, the lines are complete too."""
        state = self._settled_state(script)
        lines: tuple[ProcessOutput, ...] = ()
        if state is None:
            return None, Piece(lines, after, is_last=True)
        return state, script.reader.read(after, self.limits.answer_lines, self.limits.answer_bytes)

    def _settled_state(self, script: _Script) -> dict[str, Any] | None:
        workspace = script.workspace
        state = workspace.state()
        if state is None and not workspace.is_prepared:
            return None
        if script.is_surely_supervised or (state is not None and state["State"] == "Complete"):
            return state
        if workspace.declare_lost():
            log.warning("lost a script", ticket=workspace.ticket)
        return workspace.state()

    async def _wait_for_end(self, script: _Script, seconds: float) -> None:
        deadline = self._clock.monotonic() + min(seconds, self.limits.longest_wait)
        while (left := deadline - self._clock.monotonic()) > 0:
            if not script.is_surely_supervised and not await asyncio.to_thread(script.workspace.is_supervised):
                return
            await self._pause(script, min(left, _LOOK_AT_MOST_EVERY / 4 if script.launched is None else left))

    async def _pause(self, script: _Script, seconds: float) -> None:
        """Waits; the end of a script that we launched ourselves ends the wait early."""
        ended = script.launched.ended if script.launched is not None else asyncio.Event()
        if ended.is_set():
            ended = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await ended.wait()

    def _forget(self, script: _Script) -> None:
        key = script.workspace.ticket.lower()
        self._kept.pop(key, None)
        self._scripts.pop(key, None)
        if script.launched is not None:
            script.launched.release()

    # -- cleaning

    async def clean(self) -> int:
        """Deletes workspaces that nobody completed and whose scripts ended long ago; returns how many."""
        before = self._clock.now().timestamp() - self.limits.keep_workspaces
        removed = await asyncio.to_thread(_clean, self._work, before)
        for workspace in removed:
            if script := self._scripts.get(workspace.ticket.lower()):
                self._forget(script)
        return len(removed)

    async def _clean_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self.limits.clean_every)
            try:
                await self.clean()
            except OSError:
                log.exception("old workspaces could not be removed")


def _clean(work: Path, before: float) -> list[Workspace]:
    old = [one for one in workspaces(work) if one.last_sign_of_life() < before and not one.is_supervised()]
    for workspace in old:
        workspace.delete()
        log.info("removed an old workspace", folder=str(workspace.folder))
    return old


def _answer(ticket: ScriptTicket, state: ProcessState, exit_code: int, piece: Piece) -> ScriptStatusResponseV2:
    return ScriptStatusResponseV2(ticket, state, exit_code, piece.lines, piece.next)
