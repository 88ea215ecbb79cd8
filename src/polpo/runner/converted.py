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
from typing import IO, Dict, Iterator, List

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
#: By extension, how every archive of the kind begins.
_BEGINNINGS = {".rar": b"Rar!\x1a\x07"}
_BLOCK = 1 << 16


@contextmanager
def converted_entries(package: str, extension: str) -> Iterator[Iterator[Entry]]:
    """The entries in the archive's order; each is to be taken before the next one is asked for."""
    command = _command(os.path.abspath(package), extension)
    _refuse_others(package, extension)
    with tempfile.TemporaryFile() as errors, _started(command, errors) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            try:
                with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                    yield entries_of(archive)
                while process.stdout.read(_BLOCK):
                    pass
            except tarfile.TarError:
                process.stdout.close()  # else a program that has more to say would wait for ever for a reader
                if process.wait() == 0:
                    raise
            if process.wait() != 0:
                errors.seek(0)
                said = errors.read(1000).decode("utf-8", "replace").strip().replace("\n", " ")
                raise RunnerError(_no_archive(extension, said or "what comes out is no tar"))
        finally:
            process.kill()


def _started(command: List[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)


def _refuse_others(package: str, extension: str) -> None:
    """A program that reads many formats must not be the one to choose: in some of them, an archive names files of the
    machine as its content."""
    beginning = _BEGINNINGS.get(extension, b"")
    with open(package, "rb") as content:
        if content.read(len(beginning)) != beginning:
            raise RunnerError(_no_archive(extension, "it does not begin like one"))


def _no_archive(extension: str, why: str) -> str:
    return f"it is damaged or incomplete, or no {extension} at all ({why})."


def _command(package: str, extension: str) -> List[str]:
    for name, *arguments in _PROGRAMS[extension]:
        program = shutil.which(name)
        if program is not None:
            whole = [program, *arguments]
            return [*whole[:-1], f"@{package}"] if arguments[-1] == "@" else [*whole, package]
    names = " and no ".join(command[0] for command in _PROGRAMS[extension])
    raise RunnerError(f"there is no {names} on this machine to read {extension} with: {_ADVICE[extension]}.")
