"""Scripts over SSH on a real server: what they say, and that nothing ends or doubles them."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from polpo.halibut.contracts import ProcessState, ScriptFile, ScriptIsolationLevel
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.transports.following import run_script
from polpo.transports.transport import ScriptUnknown
from unit.scripthost.running import open_gate, script, until
from unit.transports.ssh.machines import Heard, Machines, ended, run

ALONE = {"isolation": ScriptIsolationLevel.FULL_ISOLATION, "isolation_mutex_name": "one at a time"}


class ToldClock:
    passed = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.passed, UTC)

    def monotonic(self) -> float:
        return self.passed


def is_running(pid: str) -> bool:
    """A process whose parent does not collect it is over, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_script_says_its_lines_and_its_exit_code(machines: Machines) -> None:
    files = (ScriptFile("data/v.json", DataStream.of_bytes(b'{"a": 1}')),)
    body = 'cat data/v.json; echo; printf "a\\rb\\r\\n"; echo bad >&2; printf "%s\\n" "$@" "" end; exit 7'
    code, heard = await run(machines.at(), script(body, files=files, arguments=("one", '"t w o"', "it's")))
    assert code == 7
    assert heard.of("STDOUT") == ['{"a": 1}', "a", "b", "one", "t w o", "it's", "", "end"]
    assert heard.of("STDERR") == ["bad"]
    assert heard.of("DEBUG")[0].startswith("Starting bash in the working directory")
    await until(lambda: not any((machines.home() / "Work").iterdir()))


async def test_scripts_find_what_an_agent_would_tell_them(machines: Machines) -> None:
    body = 'echo "$TentacleHome|$TentacleApplications|$TentacleJournal|${SSH_CLIENT:-none}|$(umask)"'
    _, heard = await run(machines.at(), script(body))
    home, mask = machines.home(), os.umask(0o022)
    os.umask(mask)
    applications = machines.server.homes[0] / ".octopus/Applications"
    assert heard.of("STDOUT") == [f"{home}|{applications}|{home}/DeploymentJournal.xml|none|{mask:04o}"]


async def test_much_output_and_long_lines_arrive_whole_and_in_order(machines: Machines) -> None:
    body = """\
long=$(head -c 70000 /dev/zero | tr '\\0' x)
for number in $(seq 3000); do echo "out $number"; echo "err $number" >&2; done
for number in 1 2 3; do echo "$long"; echo "$long" >&2; done
printf 'no line end'
"""
    _, heard = await run(machines.at(), script(body))
    for source, name in (("STDOUT", "out"), ("STDERR", "err")):
        said = heard.of(source)
        assert said[:3000] == [f"{name} {number}" for number in range(1, 3001)]
        assert said[3000:3003] == ["x" * 70000] * 3
    assert heard.of("STDOUT")[-1] == "no line end"


async def test_a_script_that_is_started_twice_runs_once(machines: Machines, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    command = script(f"echo ran >> {tmp_path}/marks; read line < {tmp_path}/gate; echo after")
    transport = machines.at()
    await asyncio.gather(*(machines.at().start(command) for _ in range(3)))
    await until(lambda: open_gate(tmp_path / "gate"))
    heard = Heard()
    outcome = await run_script(transport, command, heard.receive)
    await transport.complete(command.script_ticket)
    assert (outcome.exit_code, heard.of("STDOUT")) == (0, ["after"])
    assert (tmp_path / "marks").read_text() == "ran\n"


async def test_a_script_outlives_its_connection(machines: Machines, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    command = script(f"echo before; read line < {tmp_path}/gate; echo after; exit 5")
    heard = Heard()
    transport = machines.at()
    following = asyncio.create_task(run_script(transport, command, heard.receive))
    await asyncio.wait_for(heard.arrived.wait(), 30)
    assert machines.server.cut() >= 1
    await until(lambda: open_gate(tmp_path / "gate"))
    outcome = await asyncio.wait_for(following, 60)
    await transport.complete(command.script_ticket)
    assert (outcome.exit_code, heard.of("STDOUT")) == (5, ["before", "after"])


async def test_another_server_goes_on_where_the_first_one_was(machines: Machines, tmp_path: Path) -> None:
    """As after the death of the first: other connections, the same command, the last position that was kept."""
    os.mkfifo(tmp_path / "gate")
    command = script(f"echo one; echo two; read line < {tmp_path}/gate; echo three")
    heard = Heard()
    following = asyncio.create_task(run_script(machines.at(), command, heard.receive))
    await until(lambda: len(heard.of("STDOUT")) == 2)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await machines.connections.close()
    other = Machines(machines.server, tmp_path)
    try:
        await until(lambda: open_gate(tmp_path / "gate"))
        transport = other.at()
        outcome = await run_script(transport, command, heard.receive, after=heard.position)
        await transport.complete(command.script_ticket)
    finally:
        await other.connections.close()
    assert (outcome.exit_code, heard.of("STDOUT")) == (0, ["one", "two", "three"])


async def test_a_cancel_ends_all_that_the_script_started(machines: Machines, tmp_path: Path) -> None:
    body = f"setsid bash -c 'echo $$ >> {tmp_path}/pids; sleep 600' & echo $$ >> {tmp_path}/pids; echo ok; sleep 601"
    command, transport = script(body), machines.at()
    first = await transport.start(command)
    await until(lambda: (tmp_path / "pids").exists() and len((tmp_path / "pids").read_text().split()) == 2)
    await transport.cancel(command.script_ticket, first.next_log_sequence)
    answer = await ended(transport, command, 0)
    await transport.complete(command.script_ticket)
    assert answer.exit_code == ExitCode.CANCELED
    assert answer.logs[-1].text == "Script execution canceled."
    for pid in (tmp_path / "pids").read_text().split():
        assert not is_running(pid)


async def test_scripts_that_must_be_alone_wait_for_each_other_and_say_so(machines: Machines, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    first = script(f"read line < {tmp_path}/gate; echo done >> {tmp_path}/order", task_id="ServerTasks-1", **ALONE)
    second = script(f"echo second >> {tmp_path}/order", task_id="ServerTasks-2", **ALONE)
    transport = machines.at()
    await transport.start(first)
    await until(lambda: "Starting" in machines.log_of(first.script_ticket.task_id).read_text())
    heard = Heard()
    following = asyncio.create_task(run_script(transport, second, heard.receive))
    await asyncio.wait_for(heard.arrived.wait(), 30)
    await until(lambda: len(heard.of("STDOUT")) == 3)
    assert not (tmp_path / "order").exists()
    await until(lambda: open_gate(tmp_path / "gate"))
    assert (await asyncio.wait_for(following, 30)).exit_code == 0
    assert (tmp_path / "order").read_text() == "done\nsecond\n"
    assert heard.of("STDOUT")[1] == (
        "Waiting for the script in task ServerTasks-1 to finish: it holds the isolation lock 'one at a time' of this"
        " machine."
    )
    for command in (first, second):
        await transport.complete(command.script_ticket)


async def test_a_wait_for_the_lock_ends_in_time_and_by_a_cancel(machines: Machines, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    first, transport = script(f"read line < {tmp_path}/gate", **ALONE), machines.at()
    await transport.start(first)
    await until(lambda: "Starting" in machines.log_of(first.script_ticket.task_id).read_text())
    impatient = script("echo never", script_isolation_mutex_timeout=timedelta(seconds=1), **ALONE)
    code, heard = await run(transport, impatient)
    assert code == ExitCode.NO_LOCK
    assert "It waited 1 s." in heard.of("STDERR")[0]
    cancelled = script("echo never", **ALONE)
    await transport.start(cancelled)
    await transport.cancel(cancelled.script_ticket, 0)
    assert (await ended(transport, cancelled, 0)).exit_code == ExitCode.CANCELED
    await until(lambda: open_gate(tmp_path / "gate"))
    await ended(transport, first, 0)
    for command in (first, cancelled):
        await transport.complete(command.script_ticket)


async def test_a_script_whose_supervisor_is_gone_is_lost_and_ended(machines: Machines, tmp_path: Path) -> None:
    command, transport = script(f"echo $$ > {tmp_path}/pid; echo begun; sleep 600"), machines.at()
    await transport.start(command)
    log = machines.log_of(command.script_ticket.task_id)
    await until(lambda: "begun" in log.read_text())
    os.kill(int((log.parent / "pid").read_text()), signal.SIGKILL)
    other = machines.at()
    answer = await ended(other, command, 0)
    await other.complete(command.script_ticket)
    assert answer.exit_code == ExitCode.LOST
    assert answer.logs[-1].text.startswith("The machine lost the script: what looked after it is gone")
    script_pid = (tmp_path / "pid").read_text().strip()
    await until(lambda: not is_running(script_pid))


async def test_a_loss_is_noticed_over_the_connection_that_follows_the_script(machines: Machines) -> None:
    """As when the machine was short of memory. Of a script that is silent, it is asked whether it lives."""
    command, clock = script("echo begun; sleep 600"), ToldClock()
    transport = machines.at(clock=clock)
    first = await transport.start(command)
    log = machines.log_of(command.script_ticket.task_id)
    await until(lambda: "begun" in log.read_text())
    os.kill(int((log.parent / "pid").read_text()), signal.SIGKILL)
    clock.passed += 61
    answer = await ended(transport, command, first.next_log_sequence)
    await transport.complete(command.script_ticket)
    assert answer.exit_code == ExitCode.LOST
    assert [line.text for line in (*first.logs, *answer.logs)].count("begun") == 1


async def test_a_script_that_is_not_known_is_no_success(machines: Machines) -> None:
    command, transport = script("echo x"), machines.at()
    with pytest.raises(ScriptUnknown, match="web-1 does not know the script"):
        await transport.status(command.script_ticket, 0)
    with pytest.raises(ScriptUnknown):
        await transport.cancel(command.script_ticket, 0)
    await transport.complete(command.script_ticket)


async def test_what_a_script_leaves_running_does_not_hold_its_end(machines: Machines) -> None:
    code, heard = await run(machines.at(), script("sleep 30 & echo $!; exit 0"))
    assert code == 0
    os.kill(int(heard.of("STDOUT")[0]), signal.SIGKILL)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", ".polpo/command", ""])
async def test_files_that_would_lie_outside_are_refused(machines: Machines, name: str) -> None:
    with pytest.raises(TaskError, match="would not lie in the script's folder"):
        await machines.at().start(script("true", files=(ScriptFile(name, DataStream.of_bytes(b"")),)))


async def test_old_workspaces_are_cleaned_and_running_ones_stay(machines: Machines) -> None:
    work = machines.home(1) / "Work"
    old = work / "old" / ".polpo"
    old.mkdir(parents=True)
    (old / "log").write_text("X0\n")
    for path in (old / "log", work / "old"):
        os.utime(path, (0, 0))
    (machines.home(1) / "cleaned").unlink(missing_ok=True)
    await run(machines.at(1), script("true"))
    await until(lambda: not (work / "old").exists())


async def test_the_first_line_says_who_runs_it(machines: Machines) -> None:
    code, heard = await run(machines.at(), script("#!/usr/bin/env python3\nprint('from Python')"))
    assert (code, heard.of("STDOUT")) == (0, ["from Python"])


async def test_the_answer_of_a_quick_script_is_whole_at_once(machines: Machines) -> None:
    """One command on the connection from the start to the end, as long as the machine answers in time."""
    command = script("echo quick", duration_to_wait_for_script_to_finish=timedelta(seconds=20))
    transport = machines.at()
    answer = await transport.start(command)
    await transport.complete(command.script_ticket)
    assert answer.state is ProcessState.COMPLETE
    assert [line.text for line in answer.logs][1:2] == ["quick"]
