"""What every part of the generator works with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, TypeVar

from polpo.features.events.chain import Chain
from polpo.rest.paths import DEFAULT_SPACE
from polpo.server.generation.amounts import Amounts
from polpo.store.database import Database
from polpo.store.documents import Document
from polpo.store.session import Session

T = TypeVar("T")

_BATCH = 500
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)

WORDS = (
    "Account", "Basket", "Billing", "Catalogue", "Checkout", "Delivery", "Export", "Fulfilment", "Gateway", "History",
    "Identity", "Invoice", "Ledger", "Mailer", "Notifier", "Order", "Payment", "Pricing", "Profile", "Search",
    "Shipping", "Stock", "Tracker", "Voucher", "Wallet",
)  # fmt: skip
NOUNS = ("Service", "Worker", "Site", "Api", "Batch", "Portal")


@dataclass
class Making:
    """The run of one generator. `random` decides everything, so that a seed stands for the data."""

    database: Database
    amounts: Amounts
    say: Callable[[str], None]
    chain: Chain
    random: Random = field(init=False)
    space_id: str = DEFAULT_SPACE

    def __post_init__(self) -> None:
        self.random = Random(self.amounts.seed)  # noqa: S311 - made-up data, no secret

    def in_batches(self, items: Iterable[T], store: Callable[[Session, T], None]) -> None:
        """Stores the items, some hundreds a transaction."""
        for batch in _batches(items, _BATCH):

            def work(session: Session, batch: list[T] = batch) -> None:
                for item in batch:
                    store(session, item)

            self.database.write_now(work)

    def moment(self, part: float) -> datetime:
        """A moment in the installation's three years; `part` from 0 to 1."""
        return _BEGIN + timedelta(days=3 * 365 * part)


def stamped(document: Document, moment: datetime) -> Any:
    document.last_modified_on, document.last_modified_by = moment, "admin"
    return document


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
