"""The ceiling of a list: bare Litestar routes on granian. `python bare.py PAGE DATABASE PORT`.

`/bytes` answers with the page's bytes; `/rows` reads the page's items from SQLite and puts them into the same envelope.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import Any

import msgspec
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar, Response, get

_JSON = "application/json; charset=utf-8"


def application(page: bytes, database: Path) -> Litestar:
    envelope = msgspec.json.decode(page)
    connection = _store(database, envelope.pop("Items"))

    @get("/bytes")
    async def same_bytes() -> Response[bytes]:
        return Response(page, media_type=_JSON)

    @get("/rows")
    async def from_rows() -> Response[bytes]:
        rows = connection.execute("select doc from item order by seq limit 30").fetchall()
        items = [msgspec.Raw(doc) for (doc,) in rows]
        return Response(msgspec.json.encode({**envelope, "Items": items}), media_type=_JSON)

    return Litestar([same_bytes, from_rows], openapi_config=None, logging_config=None)


def _store(database: Path, items: list[Any]) -> sqlite3.Connection:
    connection = sqlite3.connect(database)
    connection.execute("pragma journal_mode = wal")
    connection.execute("create table item (seq integer primary key, doc blob not null)")
    connection.executemany("insert into item (doc) values (?)", [(msgspec.json.encode(item),) for item in items])
    connection.commit()
    return connection


async def serve(served: Litestar, port: int) -> None:
    await Server(served, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False).serve()


if __name__ == "__main__":
    asyncio.run(serve(application(Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])), int(sys.argv[3])))
