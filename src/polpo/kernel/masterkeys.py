"""Where the master key comes from, and how a file of it is kept: never readable by others, never half written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import MasterKey

_ENDING = ".next"


class KeyFile:
    """A file with one master key, and beside it, while the key is being replaced, one with the next."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.next = path.with_name(path.name + _ENDING)

    def read(self) -> MasterKey | None:
        """None when there is no file; Invalid when it is no key, or others than its owner may change it."""
        return _read(self.path)

    def read_next(self) -> MasterKey | None:
        return _read(self.next)

    def write(self, key: MasterKey) -> None:
        """Invalid when there is a file already: a key that is written over is lost."""
        _write(self.path, key)

    def write_next(self, key: MasterKey) -> None:
        self.next.unlink(missing_ok=True)
        _write(self.next, key)

    def turn(self) -> None:
        """The next key takes the place of the old one."""
        self.next.replace(self.path)
        _settle(self.path.parent)

    def faults(self) -> Iterator[str]:
        """What is wrong with who may read it."""
        if self.path.exists() and (mode := stat.S_IMODE(self.path.stat().st_mode)) & 0o077:
            yield (
                f"The master key file {self.path} can be read by others (its mode is {mode:o}); only the server should:"
                f" chmod 600 {self.path}"
            )


def _read(path: Path) -> MasterKey | None:
    try:
        text, mode = path.read_text(), path.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Invalid(f"The master key file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is no base64 text; give 32 random bytes as base64.") from error
    if mode & 0o022:
        raise Invalid(f"Others can change the master key file {path}, so it is not used: chmod 600 {path}")
    return MasterKey.from_text(text, str(path))


def _write(path: Path, key: MasterKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Invalid(f"There is a master key file {path} already; it is not written over.") from error
    except OSError as error:
        raise Invalid(f"The master key file {path} cannot be written: {error.strerror}.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.to_text().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
