"""Data streams: bytes of any size that travel behind a message, never in memory as a whole."""

from __future__ import annotations

import asyncio
import errno
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from polpo.kernel.errors import Invalid

CHUNK = 64 * 1024
_MAX_IN_MEMORY = 64 * 1024 * 1024


class DataStream:
    """`length` bytes that come from memory or from a file. `temporary` files are removed by `discard`."""

    def __init__(
        self, length: int, *, content: bytes | None = None, path: Path | None = None, temporary: bool = False
    ) -> None:
        self.id = uuid.uuid4()
        self.length = length
        self._content = content
        self._path = path
        self._temporary = temporary
        #: Lower-case hex, where whoever made the stream knows it; empty: it would have to be computed.
        self.sha1 = ""

    @classmethod
    def of_bytes(cls, content: bytes) -> DataStream:
        return cls(len(content), content=content)

    @classmethod
    def of_file(cls, path: Path, *, temporary: bool = False) -> DataStream:
        return cls(path.stat().st_size, path=path, temporary=temporary)

    def spooled_to(self, path: Path) -> None:
        """From now on the content is in this temporary file."""
        self._path, self._temporary = path, True

    @property
    def path(self) -> Path | None:
        """The file that it comes from; None for one that comes from memory."""
        return self._path

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces; reads a file as it goes."""
        if self._path is None:
            content = self._content or b""
            yield from (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))
            return
        with self._path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    async def save_to(self, path: Path) -> None:
        """Copies the content to `path`."""
        await asyncio.to_thread(self._save, path)

    def _save(self, path: Path) -> None:
        if self._path is not None:
            shutil.copyfile(self._path, path)
        else:
            path.write_bytes(self._content or b"")

    def move_to(self, path: Path, mode: int = 0o600) -> None:
        """The content becomes the file `path`, which is replaced as a whole; where it can be, without a copy."""
        if self._path is not None and self._temporary:
            self._path.chmod(mode)
            try:
                self._path.replace(path)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
            else:
                return
        copy = path.with_name(f".{self.id.hex}.partial")
        try:
            self._save(copy)
            copy.chmod(mode)
            copy.replace(path)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise

    async def read(self) -> bytes:
        """The whole content, for streams that are known to be small."""
        if self.length > _MAX_IN_MEMORY:
            raise Invalid(f"A stream of {self.length} bytes is too large to be held in memory; save it to a file.")
        return await asyncio.to_thread(lambda: b"".join(self.chunks()))

    def discard(self) -> None:
        if self._temporary and self._path is not None:
            self._path.unlink(missing_ok=True)
