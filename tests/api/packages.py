"""Packages for tests: made in memory, pushed over HTTP."""

from __future__ import annotations

import io
import zipfile

import httpx
from tests.api.conftest import SPACE


def zipped(*names: str, content: str = "content") -> bytes:
    """A zip archive with these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names or ("index.html",):
            archive.writestr(name, content)
    return file.getvalue()


def nupkg(**metadata: str) -> bytes:
    """A NuGet package with this metadata."""
    fields = "".join(f"<{name}>{text}</{name}>" for name, text in metadata.items())
    namespace = "http://schemas.microsoft.com/packaging/2010/07/nuspec.xsd"
    nuspec = f'<?xml version="1.0"?><package xmlns="{namespace}"><metadata>{fields}</metadata></package>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Package.nuspec", nuspec)
        archive.writestr("lib/readme.txt", "Read me.")
    return file.getvalue()


async def push(
    client: httpx.AsyncClient, name: str, content: bytes | None = None, query: str = "", part: str = "file"
) -> httpx.Response:
    """Pushes a file to the built-in feed of the default space, as the official command line does."""
    files = {part: (name, zipped() if content is None else content, "application/octet-stream")}
    return await client.post(f"{SPACE}/packages/raw{query}", files=files)
