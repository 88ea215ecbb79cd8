"""A small package to push."""

from __future__ import annotations

import zipfile
from pathlib import Path


def sample_package(folder: Path, version: str) -> Path:
    """`Compat.Sample.{version}.zip` with one text file."""
    package = folder / f"Compat.Sample.{version}.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("readme.txt", f"version {version}\n")
    return package
