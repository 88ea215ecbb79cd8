"""Which scripts of a machine run together, and what those that wait are told."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from polpo.halibut.contracts import ProcessOutputSource, ProcessState, ScriptIsolationLevel, StartScriptCommandV2
from polpo.scripthost.host import ScriptHost
from polpo.scripthost.supervision.exitcodes import ExitCode
from unit.scripthost.running import finish, open_gate, run, script, texts, until

FULL, NONE = ScriptIsolationLevel.FULL_ISOLATION, ScriptIsolationLevel.NO_ISOLATION


class Gated:
    """A script that says `in` to a file when it runs, and ends when the gate is opened."""

    def __init__(self, folder: Path, name: str, **more: object) -> None:
        self.arrived = folder / f"{name}.in"
        self.gate = folder / f"{name}.gate"
        os.mkfifo(self.gate)
        self.command = script(
            f"echo in > {self.arrived}; read line < {self.gate}", task_id=f"ServerTasks-{name}", **more
        )

    @property
    def runs(self) -> bool:
        return self.arrived.exists()

    async def open(self, host: ScriptHost) -> int:
        await until(lambda: open_gate(self.gate))
        answer, _ = await finish(host, self.command.script_ticket)
        return answer.exit_code


async def wait_line(host: ScriptHost, command: StartScriptCommandV2) -> str:
    """What a script that waits for the lock has been told."""
    answer = await host.status(command.script_ticket, 0, wait=20)
    assert answer.state is ProcessState.PENDING
    marks = [line.text for line in answer.logs]
    assert (marks[0], marks[2]) == ("##octopus[stdout-wait]", "##octopus[stdout-default]")
    return marks[1]


@pytest.mark.parametrize(("first", "second"), [(FULL, FULL), (FULL, NONE), (NONE, FULL)])
async def test_a_full_isolation_script_shares_with_nobody(
    host: ScriptHost, tmp_path: Path, first: ScriptIsolationLevel, second: ScriptIsolationLevel
) -> None:
    holder, waiter = Gated(tmp_path, "1", isolation=first), Gated(tmp_path, "2", isolation=second)
    await host.start(holder.command)
    await until(lambda: holder.runs)
    await host.start(waiter.command)

    assert "the script in task ServerTasks-1 " in await wait_line(host, waiter.command)
    assert not waiter.runs
    assert await holder.open(host) == 0
    await until(lambda: waiter.runs)
    assert await waiter.open(host) == 0


async def test_no_isolation_scripts_run_together(host: ScriptHost, tmp_path: Path) -> None:
    scripts = [Gated(tmp_path, str(number), isolation=NONE) for number in range(3)]
    for one in scripts:
        await host.start(one.command)
    await until(lambda: all(one.runs for one in scripts))
    assert [await one.open(host) for one in scripts] == [0, 0, 0]


async def test_locks_of_other_names_do_not_disturb(host: ScriptHost, tmp_path: Path) -> None:
    one = Gated(tmp_path, "1", isolation=FULL)
    other = Gated(tmp_path, "2", isolation=FULL, isolation_mutex_name="Other/../name")
    await host.start(one.command)
    await host.start(other.command)
    await until(lambda: one.runs and other.runs)
    assert [await one.open(host), await other.open(host)] == [0, 0]


async def test_readers_that_keep_coming_do_not_starve_a_writer(host: ScriptHost, tmp_path: Path) -> None:
    reader, writer, late = (
        Gated(tmp_path, "1", isolation=NONE), Gated(tmp_path, "2", isolation=FULL), Gated(tmp_path, "3", isolation=NONE)
    )  # fmt: skip
    await host.start(reader.command)
    await until(lambda: reader.runs)
    await host.start(writer.command)
    await wait_line(host, writer.command)
    await host.start(late.command)
    await wait_line(host, late.command)

    assert await reader.open(host) == 0
    await until(lambda: writer.runs)
    assert not late.runs
    assert await writer.open(host) == 0
    await until(lambda: late.runs)
    assert await late.open(host) == 0


async def test_a_script_that_does_not_get_the_lock_in_time_ends(host: ScriptHost, tmp_path: Path) -> None:
    holder = Gated(tmp_path, "1", isolation=FULL)
    await host.start(holder.command)
    await until(lambda: holder.runs)

    answer, lines = await run(
        host, script("echo never", isolation=FULL, script_isolation_mutex_timeout=timedelta(milliseconds=50))
    )

    assert answer.exit_code == ExitCode.NO_LOCK
    assert "ServerTasks-1" in texts(lines, ProcessOutputSource.STDERR)[-1]
    assert await holder.open(host) == 0


async def test_a_waiting_script_can_be_cancelled(host: ScriptHost, tmp_path: Path) -> None:
    holder, waiter = Gated(tmp_path, "1", isolation=FULL), Gated(tmp_path, "2", isolation=FULL)
    await host.start(holder.command)
    await until(lambda: holder.runs)
    await host.start(waiter.command)
    await wait_line(host, waiter.command)

    await host.cancel(waiter.command.script_ticket, 0)
    answer, _ = await finish(host, waiter.command.script_ticket)

    assert answer.exit_code == ExitCode.CANCELED
    assert not waiter.runs
    assert await holder.open(host) == 0


async def test_the_lock_is_free_when_its_holder_was_killed(host: ScriptHost, tmp_path: Path) -> None:
    holder = Gated(tmp_path, "1", isolation=FULL)
    await host.start(holder.command)
    await until(lambda: holder.runs)
    (state,) = [path.read_text() for path in (host.home / "Work").glob("*/.polpo/state.json")]
    os.kill(int(state.partition('"Pid": ')[2].partition(",")[0]), 9)

    answer, lines = await run(host, script("echo free", isolation=FULL))

    assert answer.exit_code == 0
    assert texts(lines)[-1] == "free"


async def test_the_lock_outlives_the_host(make_host: Callable[..., ScriptHost], tmp_path: Path) -> None:
    holder, waiter = Gated(tmp_path, "1", isolation=FULL), Gated(tmp_path, "2", isolation=FULL)
    async with make_host() as first:
        await first.start(holder.command)
    async with make_host() as second:
        await until(lambda: holder.runs)
        await second.start(waiter.command)
        assert "ServerTasks-1" in await wait_line(second, waiter.command)
        assert await holder.open(second) == 0
        await until(lambda: waiter.runs)
        assert await waiter.open(second) == 0
