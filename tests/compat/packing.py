"""A small package to push."""

from __future__ import annotations

import zipfile
from pathlib import Path


def sample_package(folder: Path, version: str, package_id: str = "Compat.Sample") -> Path:
    """A package with one text file."""
    package = folder / f"{package_id}.{version}.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("readme.txt", f"version {version}\n")
    return package
