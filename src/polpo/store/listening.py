"""What the nodes of one PostgreSQL database tell each other: each listens on one connection of its own.

A transaction that wrote tells so with its commit. A node whose connection was cut does not know what it has missed, so
it keeps nothing until it hears again, and then takes everything for changed.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
import structlog

from polpo.store.backend import News

log = structlog.get_logger("polpo.store")

CHANNEL = "polpo"

_MOST_BYTES = 7_900  # PostgreSQL takes 7,999
_LOOK_SECONDS = 5.0
_PAUSE_SECONDS = 0.5


class _Told(msgspec.Struct):
    sender: str
    kinds: list[str] = []
    topics: dict[str, list[str]] = {}
    everything: bool = False


_told = msgspec.json.Decoder(_Told)


def encode_news(sender: str, news: News) -> str:
    """What does not fit is told as "everything"."""
    told = _Told(sender, sorted(news.kinds), {topic: sorted(items) for topic, items in news.topics.items()})
    text = msgspec.json.encode(told)
    if len(text) > _MOST_BYTES:
        text = msgspec.json.encode(_Told(sender, everything=True))
    return text.decode()


def decode_news(text: str, own: str) -> News | None:
    """None for what this process told itself, or what is not ours."""
    try:
        told = _told.decode(text)
    except msgspec.DecodeError:
        return None
    if told.sender == own:
        return None
    return News(set(told.kinds), {topic: set(items) for topic, items in told.topics.items()}, told.everything)


class Listener:
    """A thread that hears until `close`. `deaf` is called when the connection is gone, until which all was heard."""

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]],
        own: str,
        heard: Callable[[News], None],
        deaf: Callable[[], None],
    ) -> None:
        self._connect = connect
        self._own = own
        self._heard = heard
        self._deaf = deaf
        self._ended = threading.Event()
        self._ear, self._mouth = os.pipe()
        self._thread = threading.Thread(target=self._run, name="polpo-listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        os.write(self._mouth, b".")
        self._thread.join(timeout=10)
        if not self._thread.is_alive():
            os.close(self._ear)
            os.close(self._mouth)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with contextlib.closing(self._connect()) as connection:
                    self._listen(connection)
            except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
                log.warning("the database's notices cannot be heard; trying again", reason=str(error).strip())
            self._deaf()
            self._ended.wait(_PAUSE_SECONDS)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._heard(News(everything=True))
        while not self._ended.is_set():
            ready, _, _ = select.select([connection.fileno(), self._ear], [], [], _LOOK_SECONDS)
            if not ready:
                connection.execute("SELECT 1")  # an open connection that leads nowhere is found out by this
            for notice in connection.notifies(timeout=0):
                news = decode_news(notice.payload, self._own)
                if news is not None:
                    self._heard(news)
