"""Unpacking a package as if whoever packed it were an enemy.

Nothing is written outside the folder: entries that climb out, absolute paths, devices and links that lead out are
refused, and so is an archive that unpacks to absurd amounts. Links are made last, so nothing is written through one.
A package that is refused leaves nothing behind.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
import zlib
from typing import Callable, ContextManager, Iterable, Iterator, List, NamedTuple, Optional, Tuple

from polpo.runner.errors import RunnerError
from polpo.runner.hands import Hands
from polpo.runner.packages import PackageName

ZIP_EXTENSIONS = (".zip", ".nupkg", ".jar", ".war", ".ear")
TAR_EXTENSIONS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.bz", ".tbz", ".tbz2", ".tar.xz", ".txz")
#: What a program of the machine has to help with.
OTHER_EXTENSIONS = (".tar.z", ".rar")
#: The modules whose errors tell that an archive is none.
_OF_ARCHIVES = ("zipfile", "zipfile._path", "igzip_lib", "tarfile", "lzma", "_lzma")
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would write other line ends


class Limits(NamedTuple):
    """What an archive may unpack to. The ratio counts only from a size on that a small package never has."""

    #: Bytes; 0 is no bound.
    total: int = 0
    #: Unpacked bytes for one packed byte; 0 is no bound.
    ratio: int = 200
    ratio_from: int = 1 << 30


class Entry(NamedTuple):
    """One thing in an archive, of either kind of archive."""

    name: str
    #: file, folder, link, hardlink, or what it is that is refused.
    kind: str
    mode: int
    modified: Optional[float]
    #: Where a link leads.
    target: str
    #: The content of a file, piece by piece.
    blocks: Callable[[], Iterable[bytes]]
    #: Whether the content may be taken at any time and by any thread, while the archive is open.
    is_free: bool = False


def extract(package: str, name: PackageName, folder: str, limits: Limits) -> int:
    """Unpack into a folder that does not exist yet and give the number of files; on failure the folder is gone."""
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    os.mkdir(folder)
    try:
        with _entries(package, name) as entries, Hands() as hands:
            unpacking = _Unpacking(folder, os.path.getsize(package), limits, hands)
            for entry in entries:
                unpacking.add(entry)
            return unpacking.finish()
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise RunnerError(f"The package {os.path.basename(package)} cannot be unpacked: {sentence}") from error


def _entries(package: str, name: PackageName) -> ContextManager[Iterator[Entry]]:
    extension = name.extension.lower()
    if extension in ZIP_EXTENSIONS:
        from polpo.runner.zips import zip_entries

        return zip_entries(package, opc=extension == ".nupkg")
    if extension in TAR_EXTENSIONS:
        from polpo.runner.tars import tar_entries

        return tar_entries(package)
    if extension in OTHER_EXTENSIONS:
        from polpo.runner.converted import converted_entries

        return converted_entries(package, extension)
    known = ", ".join(ZIP_EXTENSIONS + TAR_EXTENSIONS + OTHER_EXTENSIONS)
    raise RunnerError(f'packages of the kind "{name.extension}" are not supported; use one of {known}.')


def _sentence(error: BaseException) -> Optional[str]:
    """What is wrong with the archive or the disk, in words; None for everything that is no fault of theirs."""
    if isinstance(error, RunnerError):
        return error.message
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return f"it has a name that is too long for this disk, {error.filename}. Shorten it, or install elsewhere."
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror or error}{where}."
    if isinstance(error, (EOFError, zlib.error)):
        return f"it is damaged or incomplete ({error})."
    if type(error).__module__ in _OF_ARCHIVES or isinstance(error, NotImplementedError):
        return f"it is no readable archive of its kind ({error})."
    return None


class _Unpacking:
    """One archive on its way to the disk."""

    def __init__(self, folder: str, packed_size: int, limits: Limits, hands: Hands) -> None:
        self._root = os.path.realpath(folder)
        self._packed_size = packed_size
        self._limits = limits
        self._hands = hands
        self._lock = threading.Lock()
        self._written = 0
        self._files = 0
        self._links: List[Tuple[str, Entry]] = []
        self._folder_modes: List[Tuple[str, int]] = []

    def add(self, entry: Entry) -> None:
        self._count(512)
        parts = _parts(entry.name)
        if not parts:
            return
        path = os.path.join(self._root, *parts)
        if entry.kind == "folder":
            os.makedirs(path, exist_ok=True)
            self._folder_modes.append((path, entry.mode))
        elif entry.kind == "file":
            self._file(path, entry)
        elif entry.kind == "hardlink":
            self._same_file(path, entry)
        elif entry.kind == "link":
            self._links.append((path, entry))
        else:
            raise RunnerError(f'its entry "{entry.name}" is a {entry.kind}, and only files, folders and links may be.')

    def finish(self) -> int:
        """Make the links, check where each of them leads, and give the number of files."""
        self._hands.rest()
        for path, entry in self._links:
            self._make_way(path, entry)
            os.symlink(entry.target, path)
        for path, entry in self._links:
            if _is_loop(path):
                raise RunnerError(f'its link "{entry.name}" leads round in a circle. Pack it without.')
            if not _inside(os.path.realpath(path), self._root):
                raise RunnerError(
                    f'its link "{entry.name}" leads out of the package, to "{entry.target}". That is not safe to '
                    f"install: pack the files themselves."
                )
        for path, mode in reversed(self._folder_modes):
            os.chmod(path, (mode & 0o755) | 0o700)
        return self._files + len(self._links)

    def _file(self, path: str, entry: Entry) -> None:
        self._make_way(path, entry)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        self._files += 1
        if entry.is_free:
            self._hands.take(lambda: self._fill(descriptor, path, entry))
        else:
            self._fill(descriptor, path, entry)

    def _fill(self, descriptor: int, path: str, entry: Entry) -> None:
        times = None if entry.modified is None else (entry.modified, entry.modified)
        with open(descriptor, "wb", buffering=0) as content:
            for block in entry.blocks():
                self._count(len(block))
                view = memoryview(block)
                while view:
                    view = view[content.write(view) :]
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, (entry.mode & 0o755) | 0o600)
            if times and os.utime in os.supports_fd:
                os.utime(descriptor, times)
        if times and os.utime not in os.supports_fd:
            os.utime(path, times)

    def _same_file(self, path: str, entry: Entry) -> None:
        source = os.path.join(self._root, *_parts(entry.target))
        try:
            regular = stat.S_ISREG(os.lstat(source).st_mode)
        except FileNotFoundError:
            regular = False
        if not regular or source == path:
            raise RunnerError(
                f'its entry "{entry.name}" is the same file as "{entry.target}", which does not come before.'
            )
        self._make_way(path, entry)
        os.link(source, path)
        self._files += 1

    def _make_way(self, path: str, entry: Entry) -> None:
        """Make the folders above; of two entries with the same name the later one counts.

        What lies there under another name has one that this disk does not tell apart, as in another case.
        """
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise RunnerError(f'its entry "{entry.name}" lies in what is no folder but a file.') from None
        if os.path.lexists(path):
            if os.path.isdir(path) and not os.path.islink(path):
                raise RunnerError(f'its entry "{entry.name}" is a folder and something else at once.')
            folder, name = os.path.split(path)
            if name not in os.listdir(folder):
                raise RunnerError(
                    f'its entry "{entry.name}" and another one have names that this disk does not tell apart, most '
                    f"likely by upper and lower case. Rename one of them."
                )
            os.unlink(path)

    def _count(self, size: int) -> None:
        with self._lock:
            self._written += size
        limits = self._limits
        if limits.total and self._written > limits.total:
            raise RunnerError(
                f"it unpacks to more than {limits.total:,} bytes. If that is right, raise the variable "
                f"Octopus.Calamari.ArchiveLimits.MaximumUncompressedSize."
            )
        if limits.ratio and self._written > max(limits.ratio_from, limits.ratio * self._packed_size):
            raise RunnerError(
                f"it has {self._packed_size:,} bytes and unpacks to more than {self._written:,}, which looks like an "
                f"archive made to fill the disk. If that is right, raise the variable "
                f"Octopus.Calamari.ArchiveLimits.MaximumCompressionRatio above {limits.ratio}."
            )


def _parts(name: str) -> List[str]:
    """The path of an entry in its pieces; refused when it is absolute or climbs out."""
    if "\0" in name or name.startswith("/") or (len(name) > 1 and name[1] == ":" and name[0].isalpha()):
        raise RunnerError(f"its entry {name!r} has an absolute path. Pack with paths relative to the package's root.")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise RunnerError(f'its entry "{name}" climbs out of the package with "..". Pack it without.')
    return parts


def _is_loop(link: str) -> bool:
    try:
        os.stat(link)
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def _inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root + os.sep)
