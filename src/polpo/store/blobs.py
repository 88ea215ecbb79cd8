"""Large things outside the database: packages, artifacts, log segments; in a folder, or in an object store.

A blob appears whole or not at all, and is replaced the same way. Keys are paths with slashes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from polpo.kernel.errors import Invalid, NotFound

_CHUNK_BYTES = 1 << 20


class BlobStore:
    """Asynchronous verbs for requests and tasks; the `_now` forms are for threads and for small, local reads."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, where: str | Path) -> BlobStore:
        """`where` is a folder, which is made, or the address of a store, such as `s3://bucket/prefix`."""
        text = str(where)
        if "://" in text and not text.startswith("file://"):
            try:
                return cls(from_url(text))
            except (obstore.exceptions.BaseError, ValueError) as error:
                raise Invalid(f"The blob store '{text}' cannot be used: {_reason(error)}.") from error
        folder = Path(text.removeprefix("file://")).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    async def put(self, key: str, content: bytes | Path | AsyncIterator[bytes]) -> int:
        """Stores a blob and returns its size in bytes. When the source fails half-way, nothing is stored."""
        counted = _Counted(content) if isinstance(content, AsyncIterator) else None
        await obstore.put_async(self._store, _checked(key), counted or content)
        if counted is not None:
            return counted.size
        return len(content) if isinstance(content, bytes) else (await obstore.head_async(self._store, key))["size"]

    async def get(self, key: str) -> bytes:
        try:
            return bytes(await (await obstore.get_async(self._store, _checked(key))).bytes_async())
        except FileNotFoundError as error:
            raise _missing(key) from error

    async def get_range(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes from `start` on; fewer at the end of the blob."""
        size = await self.size(key)
        if start >= size or length <= 0:
            return b""
        return bytes(
            await obstore.get_range_async(self._store, _checked(key), start=start, end=min(size, start + length))
        )

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._store, _checked(key))
        except FileNotFoundError as error:
            raise _missing(key) from error
        async for chunk in found.stream(min_chunk_size=_CHUNK_BYTES):
            yield bytes(chunk)

    async def size(self, key: str) -> int:
        try:
            return (await obstore.head_async(self._store, _checked(key)))["size"]
        except FileNotFoundError as error:
            raise _missing(key) from error

    async def exists(self, key: str) -> bool:
        try:
            await self.size(key)
        except NotFound:
            return False
        return True

    async def delete(self, key: str) -> None:
        """Deleting what is not there is no error."""
        try:
            await obstore.delete_async(self._store, _checked(key))
        except FileNotFoundError:
            return

    async def list(self, prefix: str = "") -> list[str]:
        """The keys below a folder, sorted; `prefix` ends at a slash boundary."""
        found: list[str] = []
        async for page in obstore.list(self._store, prefix.rstrip("/") or None):
            found.extend(item["path"] for item in page)
        return sorted(found)

    def local_path(self, key: str) -> Path | None:
        """The file behind a blob, where there is one: saves a copy when a program needs a file."""
        if self._folder is None:
            return None
        path = self._folder / _checked(key)
        return path if path.is_file() else None

    def put_now(self, key: str, content: bytes | Path) -> None:
        obstore.put(self._store, _checked(key), content)

    def get_now(self, key: str) -> bytes:
        try:
            return bytes(obstore.get(self._store, _checked(key)).bytes())
        except FileNotFoundError as error:
            raise _missing(key) from error

    def delete_now(self, key: str) -> None:
        try:
            obstore.delete(self._store, _checked(key))
        except FileNotFoundError:
            return

    def keys_now(self, prefix: str = "") -> Iterator[str]:
        for page in obstore.list(self._store, prefix.rstrip("/") or None):
            yield from (item["path"] for item in page)


class _Counted:
    """Passes chunks on and adds up their sizes, which an object store does not tell."""

    def __init__(self, source: AsyncIterator[bytes]) -> None:
        self._source = source
        self.size = 0

    def __aiter__(self) -> _Counted:
        return self

    async def __anext__(self) -> bytes:
        chunk = await anext(self._source)
        self.size += len(chunk)
        return chunk


def _checked(key: str) -> str:
    parts = key.split("/")
    if not key or any(part in {"", ".", ".."} for part in parts) or "\\" in key or "\0" in key:
        raise Invalid(f"'{key}' cannot be the key of a stored file: it must be a plain path without '..'.")
    return key


def _missing(key: str) -> NotFound:
    return NotFound(f"The stored file '{key}' does not exist; it may have been removed by retention.")


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
