"""The far side by itself, as a shell runs it: what it does when a connection or the disk fails at a bad moment."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from polpo.transports.ssh import station
from polpo.transports.ssh.packing import packed
from unit.scripthost.running import script

STATION = Path(station.__file__).with_name("station.sh")
DAYS = 24 * 3600


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for pid in (tmp_path / ".octopus/OctopusServer/Work").glob("*/.polpo/pid"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGTERM)


def ask(home: Path, *words: str, payload: bytes = b"", before: str = "") -> list[str]:
    """Its answer to a request, after which the connection ends. `before` is done by its shell beforehand."""
    command = f"{before} exec sh {STATION}".strip()
    request = "".join(f"{word}\n" for word in words).encode() + payload
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["sh", "-c", command], input=request, capture_output=True, env=environment, timeout=30, check=False
    )
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize("cut", ["between two files", "within a file"])
def test_a_script_that_was_cut_off_on_its_way_is_not_run(home: Path, cut: str) -> None:
    content = packed(script("echo ran"))
    at = content.index(b"Bootstrap.sh") + (0 if cut == "between two files" else 700)
    said = ask(home, "start", "t1", str(len(content)), payload=content[:at])
    assert said[1].startswith("!")
    assert not any((home / ".octopus/OctopusServer/Work").iterdir())


def lost_script(home: Path) -> Path:
    """The folder of what is known about one whose supervisor is gone."""
    control = home / ".octopus/OctopusServer/Work/t1/.polpo"
    control.mkdir(parents=True)
    (control / "log").write_text("Oone\n")
    (control / "pid").write_text("999999999\n")
    return control


def test_a_loss_that_could_not_be_recorded_is_recorded_later(home: Path) -> None:
    control = lost_script(home)
    ask(home, "follow", "t1", "0", before="ulimit -f 0; trap '' XFSZ;")
    assert (control / "log").read_text() == "Oone\n"
    ask(home, "follow", "t1", "0")
    assert (control / "log").read_text().endswith("X-46\n")


def test_a_loss_that_was_being_recorded_when_the_machine_ended_is_recorded_later(home: Path) -> None:
    control = lost_script(home)
    (control / "lost").mkdir()
    os.utime(control / "lost", (0, 0))
    ask(home, "follow", "t1", "0")
    assert (control / "log").read_text().count("X-46\n") == 1


def test_a_cancel_reaches_a_supervisor_that_appears_in_the_middle_of_it(home: Path) -> None:
    """`cat` is what the far side reads the supervisor's number with: it appears just after that was tried in vain."""
    control = home / ".octopus/OctopusServer/Work/t1/.polpo"
    (control / "claim").mkdir(parents=True)
    (control / "log").write_text("Oone\n")
    with subprocess.Popen(["sleep", "600"], env={"PolpoStation": str(control.parent)}) as supervisor:
        (home / "cat").write_text(f'#!/bin/sh\n[ -s "$1" ] || {{ echo {supervisor.pid} > "$1"; exit 1; }}\nhead "$1"\n')
        (home / "cat").chmod(0o755)
        ask(home, "start", "t1", "0", "cancel", before=f"PATH={home}:$PATH;")
        (control / "pid").write_text(f"{supervisor.pid}\n")
        try:
            assert supervisor.wait(20) == -signal.SIGTERM
        finally:
            supervisor.kill()


def test_what_ended_just_now_is_not_cleaned_however_long_it_ran(home: Path) -> None:
    work = home / ".octopus/OctopusServer/Work"
    for name, ended in (("long", time.time()), ("old", time.time() - 3 * DAYS)):
        (work / name / ".polpo").mkdir(parents=True)
        (work / name / ".polpo/log").write_text("X0\n")
        os.utime(work / name / ".polpo/log", (ended, ended))
        os.utime(work / name, (0, 0))
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    functions = STATION.read_text().partition('if [ "${1:-}" = supervise ]')[0]
    subprocess.run(["sh", "-c", f"{functions}\nclean"], env=environment, check=True, timeout=30)
    assert [one.name for one in work.iterdir()] == ["long"]
