"""Following a script over a transport; the machine is this one, the scripts are real."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from polpo.halibut.contracts import ProcessOutput, ScriptFile, ScriptTicket
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.scripthost.host import ScriptHost
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.transports.following import run_script
from polpo.transports.local import LocalTransport
from polpo.transports.transport import ScriptUnknown, describe_exit_code, verified
from unit.scripthost.running import LIMITS, finish, open_gate, script, until


class Heard:
    """Keeps lines and positions as a caller that journals them would."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.position = 0
        self.arrived = asyncio.Event()

    async def receive(self, lines: Sequence[ProcessOutput], position: int) -> None:
        self.lines += [line.text for line in lines if line.source.name == "STDOUT"]
        self.position = position
        if self.lines:
            self.arrived.set()


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[ScriptHost]:
    async with ScriptHost(tmp_path / "home", environment={"PATH": os.environ["PATH"]}, limits=LIMITS) as host:
        yield host


@pytest.fixture
def transport(host: ScriptHost) -> LocalTransport:
    return LocalTransport(host)


async def test_a_script_is_followed_to_its_end(transport: LocalTransport) -> None:
    heard = Heard()
    command = script("for i in $(seq 12000); do echo $i; done; exit 4")
    outcome = await run_script(transport, command, heard.receive)
    assert outcome.exit_code == 4
    assert outcome.next_log_sequence == heard.position
    assert heard.lines == [str(number) for number in range(1, 12001)]


async def test_going_on_after_a_crash_brings_each_line_once(transport: LocalTransport, tmp_path: Path) -> None:
    heard = Heard()
    os.mkfifo(tmp_path / "gate")
    command = script(f"echo one; echo two; read line < {tmp_path}/gate; echo three")
    following = asyncio.create_task(run_script(transport, command, heard.receive))
    await asyncio.wait_for(heard.arrived.wait(), 20)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)

    again = asyncio.create_task(run_script(transport, command, heard.receive, after=heard.position))
    await until(lambda: open_gate(tmp_path / "gate"))
    outcome = await asyncio.wait_for(again, 20)

    assert outcome.exit_code == 0
    assert heard.lines == ["one", "two", "three"]


async def test_a_person_who_cancels_ends_the_script(transport: LocalTransport, host: ScriptHost) -> None:
    heard = Heard()
    command = script("echo started; sleep 600")
    following = asyncio.create_task(run_script(transport, command, heard.receive, is_cancelled=lambda: True))
    await asyncio.wait_for(heard.arrived.wait(), 20)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(following, 20)
    answer, _ = await finish(host, command.script_ticket)
    assert answer.exit_code == ExitCode.CANCELED


async def test_a_cancel_right_at_the_start_leaves_nothing_running(transport: LocalTransport, host: ScriptHost) -> None:
    command = script("sleep 600")
    following = asyncio.create_task(run_script(transport, command, Heard().receive, is_cancelled=lambda: True))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(following, 20)
    answer, _ = await finish(host, command.script_ticket)
    assert answer.exit_code in (ExitCode.CANCELED, ExitCode.UNKNOWN_TICKET)


async def test_a_script_the_machine_lost_is_an_error_that_says_so(transport: LocalTransport) -> None:
    with pytest.raises(ScriptUnknown, match="The built-in worker does not know the script 'gone' any more"):
        await transport.status(ScriptTicket("gone"), 0)


async def test_a_refused_script_names_the_machine(transport: LocalTransport) -> None:
    with pytest.raises(TaskError, match=r"The built-in worker: The script's file '\.\./x'"):
        await transport.start(script("true", files=(ScriptFile("../x", DataStream.of_bytes(b"")),)))


async def test_files_go_there_and_back(transport: LocalTransport, host: ScriptHost) -> None:
    result = await transport.upload("Files/x", DataStream.of_bytes(b"content"))
    assert (host.home / "Files/x").read_bytes() == b"content"
    fetched = await transport.download("Files/x")
    assert fetched is not None
    assert await fetched.read() == b"content"
    sha1 = hashlib.sha1(b"content", usedforsecurity=False).hexdigest()
    assert verified(result, sha1, 7, "web-1") is result
    with pytest.raises(TaskError, match="web-1 stored 7 bytes"):
        verified(result, sha1, 8, "web-1")


@pytest.mark.parametrize(
    ("code", "sentence"), [(3, "The script ended with exit code 3."), (-43, "The script was cancelled.")]
)
def test_an_exit_code_is_told_in_words(code: int, sentence: str) -> None:
    assert describe_exit_code(code) == sentence
