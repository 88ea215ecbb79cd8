"""Answers that are kept ready until something that they tell of is written.

A route that names what its answer depends on is asked once for each caller and question; until a document of those
kinds is written, the same bytes go out again. Every such answer has an ETag: a browser that has it gets no body.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from litestar import Response

from polpo.rest.answers import JSON
from polpo.store.memos import Memos

#: Names of kinds, and of other tables whose writers note them in `Session.written`.
Depends = tuple[str, ...]

_MOST_BYTES = 64 << 20
_LARGEST = 16 << 20
_DIGESTED = 1 << 20


@dataclass(frozen=True)
class _Kept:
    begun: int
    body: bytes
    tag: str


class KeptAnswers:
    """Used by the event loop's thread only. The least recently asked go first when there is no more room."""

    def __init__(self, memos: Memos) -> None:
        self._memos = memos
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0

    def find(self, key: Hashable, depends: Depends, known: str | None) -> Response[bytes] | None:
        """The kept answer; without a body when the client has it already, which the tag `known` tells."""
        kept = self._kept.get(key)
        if kept is None or self._memos.newest(depends) > kept.begun:
            return None
        self._kept.move_to_end(key)
        return _response(kept, known)

    def keep(self, key: Hashable, begun: int, body: bytes, known: str | None) -> Response[bytes]:
        """Keeps a body that was made from what was written up to `begun`, and answers with it."""
        tag = _tag(body)
        kept = _Kept(begun, body, tag)
        self._drop(key)
        if len(body) <= _LARGEST:
            self._kept[key] = kept
            self._bytes += len(body)
        while self._bytes > _MOST_BYTES:
            self._drop(next(iter(self._kept)))
        return _response(kept, known)

    def _drop(self, key: Hashable) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self._bytes -= len(gone.body)


def _tag(body: bytes) -> str:
    """Megabytes of a large dashboard are told apart by sums, which cost a tenth of a digest."""
    if len(body) > _DIGESTED:
        return f'"{len(body):x}-{zlib.crc32(body):08x}{zlib.adler32(body):08x}"'
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _response(kept: _Kept, known: str | None) -> Response[bytes]:
    headers = {"Cache-Control": "private, no-cache", "ETag": kept.tag}
    if known is not None and kept.tag in known:
        return Response(b"", status_code=304, headers=headers)
    return Response(kept.body, status_code=200, media_type=JSON, headers=headers)
