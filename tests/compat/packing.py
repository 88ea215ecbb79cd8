"""A small package to push."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path


def sample_package(folder: Path, version: str, package_id: str = "Compat.Sample") -> Path:
    """A package with one text file."""
    package = folder / f"{package_id}.{version}.zip"
    package.write_bytes(package_bytes(version))
    return package


def package_bytes(version: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", f"version {version}\n")
    return content.getvalue()
