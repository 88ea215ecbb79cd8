"""What a database must be able to do for Polpo, so that the rest of the store knows no product by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa

from polpo.kernel.errors import AppError


@dataclass
class News:
    """What a committed group of writes has to tell: the kinds that it wrote, and what was announced, by topic.

    `everything`: too much, or nobody knows what; whoever keeps an answer forgets it, and every subscriber looks.
    """

    kinds: set[str] = field(default_factory=set)
    topics: dict[str, set[str]] = field(default_factory=dict)
    everything: bool = False

    def add(self, kinds: Iterable[str], topics: Mapping[str, Iterable[str]]) -> None:
        self.kinds.update(kinds)
        for topic, items in topics.items():
            self.topics.setdefault(topic, set()).update(items)

    def __bool__(self) -> bool:
        return bool(self.kinds or self.topics or self.everything)


class Backend(Protocol):
    """One product. `writer` begins transactions that exclude each other, on this node and on all others."""

    writer: sa.Engine
    #: Whether other processes write to this database, too.
    is_shared: bool

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """A connection in a transaction that sees one state of the data and cannot write."""

    def begin(self, connection: sa.Connection) -> AbstractContextManager[object]:
        """A transaction on a connection of `writer`, as soon as nobody else writes; commits at the end."""

    def tell(self, connection: sa.Connection, news: News) -> None:
        """Lets the other nodes know, with the commit of the transaction that the connection is in."""

    def listen(self, heard: Callable[[News], None], deaf: Callable[[], None]) -> None:
        """From now on passes on what other nodes tell; called once.

        `deaf`: what they tell is missed, until `heard` is called with everything.
        """

    def explain(self, error: BaseException) -> AppError | None:
        """What a failure of the database means to the user; None when it is no failure of the database's service."""

    def is_refusal(self, error: BaseException) -> bool:
        """Whether the database answered, and will not let us in however long we wait."""

    def compact(self, tables: Iterable[str]) -> None:
        """Leaves nothing of what was replaced or deleted in the tables; only while nobody else uses the database."""

    def close(self) -> None: ...
