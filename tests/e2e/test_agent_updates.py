"""An agent that is updated while it runs: to a version that works, and to some that do not."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import zipfile
from pathlib import Path

import pytest
from agents import Target

from polpo.features.agentupgrades.bundle import agent_bundle
from polpo.features.agentupgrades.script import BUNDLE, KEPT, UPDATED, update_script
from polpo.halibut.contracts import ScriptTicket, StartScriptCommandV2
from polpo.halibut.streams import DataStream
from polpo.transports.following import run_script
from polpo.version import __version__
from unit.scripthost.running import open_gate, script, until
from unit.transports.test_following import Heard

Changes = dict[str, str]
_PROGRAM = "polpo/agent/program.py"


def bundle(version: str, changes: Changes | None = None) -> bytes:
    """This agent as another version; `changes` are put at the end of files. Its libraries are those installed here."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(agent_bundle().content)) as original, zipfile.ZipFile(found, "w") as archive:
        for name in original.namelist():
            text = original.read(name) if not name.startswith("libraries/") else None
            if name == "polpo/version.py":
                text = f'__version__ = "{version}"\n'.encode()
            if name == "manifest.json":
                text = f'{{"version": "{version}", "python": [3, 11], "platform": "another"}}'.encode()
            if text is not None:
                archive.writestr(name, text + (changes or {}).get(name, "").encode())
    return found.getvalue()


async def update(target: Target, content: bytes, seconds: int = 30) -> tuple[int, str]:
    transport, ticket = target.transport(), ScriptTicket(os.urandom(8).hex())
    await transport.upload(BUNDLE.format(ticket.task_id), DataStream.of_bytes(content))
    heard = Heard()
    command = StartScriptCommandV2(
        script_ticket=ticket, script_body=update_script(ticket.task_id, seconds), task_id="ServerTasks-1"
    )
    outcome = await asyncio.wait_for(run_script(transport, command, heard.receive), 120)
    await transport.complete(ticket)
    assert list((target.instance.home / "Updates").iterdir()) == []
    return outcome.exit_code, "\n".join(heard.lines)


async def version(target: Target) -> str:
    heard, command = Heard(), script('echo "$TentacleVersion"')
    await run_script(target.transport(), command, heard.receive)
    await target.transport().complete(command.script_ticket)
    return heard.lines[-1]


@pytest.mark.parametrize("mode", ["listening", "polling"])
async def test_a_new_version_takes_over_while_a_script_runs_and_stays_as_long_as_it_works(
    target: Target,
    tmp_path: Path,
    mode: str,
) -> None:
    await target.prepare(mode)
    await target.start()
    os.mkfifo(tmp_path / "gate")
    command, heard = script(f"echo before; read line < {tmp_path}/gate; echo after; exit 5"), Heard()
    following = asyncio.create_task(run_script(target.transport(), command, heard.receive))
    await asyncio.wait_for(heard.arrived.wait(), 60)

    code, said = await update(target, bundle("0.9.1"))

    assert (code, said.splitlines()[-1]) == (UPDATED, "The agent runs version 0.9.1.")
    await until(lambda: open_gate(tmp_path / "gate"))
    assert (await asyncio.wait_for(following, 60)).exit_code == 5
    assert heard.lines == ["before", "after"]
    assert await version(target) == "0.9.1"
    await target.stop(signal.SIGKILL)  # with the launcher, its program
    await target.start()
    assert await version(target) == "0.9.1"
    await target.stop(signal.SIGTERM)
    (program,) = target.instance.home.glob("Programs/0.9.1*/polpo/agent/program.py")
    program.write_text("raise SystemExit(1)\n")
    await target.start(after="which an update brought, does not start any more")
    assert await version(target) == __version__


@pytest.mark.parametrize(
    ("changes", "seconds", "reason"),
    [
        ({_PROGRAM: "\nimport no_such_library\n"}, 30, "it cannot be loaded on this machine: ModuleNotFoundError"),
        (
            {_PROGRAM: "\ndef main():\n    sys.exit('the configuration is from the future')\n"},
            30,
            "it ended with exit code 1. Its last words: the configuration is from the future",
        ),
        (
            {_PROGRAM: "\nasync def _trust_nobody(self, configuration): ...\nAgent._follow = _trust_nobody\n"},
            3,
            "it had not answered a server within 3 s",
        ),
    ],
)
async def test_the_old_version_goes_on_when_the_new_one_does_not_work(
    target: Target,
    changes: Changes,
    seconds: int,
    reason: str,
) -> None:
    await target.prepare("listening")
    await target.start()
    code, said = await update(target, bundle("0.9.2", changes), seconds)
    assert code == KEPT
    assert f"The version that ran goes on, because {reason}" in said
    assert await version(target) == __version__
