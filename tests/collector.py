"""What takes events over HTTP, as Splunk's collector, Sumo Logic and OpenTelemetry's collector do; on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Collector:
    """Answers with `answers` in turn, each a status with a body and headers, and with 200 when there are none left.

    With `token`, it refuses what does not have it in the header Authorization, as Splunk does. None as an answer
    means none: the connection is closed. `most` bytes are the largest body.
    """

    address: str = ""
    token: str = ""
    most: int = 1 << 30
    answers: list[tuple[int, str, str] | None] = field(default_factory=list)
    serving: dict[asyncio.Task[Any], asyncio.StreamWriter] = field(default_factory=dict)
    asked: list[Taken] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)

    @property
    def splunk_events(self) -> list[Any]:
        return [json.loads(line)["event"] for one in self.taken for line in one.body.splitlines()]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving[task] = writer
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Taken(first.split(" ")[1], headers, body)
        self.asked.append(asked)
        said = self._said(asked)
        if said is None:
            return False
        status, text, more = said
        if status == 200:
            self.taken.append(asked)
        head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(text.encode())}\r\n{more}\r\n"
        writer.write(head.encode() + text.encode())
        await writer.drain()
        return True

    def _said(self, asked: Taken) -> tuple[int, str, str] | None:
        if self.token and asked.headers.get("authorization") != self.token:
            return 401, '{"text":"Invalid token","code":4}', ""
        if len(asked.body) > self.most:
            return 413, "", ""
        return self.answers.pop(0) if self.answers else (200, '{"text":"Success","code":0}', "")


@asynccontextmanager
async def collector(**more: Any) -> AsyncIterator[Collector]:
    made = Collector(**more)
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield made
    server.close()
    for writer in made.serving.values():
        writer.close()
    await asyncio.gather(*made.serving)
