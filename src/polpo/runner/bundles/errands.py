"""One attempt at one action of a bundle: the runner as a process of its own, in a folder that goes with it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from typing import IO, Dict, List, NamedTuple, Optional, Set, Tuple

from polpo.runner.bundles.hearing import Hearing
from polpo.runner.bundles.ledger import Ledger
from polpo.runner.bundles.sealing import NONCE_BYTES, keys_of, seal
from polpo.runner.scripts.payload import write_private
from polpo.runner.variables import SEALED_NAME

_VARIABLES = "variables.json"
_WORK = ".work-"
_KEY_BYTES = 32
_PATIENCE = 10.0


class Workplace(NamedTuple):
    """`packages` is where the runner looks for packages, below which it has their paths: the bundle's folder."""

    ledger: Ledger
    runner: str
    packages: str
    home: str
    applications: str
    shelf: str

    def environment(self) -> Dict[str, str]:
        """Of the person who runs the bundle; the password has been taken out of it before."""
        return {
            **os.environ,
            "TentacleHome": self.packages,
            "TentacleApplications": self.applications,
            "TentacleJournal": os.path.join(self.home, "DeploymentJournal.xml"),
        }


def sweep(home: str) -> None:
    """Removes what a run that was killed left behind: there may be secrets in it. Call it while nothing runs there."""
    for name in os.listdir(home):
        if name.startswith(_WORK):
            shutil.rmtree(os.path.join(home, name), ignore_errors=True)


class Attempt(NamedTuple):
    """`code` is None when its time was up."""

    code: Optional[int]
    hearing: Hearing


def run(
    place: Workplace, arguments: List[str], variables: Dict[str, str], secrets: Set[str], seconds: Optional[float]
) -> Attempt:
    """Runs to the end; what the runner was given is gone afterwards, however that came."""
    folder = tempfile.mkdtemp(prefix=_WORK, dir=place.home)
    try:
        hearing = Hearing(place.ledger, folder, place.shelf)
        text, key = _sealed(variables, secrets)
        write_private(os.path.join(folder, _VARIABLES), text)
        command = [sys.executable, "-I", place.runner, *arguments]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=place.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            _tell(process, key)
            return Attempt(_followed(process, hearing, seconds), hearing)
        finally:
            _end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sealed(variables: Dict[str, str], secrets: Set[str]) -> Tuple[str, str]:
    """The file as a server sends it, and the key, in hex, by which the runner reads the secrets in it."""
    key = os.urandom(_KEY_BYTES)
    own = {name: variables[name] for name in secrets if variables.get(name)}
    content = seal(keys_of(key), SEALED_NAME, os.urandom(NONCE_BYTES), json.dumps(own).encode("utf-8"))
    document = {
        "Variables": {name: "" if name in own else text for name, text in variables.items()},
        "Sensitive": sorted(secrets),
        "Sealed": base64.b64encode(content).decode("ascii"),
    }
    return json.dumps(document), key.hex()


def _tell(process: subprocess.Popen[bytes], key: str) -> None:
    """The key never lies in a file, nor is it an argument that others can see."""
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    with contextlib.suppress(BrokenPipeError), process.stdin as pipe:  # a runner that ended says why by itself
        pipe.write(f"{key}\n".encode("ascii"))


def _followed(process: subprocess.Popen[bytes], hearing: Hearing, seconds: Optional[float]) -> Optional[int]:
    streams = (("stdout", process.stdout), ("stderr", process.stderr))
    readers = [_reader(hearing, name, pipe) for name, pipe in streams if pipe is not None]
    try:
        code: Optional[int] = process.wait(seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        code = None
    for reader in readers:
        reader.join(_PATIENCE)
    return code


def _reader(hearing: Hearing, name: str, pipe: IO[bytes]) -> threading.Thread:
    def read() -> None:
        with pipe:
            for line in pipe:
                hearing.take(name, line.rstrip(b"\r\n"))

    thread = threading.Thread(target=read, name=f"bundle {name}", daemon=True)
    thread.start()
    return thread


def _end(process: subprocess.Popen[bytes]) -> None:
    """The runner takes its script with it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
