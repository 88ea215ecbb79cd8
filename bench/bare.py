"""The ceiling: one Litestar route on granian that answers with the bytes of a file. `python bare.py FILE PORT`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar, Request, Response, get


def application(body: bytes) -> Litestar:
    @get("/")
    async def answer(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
        return Response(body, media_type="application/json; charset=utf-8")

    answer.fn.__annotations__ = {"request": Request, "return": Response[bytes]}
    return Litestar([answer], openapi_config=None, logging_config=None)


async def serve(body: bytes, port: int) -> None:
    server = Server(application(body), address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]).read_bytes(), int(sys.argv[2])))
