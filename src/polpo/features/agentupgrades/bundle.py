"""The agent's program as one file, packed from the running installation: it needs no network on either side.

The agent's own code is pure Python. Its libraries are partly compiled; those of this server go along for machines of
the same kind, any other machine goes on with its own.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

import polpo
from polpo.kernel.machine import platform_tag
from polpo.version import __version__

#: What an agent consists of, and what that needs of ours; the bundle's test loads it without anything else.
PARTS = ("agent", "halibut", "kernel", "languages", "runner", "scripthost")
LIBRARIES = ("cffi", "cryptography", "msgspec", "pyOpenSSL", "structlog", "typing_extensions")
_LEAST_PYTHON = (3, 11)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {"__pycache__", "RECORD"}


@dataclass(frozen=True)
class Bundle:
    version: str
    content: bytes


@cache
def agent_bundle() -> Bundle:
    """Made once; takes a second or two, so not on the event loop. The same installation gives the same bytes."""
    libraries = list(_libraries())
    manifest = {
        "version": __version__,
        "python": _LEAST_PYTHON,
        "platform": platform_tag() if libraries else "",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _add(archive, "manifest.json", json.dumps(manifest).encode())
        for name, path in [*_program(), *libraries]:
            _add(archive, name, path.read_bytes())
    return Bundle(__version__, buffer.getvalue())


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _LONG_AGO)
    member.external_attr = 0o600 << 16
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, content)


def _program() -> Iterator[tuple[str, Path]]:
    root = Path(polpo.__path__[0])
    for path in sorted([*root.glob("*.py"), *(one for part in PARTS for one in (root / part).rglob("*"))]):
        if path.is_file() and "__pycache__" not in path.parts and path.name != "__main__.py":
            yield f"polpo/{path.relative_to(root).as_posix()}", path


def _libraries() -> Iterator[tuple[str, Path]]:
    """Nothing when one of them was not installed by a package installer, which alone knows its files."""
    found: list[PackagePath] = []
    for name in LIBRARIES:
        try:
            files = distribution(name).files
        except PackageNotFoundError:
            return
        if not files:
            return
        found += [one for one in files if ".." not in one.parts and not _LEFT_OUT & set(one.parts)]
    for file in sorted(found):
        yield f"libraries/{file.as_posix()}", Path(str(file.locate()))
