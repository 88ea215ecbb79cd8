"""The ceiling of any answer: an ASGI program of a few lines on the same server program. `python hello.py PORT`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

_BODY = b'{"Hello": "world"}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())]


async def hello(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _BODY})


if __name__ == "__main__":
    asyncio.run(
        Server(
            hello, address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.ASGINL, log_enabled=False
        ).serve()
    )
