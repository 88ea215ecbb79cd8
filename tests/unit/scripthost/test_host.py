"""Scripts as real processes: what they say, how they end, and what survives."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from polpo.halibut.contracts import ProcessOutputSource, ProcessState, ScriptFile, ScriptTicket, StartScriptCommandV2
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import Invalid, Unavailable
from polpo.scripthost.host import Limits, ScriptHost
from polpo.scripthost.sealing import unseal
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.scripthost.workspace import Workspace, workspaces
from unit.scripthost.running import finish, open_gate, run, script, texts, until

STDERR = ProcessOutputSource.STDERR
Make = Callable[..., ScriptHost]


def _workspaces(host: ScriptHost) -> list[Workspace]:
    return list(workspaces(host.home / "Work"))


async def test_a_script_tells_its_output_and_exit_code(host: ScriptHost) -> None:
    body = 'echo one\r\necho "two of $1" >&2\r\nprintf "no line end"\r\npwd >&2\r\nexit 7'
    answer, lines = await run(host, script(body, arguments=('"a b"',)))

    assert answer.exit_code == 7
    assert texts(lines) == ["one", "no line end"]
    assert texts(lines, STDERR)[0] == "two of a b"
    assert Path(texts(lines, STDERR)[1]).parent == host.home / "Work"
    assert answer.next_log_sequence == len(lines)


async def test_lines_are_the_same_whenever_they_are_asked_for(host: ScriptHost) -> None:
    command = script("for i in $(seq 3000); do echo $i; done")
    _, lines = await run(host, command)

    again, _ = await finish(host, command.script_ticket)
    middle = await host.status(command.script_ticket, 2500)

    assert texts(lines) == [str(number) for number in range(1, 3001)]
    assert list(again.logs) == lines
    assert list(middle.logs) == lines[2500:]


async def test_a_long_output_comes_in_bounded_answers(make_host: Make) -> None:
    async with make_host(limits=Limits(answer_lines=100, answer_bytes=3000, least_free_bytes=0)) as host:
        command = script("for i in $(seq 1000); do echo line $i; done")
        await host.start(command)
        await until(lambda: not any(one.is_supervised() for one in _workspaces(host)))
        first = await host.status(command.script_ticket, 0)
        _, lines = await finish(host, command.script_ticket)

    assert first.state is ProcessState.RUNNING
    assert 0 < len(first.logs) <= 100
    assert len(texts(lines)) == 1000


async def test_lines_of_a_script_that_goes_on_talking_are_gathered(host: ScriptHost) -> None:
    command = script("for n in $(seq 100); do echo $n; sleep 0.02; done")
    ticket, answers, lines, after = command.script_ticket, 0, [], 0
    await host.start(command)
    while True:
        answer = await host.status(ticket, after, wait=20)
        answers, lines, after = answers + 1, lines + texts(list(answer.logs)), answer.next_log_sequence
        if answer.state is ProcessState.COMPLETE:
            break
    assert lines == [str(number) for number in range(1, 101)]
    assert answers < 50  # and not one for every line


async def test_bytes_that_are_no_text_and_all_line_ends_arrive(host: ScriptHost) -> None:
    _, lines = await run(host, script(r"printf 'caf\xc3\xa9\xff\x00!\rprogress\r\nlast\r'"))
    assert texts(lines) == ["café�\x00!", "progress", "last"]


async def test_a_line_without_end_comes_in_pieces(host: ScriptHost) -> None:
    _, lines = await run(host, script("head -c 9000000 /dev/zero | sed 's/\\x0/é/g'"))
    found = texts(lines)
    assert sum(len(text) for text in found) == 9_000_000
    assert set("".join(found)) == {"é"}
    assert len(found) == 5


async def test_the_start_waits_for_the_end_if_asked(host: ScriptHost) -> None:
    answer = await host.start(script("echo quick", duration_to_wait_for_script_to_finish=timedelta(seconds=30)))
    assert answer.state is ProcessState.COMPLETE
    assert texts(list(answer.logs)) == ["quick"]


async def test_a_ticket_runs_once_however_often_it_is_started(host: ScriptHost) -> None:
    counter = host.home / "counter"
    command = script(f"echo run >> {counter}; read -t 0.2 < <(:) || true", ticket="Ticket-1")
    await asyncio.gather(*(host.start(command) for _ in range(5)))
    await finish(host, command.script_ticket)

    again = await host.start(script("echo something else", ticket="TICKET-1"))

    assert again.state is ProcessState.COMPLETE
    assert counter.read_text() == "run\n"


async def test_the_bash_entry_wins_over_the_body(host: ScriptHost) -> None:
    _, lines = await run(host, script("Write-Host no", scripts={"Bash": "echo yes", "PowerShell": "x"}))
    assert texts(lines) == ["yes"]


async def test_files_lie_beside_the_script_and_secret_ones_are_encrypted(host: ScriptHost) -> None:
    files = (
        ScriptFile("folder\\plain.bin", DataStream.of_bytes(b"\0\1\2")),
        ScriptFile("Variables.secret", DataStream.of_bytes(b'{"a": 1}'), "password"),
    )
    _, lines = await run(
        host, script("sha1sum < folder/plain.bin; base64 -w0 Variables.secret; echo; stat -c %a *.secret", files=files)
    )
    plain, secret, mode = texts(lines)
    assert plain.split()[0] == hashlib.sha1(b"\0\1\2", usedforsecurity=False).hexdigest()
    assert unseal(base64.b64decode(secret), "password") == b'{"a": 1}'
    assert mode == "600"


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", ".polpo/state.json", "", "a\0b"])
async def test_a_file_that_would_leave_the_workspace_is_refused(host: ScriptHost, name: str) -> None:
    command = script("true", files=(ScriptFile(name, DataStream.of_bytes(b"x")),))
    with pytest.raises(Invalid, match="rename it"):
        await host.start(command)
    assert (await host.status(command.script_ticket, 0)).exit_code == ExitCode.UNKNOWN_TICKET


@pytest.mark.parametrize("ticket", ["", "..", "a/b", "a\\b", ".hidden", "x" * 101, "a\0"])
async def test_a_ticket_that_is_no_folder_name_is_refused(host: ScriptHost, ticket: str) -> None:
    with pytest.raises(Invalid, match="ticket"):
        await host.start(StartScriptCommandV2(ScriptTicket(ticket), "true"))


async def test_a_cancel_ends_the_script_and_all_it_started(host: ScriptHost, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    body = (
        f'trap "" TERM; echo $$ >> {pids}; (trap "" TERM; echo $BASHPID >> {pids}; while :; do sleep 1; done) &\n'
        f"setsid bash -c 'echo $$ >> {pids}; sleep 600' & wait; while :; do sleep 1; done"
    )
    command = script(body)
    await host.start(command)
    await until(lambda: pids.exists() and len(pids.read_text().split()) == 3)

    answer = await host.cancel(command.script_ticket, 0)
    assert answer.state is ProcessState.RUNNING
    answer, lines = await finish(host, command.script_ticket)

    assert answer.exit_code == ExitCode.CANCELED
    assert texts(lines, STDERR)[-1] == "Script execution canceled."
    assert [pid for pid in pids.read_text().split() if _is_alive(int(pid))] == []


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


async def test_what_a_script_leaves_running_lives_on_after_it(host: ScriptHost, tmp_path: Path) -> None:
    command = script(f"nohup sleep 600 > /dev/null 2>&1 & echo $! > {tmp_path}/pid")
    answer, _ = await run(host, command)
    await host.complete(command.script_ticket)
    pid = int((tmp_path / "pid").read_text())
    try:
        assert answer.exit_code == 0
        assert _is_alive(pid)
    finally:
        os.kill(pid, signal.SIGKILL)


async def test_a_background_process_with_the_output_open_does_not_hold_the_script(host: ScriptHost) -> None:
    answer, lines = await run(host, script("sleep 600 & echo $!"))
    os.kill(int(texts(lines)[0]), signal.SIGKILL)
    assert answer.exit_code == 0


async def test_a_script_ended_by_a_signal_says_so(host: ScriptHost) -> None:
    answer, lines = await run(host, script("kill -9 $$"))
    assert answer.exit_code == 137
    assert "signal 9" in texts(lines, STDERR)[0]


async def test_a_machine_without_a_shell_is_told(host: ScriptHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polpo.scripthost.workspace._SHELL", "/bin/no-such-shell")
    answer, lines = await run(host, script("true"))
    assert answer.exit_code == ExitCode.NO_SHELL
    assert texts(lines, STDERR) == ["/bin/no-such-shell could not be started: No such file or directory."]


async def test_completing_forgets_the_script(host: ScriptHost) -> None:
    command = script("echo x")
    await run(host, command)
    await host.complete(command.script_ticket)
    await host.complete(command.script_ticket)

    assert list((host.home / "Work").iterdir()) == []
    answer = await host.status(command.script_ticket, 0)
    assert (answer.state, answer.exit_code) == (ProcessState.COMPLETE, ExitCode.UNKNOWN_TICKET)


async def test_completing_a_running_script_ends_it(host: ScriptHost, tmp_path: Path) -> None:
    command = script(f"echo $$ > {tmp_path}/pid; sleep 600")
    await host.start(command)
    await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    await host.complete(command.script_ticket)
    assert not _is_alive(int((tmp_path / "pid").read_text()))


async def test_scripts_see_the_given_environment_only(make_host: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLPO_MASTER_KEY", "secret")
    async with make_host(TentacleHome="/somewhere") as host:
        _, lines = await run(host, script("env"))
    names = {line.partition("=")[0] for line in texts(lines)}
    assert "TentacleHome" in names
    assert "POLPO_MASTER_KEY" not in names


async def test_a_full_disk_is_told_before_anything_is_written(make_host: Make) -> None:
    async with make_host(limits=Limits(least_free_bytes=2**62)) as host:
        with pytest.raises(Unavailable, match="MB free"):
            await host.start(script("true"))
        assert list((host.home / "Work").iterdir()) == []


# -- survival


async def test_another_host_attaches_to_what_still_runs(make_host: Make, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    command = script(f"echo before; read line < {gate}; echo after $line; exit 3")
    first = make_host()
    await first.open()
    await first.start(command)
    await first.close()

    async with make_host() as second:
        attached = await second.start(command)
        assert attached.state in (ProcessState.PENDING, ProcessState.RUNNING)
        await until(lambda: open_gate(gate, "opened"))
        answer, lines = await finish(second, command.script_ticket)

    assert answer.exit_code == 3
    assert texts(lines) == ["before", "after opened"]


async def test_a_vanished_supervisor_is_told_and_its_leftovers_end(host: ScriptHost, tmp_path: Path) -> None:
    command = script(f"(sleep 600; true) & echo $! > {tmp_path}/pid; wait")
    await host.start(command)
    await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    (workspace,) = _workspaces(host)
    with workspace.output.open("ab") as file:
        file.write(b'[0,123,"half a li')
    state = workspace.state()
    assert state is not None

    os.kill(state["Pid"], signal.SIGKILL)
    answer, lines = await finish(host, command.script_ticket)

    assert answer.exit_code == ExitCode.LOST
    assert "lost the script" in texts(lines, STDERR)[-1]
    assert "half" not in "".join(texts(lines, None))
    await until(lambda: not _is_alive(int((tmp_path / "pid").read_text())))


async def test_a_script_that_was_prepared_only_is_started_by_the_repeated_call(host: ScriptHost) -> None:
    command = script("echo late")
    Workspace(host.home / "Work", command.script_ticket.task_id).prepare(command, host.home / "Locks", 1)
    _, lines = await run(host, command)
    assert texts(lines) == ["late"]


async def test_a_script_that_was_prepared_only_did_not_run(host: ScriptHost) -> None:
    command = script("echo never")
    Workspace(host.home / "Work", command.script_ticket.task_id).prepare(command, host.home / "Locks", 1)
    answer, lines = await finish(host, command.script_ticket)
    again = await host.start(command)
    assert answer.exit_code == again.exit_code == ExitCode.LOST
    assert "did not run" in texts(lines, STDERR)[0]


async def test_old_workspaces_are_removed_and_running_ones_kept(make_host: Make, tmp_path: Path) -> None:
    done, running = script("true"), script(f"read line < {tmp_path}/gate")
    os.mkfifo(tmp_path / "gate")
    async with make_host() as host:
        await run(host, done)
        await until(lambda: not any(one.is_supervised() for one in _workspaces(host)))
        await host.start(running)
        for workspace in _workspaces(host):
            os.utime(workspace.output, (0, 0))
        assert await host.clean() == 1
        (left,) = _workspaces(host)
        assert left.ticket == running.script_ticket.task_id
        await until(lambda: open_gate(tmp_path / "gate"))
        assert (await finish(host, running.script_ticket))[0].exit_code == 0
