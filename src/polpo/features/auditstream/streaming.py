"""The loop that sends: on one of the nodes, in batches, as long as there is something."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx

from polpo.engine.rounds import Rounds
from polpo.features.auditstream.parcels import Parcel, Refusal, Target, judge, parcel
from polpo.features.auditstream.reading import MOST, Batch, Reader
from polpo.features.auditstream.resource import AUDIT_STREAM, AuditStreamConfiguration
from polpo.features.auditstream.state import (
    begin,
    end,
    hold,
    note_failed,
    note_sent,
    note_skipped,
    row_of,
)
from polpo.features.configuration.service import read_section
from polpo.features.events.chain import Chain, head_of
from polpo.kernel.clock import iso
from polpo.kernel.destinations import Destinations, Refused
from polpo.kernel.outgoing import outgoing_client
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.session import Session

_SECONDS = 30.0
_MOST_ANSWER = 64 * 1024
_BATCHES = 200  # in one round


@dataclass(frozen=True)
class _Due:
    """What is to be done: `target` is None where there is no stream, or it begins."""

    target: Target | None
    sent: int = 0
    has_row: bool = False


class Sender:
    """Sends single parcels; used by the stream, and by whoever tries it."""

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def send(self, target: Target, lines: list[bytes]) -> str:
        """A remark where the other side took them with one; Refusal, whatever stood in the way."""
        made: Parcel = parcel(target, lines)
        try:
            answer = await self._connected().post(made.url, headers=made.headers, content=made.body)
        except Refused as error:
            raise Refusal(target.mask(error.message)) from error
        except httpx.HTTPError as error:
            told = str(error) or type(error).__name__
            raise Refusal(target.mask(f"{target.kind} cannot be reached: {told}.")) from error
        return judge(target, answer)

    def _connected(self) -> httpx.AsyncClient:
        """One for all parcels, made when it is needed: reading the certificates of authorities takes a while."""
        if self._client is None:
            self._client = outgoing_client(self._destinations, seconds=_SECONDS, most_bytes=_MOST_ANSWER)
        return self._client


def target_of(session: Session, stream: AuditStreamConfiguration, installation: str) -> Target:
    """Where the configured stream goes, with its secrets."""
    address, token = stream.endpoint_url, session.reveal(stream.token) or ""
    if stream.stream_type == "SumoLogic":
        address, token = session.reveal(stream.sumo_logic_endpoint_url) or "", ""
    return Target(stream.stream_type, address, token, stream.header_name, installation)


class AuditStream(Rounds):
    """One on each node."""

    PAUSE = 5.0

    def __init__(self, database: Database, blobs: BlobStore, chain: Chain, sender: Sender, installation: str) -> None:
        super().__init__()
        self._database = database
        self._reader = Reader(database, blobs, chain)
        self._sender = sender
        self._installation = installation
        self._most = MOST

    async def close(self) -> None:
        await super().close()
        await self._sender.close()

    async def round(self) -> None:
        for _ in range(_BATCHES):
            if not await self._step():
                return

    async def _step(self) -> bool:
        """Whether there may be more to do at once."""
        due = await asyncio.to_thread(self._due)
        if due is None:
            return False
        if due.target is None:
            await self._database.write(end if due.has_row else begin)
            return False
        node = self._database.identity
        if not await self._database.write(lambda session: hold(session, node)):
            return False
        batch = await asyncio.to_thread(self._reader.after, due.sent, self._most)
        return batch is not None and await self._pass_on(due.target, batch)

    def _due(self) -> _Due | None:
        with self._database.read() as session:
            stream, row, head = read_section(session, AUDIT_STREAM), row_of(session), head_of(session)
            if not stream.is_enabled:
                return _Due(None, has_row=True) if row is not None else None
            if row is None:
                return _Due(None)
            is_waiting = row.retry_on > iso(session.clock.now())
            if stream.is_paused or is_waiting or head is None or head.seq <= row.sent:
                return None
            return _Due(target_of(session, stream, self._installation), row.sent, has_row=True)

    async def _pass_on(self, target: Target, batch: Batch) -> bool:
        node = self._database.identity
        if batch.gone:
            await self._database.write(lambda session: note_skipped(session, node, batch.last, batch.gone))
            return True
        try:
            remark = await self._sender.send(target, batch.lines)
        except Refusal as refusal:
            if refusal.is_too_large and len(batch.lines) > 1:
                self._most = len(batch.lines) // 2
                return True
            sentence, wait = str(refusal), refusal.wait
            await self._database.write(lambda session: note_failed(session, node, sentence, wait))
            return False
        self._most = MOST
        await self._database.write(lambda session: note_sent(session, node, batch.last, remark))
        return True
