"""What an update does on the machine: unpacks a bundle, tries whether it can work here at all, and asks the launcher.

A server uploads the bundle and runs this as a script, which goes on while the agent is started anew, so the server
follows it over the change: that it can is the proof that the new version works. A bundle is a zip with a
`manifest.json` (`version`, `python`: the least that is needed, `platform`: for which the libraries were compiled),
`polpo`, and `libraries`. Where the platform is another one, the libraries of the installed version are used.

Standard library only, as the rest of the launcher.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

from polpo.agent.launcher.launcher import LOCK
from polpo.agent.launcher.programs import Program, Programs
from polpo.kernel.machine import platform_tag

_LIBRARIES = "libraries"
_TRIAL = "import polpo.agent.program"
_TRIAL_SECONDS, _MORE_SECONDS = 60.0, 90.0
_LOOK_EVERY = 0.1
KEPT_CODE = 3


class Kept(Exception):
    """The update did not happen and the version that ran goes on; the text says why."""


def update(home: Path, bundle: Path, identity: str, seconds: float) -> str:
    """The version that runs now. `seconds` are what the new version has to prove itself; Kept when it does not run."""
    programs = Programs(str(home), "", "")
    program = _unpack(programs, bundle)
    _try_out(program)
    launcher = _launcher_of(home)
    programs.ask(identity, program.folder, seconds)
    os.kill(launcher, signal.SIGHUP)
    print(f"Version {program.version} is tried now; the agent is started anew, and scripts that run go on.")  # noqa: T201
    sys.stdout.flush()
    outcome = _await(programs, identity, seconds + _MORE_SECONDS)
    if not outcome["updated"]:
        raise Kept(str(outcome["reason"]))
    return program.version


def _unpack(programs: Programs, bundle: Path) -> Program:
    """Beside the others, as a whole or not at all."""
    try:
        with bundle.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
        with zipfile.ZipFile(bundle) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            version = str(manifest["version"])
            name = f"{''.join(one if one.isalnum() or one in '.-' else '_' for one in version)}+{digest}"
            if (known := programs.program(name)) is not None:
                return known
            _check_python(manifest)
            _extract(archive, manifest, programs.folder, name)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Kept(f"the bundle {bundle} cannot be used: {error}") from error
    program = programs.program(name)
    if program is None:
        raise Kept(f"the bundle {bundle} has no program")
    return program


def _check_python(manifest: dict[str, Any]) -> None:
    least = tuple(manifest["python"])
    if sys.version_info[:2] < least:
        here, needed = ".".join(map(str, sys.version_info[:2])), ".".join(map(str, least))
        raise Kept(f"this machine has Python {here} and version {manifest['version']} needs {needed} or newer")


def _extract(archive: zipfile.ZipFile, manifest: dict[str, Any], folder: Path, name: str) -> None:
    fits = manifest.get("platform") == platform_tag()
    if not fits:
        print(  # noqa: T201 - the server shows what a script says
            f"The bundle's libraries are for {manifest.get('platform') or 'no machine'}, this is {platform_tag()}: "
            "those installed here are used."
        )
    folder.mkdir(exist_ok=True, mode=0o700)
    unfinished = folder / f".{name}"
    shutil.rmtree(unfinished, ignore_errors=True)
    for member in archive.infolist():
        parts = Path(member.filename).parts
        if not parts or parts[0] == "/" or ".." in parts or stat.S_ISLNK(member.external_attr >> 16):
            raise Kept(f"the bundle holds '{member.filename}', which would lie elsewhere")
        if fits or parts[0] != _LIBRARIES:
            archive.extract(member, unfinished)
    unfinished.rename(folder / name)


def _try_out(program: Program) -> None:
    """Whether it can be loaded here at all, while the old version still works."""
    command = program.command(sys.executable, do=_TRIAL)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TRIAL_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Kept(f"it could not be loaded within {_TRIAL_SECONDS:.0f} s") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Kept(f"it cannot be loaded on this machine: {said[-1] if said else f'exit code {done.returncode}'}")


def _launcher_of(home: Path) -> int:
    """The process that looks after the agent."""
    with contextlib.suppress(FileNotFoundError, ValueError), (home / LOCK).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read())
    raise Kept(f"the agent in {home} was not started by 'polpo agent run', so nobody can exchange it")


def _await(programs: Programs, identity: str, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while (outcome := programs.outcome(identity)) is None:
        if time.monotonic() > deadline:
            raise Kept("the launcher did not say how the update ended; look at the agent's log")
        time.sleep(_LOOK_EVERY)
    return outcome


def main() -> None:
    """Arguments: the agent's folder, the bundle, a name for this update, and the seconds of probation."""
    home, bundle, identity, seconds = sys.argv[1:]
    try:
        version = update(Path(home), Path(bundle), identity, float(seconds))
    except Kept as error:
        message = f"The version that ran goes on, because {error}".rstrip(".") + "."
        encoded = base64.b64encode(message.encode()).decode()
        sys.stdout.write(f"{message}\n##octopus[resultMessage message='{encoded}']\n")
        sys.exit(KEPT_CODE)
    finally:
        Path(bundle).unlink(missing_ok=True)
    sys.stdout.write(f"The agent runs version {version}.\n")
