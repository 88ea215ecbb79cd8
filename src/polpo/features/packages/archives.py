"""What a package must be before it is stored: an archive that can be unpacked, and that stays in its folder."""

from __future__ import annotations

import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from polpo.kernel.errors import Invalid

ZIPS = frozenset({".zip", ".nupkg", ".jar", ".war", ".ear"})
TARS = frozenset({".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.bz", ".tar.xz"})

#: Archives that only a target's programs can look into, and what they begin with.
OTHERS = {".rar": b"Rar!\x1a\x07", ".tar.z": b"\x1f\x9d"}

_DRIVE = re.compile(r"[A-Za-z]:")
_MOST_ENTRIES = 1_000_000
_MOST_BYTES = 64 << 30
#: Unpacked bytes for one packed byte; counts only from a size on that a small package never has.
_MOST_RATIO, _RATIO_FROM = 200, 1 << 30
_LINK_BYTES = 4096


@dataclass(frozen=True)
class Entry:
    """One member of an archive. `target` is where a link points, `is_hard` when it points at another member."""

    name: str
    size: int
    target: str | None = None
    is_hard: bool = False
    is_device: bool = False


def check_archive(path: Path, file_name: str, extension: str) -> None:
    """Refuses what is no archive of its extension, what climbs out of its folder, and what could fill a disk.

    Reads the file; call it in a thread.
    """
    if (mark := OTHERS.get(extension.lower())) is not None:
        _check_mark(path, file_name, extension, mark)
        return
    read = _reader(extension)
    if read is None:
        known = ", ".join(sorted(ZIPS | TARS | OTHERS.keys()))
        raise _refused(file_name, f"packages of the type '{extension}' cannot be unpacked; send one of {known}")
    try:
        _check(file_name, read(path), path.stat().st_size)
    except _UNREADABLE as error:
        kind = "zip" if extension.lower() in ZIPS else "tar"
        raise _refused(file_name, f"it is no {kind} archive, or it is damaged ({_reason(error)})") from error


def _check_mark(path: Path, file_name: str, extension: str, mark: bytes) -> None:
    """Where it would lead is checked on each target, when it is unpacked."""
    with path.open("rb") as file:
        if file.read(len(mark)) != mark:
            raise _refused(file_name, f"it is no {extension} archive, or it is damaged")


_UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, OSError, NotImplementedError)


def _reader(extension: str) -> Callable[[Path], Iterator[Entry]] | None:
    plain = extension.lower()
    if plain in ZIPS:
        return _zip_entries
    return _tar_entries if plain in TARS else None


def _zip_entries(path: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.flag_bits & 0x1:
                raise zipfile.BadZipFile(f"the entry '{info.filename}' is encrypted")
            target = None
            if stat.S_ISLNK(info.external_attr >> 16):
                with archive.open(info) as file:
                    target = file.read(_LINK_BYTES).decode("utf-8", "replace")
            yield Entry(info.filename, info.file_size, target)


def _tar_entries(path: Path) -> Iterator[Entry]:
    with tarfile.open(path) as archive:
        for info in archive:
            target = info.linkname if info.issym() or info.islnk() else None
            yield Entry(info.name, info.size, target, is_hard=info.islnk(), is_device=info.isdev())


def _check(file_name: str, entries: Iterable[Entry], packed: int) -> None:
    """A link may point anywhere as long as nothing is written through it; that is what makes it a way out."""
    names: list[PurePosixPath] = []
    ways_out: set[PurePosixPath] = set()
    total = 0
    for number, entry in enumerate(entries, start=1):
        total += entry.size
        if number > _MOST_ENTRIES or total > _MOST_BYTES:
            raise _refused(file_name, "it unpacks to more than 64 GB or a million files")
        if total > max(_RATIO_FROM, packed * _MOST_RATIO):
            raise _refused(file_name, f"it unpacks to more than {_MOST_RATIO} times its size")
        if entry.is_device:
            raise _refused(file_name, f"the entry '{entry.name}' is a device, which packages must not hold")
        name = _resolved(PurePosixPath(), entry.name)
        if name is None:
            raise _refused(file_name, f"the entry '{entry.name}' would be unpacked outside of its folder")
        names.append(name)
        if entry.target is not None and _leads_out(entry, name):
            if entry.is_hard:
                raise _refused(file_name, f"the entry '{entry.name}' is a hard link to a file outside of the package")
            ways_out.add(name)
    _refuse_writes_through(file_name, names, ways_out)


def _leads_out(entry: Entry, name: PurePosixPath) -> bool:
    base = PurePosixPath() if entry.is_hard else name.parent
    return _resolved(base, entry.target or "") is None


def _refuse_writes_through(file_name: str, names: list[PurePosixPath], ways_out: set[PurePosixPath]) -> None:
    if not ways_out:
        return
    for name in names:
        if not ways_out.isdisjoint(name.parents):
            raise _refused(file_name, f"the entry '{name}' would be written through a link that leads outside")


def _resolved(base: PurePosixPath, name: str) -> PurePosixPath | None:
    """The place of a name below the package's folder; None when it is outside."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain):
        return None
    parts = list(base.parts)
    for part in plain.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return PurePosixPath(*parts)


def _refused(file_name: str, why: str) -> Invalid:
    sentence = f"The package '{file_name}' was not stored: {why}."
    return Invalid(sentence, [sentence])


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".") or type(error).__name__
