"""Archives that Python cannot read: a program of the machine turns them into a tar, which is read as it comes.

What comes out is checked like any other archive, so the program is trusted to read, and not to write.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from typing import Dict, Iterator, List

from polpo.runner.errors import RunnerError
from polpo.runner.extraction import Entry
from polpo.runner.tars import entries_of

#: By extension: the program, its arguments before the archive's path, and how to get the program.
_PROGRAMS: Dict[str, List[List[str]]] = {
    ".tar.z": [["gzip", "-dc", "--"], ["uncompress", "-c", "--"]],
    ".rar": [["bsdtar", "-cf", "-", "--format=pax", "@"]],
}
_ADVICE = {
    ".tar.z": "install gzip, or pack it as .tar.gz",
    ".rar": "install bsdtar (Debian's package libarchive-tools), or pack it as .zip",
}
_BLOCK = 1 << 16


@contextmanager
def converted_entries(package: str, extension: str) -> Iterator[Iterator[Entry]]:
    """The entries in the archive's order; each is to be taken before the next one is asked for."""
    command = _command(os.path.abspath(package), extension)
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
        with process, _ended(process):
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            try:
                with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                    yield entries_of(archive)
                while process.stdout.read(_BLOCK):
                    pass
            except tarfile.TarError:
                if process.wait() == 0:
                    raise
            if process.wait() != 0:
                errors.seek(0)
                said = errors.read(1000).decode("utf-8", "replace").strip().replace("\n", " ")
                raise RunnerError(f"it is damaged or incomplete, or no {extension} at all ({said}).")


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()


def _command(package: str, extension: str) -> List[str]:
    for name, *arguments in _PROGRAMS[extension]:
        program = shutil.which(name)
        if program is not None:
            whole = [program, *arguments]
            return [*whole[:-1], f"@{package}"] if arguments[-1] == "@" else [*whole, package]
    names = " and no ".join(command[0] for command in _PROGRAMS[extension])
    raise RunnerError(f"there is no {names} on this machine to read {extension} with: {_ADVICE[extension]}.")
