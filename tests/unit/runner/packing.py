"""Archives for the tests, good and hostile ones."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from pathlib import Path

from polpo.runner.extraction import Limits, extract
from polpo.runner.packages import parse_file_name

LINK = stat.S_IFLNK | 0o777


def zip_of(path: Path, *entries: tuple[str, bytes, int]) -> Path:
    """Each entry is name, content and Unix mode with the file's kind; mode 0 is as Windows writes it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in entries:
            info = zipfile.ZipInfo(name, (2024, 5, 17, 10, 30, 0))
            info.create_system = 3 if mode else 0
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16 or 0x20
            archive.writestr(info, content)
    return path


def tar_of(path: Path, *members: tuple[str, bytes, bytes, str], mode: int = 0o644) -> Path:
    """Each member is name, tarfile's type, content and the target of a link."""
    kind = {".gz": "w:gz", ".tgz": "w:gz", ".bz2": "w:bz2"}.get(path.suffix, "w")
    with tarfile.open(path, kind) as archive:  # type: ignore[call-overload]
        for name, form, content, target in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname, info.mode, info.mtime = form, len(content), target, mode, 1_700_000_000
            archive.addfile(info, io.BytesIO(content))
    return path


def unpack(package: Path, folder: Path, limits: Limits | None = None) -> int:
    return extract(str(package), parse_file_name(str(package)), str(folder), limits or Limits())
