"""The entries of tar archives, plain or compressed in whatever way this Python can read."""

from __future__ import annotations

import tarfile
from contextlib import contextmanager
from typing import Iterable, Iterator

from polpo.runner.extraction import Entry

_BLOCK = 1 << 20


@contextmanager
def tar_entries(package: str) -> Iterator[Iterator[Entry]]:
    """The entries in the archive's order; each is to be taken before the next one is asked for."""
    with tarfile.open(package, "r:*") as archive:
        yield entries_of(archive)


def entries_of(archive: tarfile.TarFile) -> Iterator[Entry]:
    for member in archive:
        yield _entry(archive, member)
        # It remembers every member for ever, and an archive may have millions.
        archive.members = []  # type: ignore[attr-defined]


def _entry(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Entry:
    def blocks() -> Iterable[bytes]:
        content = archive.extractfile(member)
        while content is not None:
            block = content.read(_BLOCK)
            if not block:
                return
            yield block

    return Entry(member.name, _kind(member), member.mode, float(member.mtime), member.linkname, blocks)


def _kind(member: tarfile.TarInfo) -> str:
    if member.isreg():
        return "file"
    if member.isdir():
        return "folder"
    if member.issym():
        return "link"
    return "hardlink" if member.islnk() else "device, pipe or socket"
