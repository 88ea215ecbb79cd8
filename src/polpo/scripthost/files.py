"""Files that come to a machine or are fetched from it, beside its scripts."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path, PurePosixPath

from polpo.halibut.contracts import UploadResult
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import Invalid


class FileStore:
    """Relative paths are below `home`, absolute ones are taken as they are."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def resolve(self, remote_path: str) -> Path:
        """Where a path of the contract lies; Invalid for one that says it is below home and is not."""
        path = PurePosixPath(remote_path.replace("\\", "/"))
        if "\0" in remote_path or not path.parts or ".." in path.parts:
            raise Invalid(f"'{remote_path}' is no path for a file on this machine: write it without '..'.")
        return self._home / path

    async def upload(self, remote_path: str, upload: DataStream | None) -> UploadResult:
        """Stores a file as a whole or not at all. Without content nothing is written, as the contract has it."""
        path = self.resolve(remote_path)
        if upload is None:
            return UploadResult(str(path), None, 0)
        return await asyncio.to_thread(_store, path, upload)

    async def download(self, remote_path: str) -> DataStream | None:
        """The file's content; None when there is no such file."""
        path = self.resolve(remote_path)
        if not path.is_file():
            return None
        if not os.access(path, os.R_OK):  # to be found out while it is sent would be too late for an answer
            raise Invalid(f"The file {path} on this machine cannot be read by the user of the agent.")
        return DataStream.of_file(path)


def _store(path: Path, upload: DataStream) -> UploadResult:
    digest = hashlib.sha1(usedforsecurity=False)
    length = 0
    try:
        for chunk in upload.chunks():
            digest.update(chunk)
            length += len(chunk)
        path.parent.mkdir(parents=True, exist_ok=True)
        upload.move_to(path, mode=0o644)
    except OSError as error:
        raise Invalid(f"The file {path} could not be stored on this machine: {error.strerror or error}.") from error
    return UploadResult(str(path), digest.hexdigest(), length)
