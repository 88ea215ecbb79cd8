"""Bodies of requests as they arrive: piece by piece, and never waited for without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request

from polpo.kernel.errors import AppError, TooLarge

MOST_BYTES = 20 << 20
#: What is kept in memory for anybody at all: who has not signed in has little to say.
SMALL_BYTES = 256 << 10
#: How long a client may send nothing, and how long a body that is kept in memory may take as a whole.
_SILENCE_SECONDS = 60.0
_WHOLE_SECONDS = 180.0


class TooSlow(AppError):
    status = 408


async def pieces(request: Request[Any, Any, Any], *, silence: float = _SILENCE_SECONDS) -> AsyncIterator[bytes]:
    """The body in pieces. TooSlow when none comes for long: whoever waits for a body holds a place."""
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(silence):
                piece = await anext(stream, None)
        except TimeoutError as error:
            raise TooSlow(f"The rest of the request did not come within {silence:g} seconds.") from error
        if piece is None:
            return
        yield piece


async def whole(request: Request[Any, Any, Any], most_bytes: int = MOST_BYTES) -> bytes:
    """The body at once. TooLarge, or TooSlow."""
    size, received = 0, []
    try:
        async with asyncio.timeout(_WHOLE_SECONDS):
            async for piece in pieces(request):
                size += len(piece)
                if size > most_bytes:
                    raise TooLarge(f"The request body is larger than {_told(most_bytes)}.")
                received.append(piece)
    except TimeoutError as error:
        raise TooSlow(f"The request body did not come within {_WHOLE_SECONDS:g} seconds.") from error
    return b"".join(received)


def is_small(request: Request[Any, Any, Any]) -> bool:
    """Whether the request says that its body is; one that does not say how long it is may be any size."""
    declared = request.headers.get("content-length", "")
    return declared.isdecimal() and int(declared) <= SMALL_BYTES


def _told(size: int) -> str:
    return f"{size >> 20} MB" if size >= 1 << 20 else f"{size >> 10} KB"
