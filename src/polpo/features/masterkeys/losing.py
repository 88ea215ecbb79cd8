"""What is lost with a lost master key: every sealed text that no known key opens, found, told and cleared.

A document keeps all but its secrets. A task that has not ended ends, since it cannot go on without what it kept; one
that has ended cannot be resumed any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.engine import TaskState, queue
from polpo.engine.tables import server_task, task_activity
from polpo.features.events.chain import begin_anew
from polpo.features.serverinfo.installation import (
    AUDIT_KEY,
    CERTIFICATE,
    forget_facts,
    installation_table,
    opens_fact,
)
from polpo.features.subjecttokens.resource import SIGNING_KEYS
from polpo.kernel.secrets import Vault, replace_sealed
from polpo.store.database import Database
from polpo.store.documents import SensitiveValue, secrets_of
from polpo.store.kinds import Kind, kinds, metadata
from polpo.store.sealing import Found, Position, places, stretch
from polpo.store.session import Session

_FACTS = {
    CERTIFICATE: "the certificate of the server, by which agents know it: trust the new one at every agent",
    AUDIT_KEY: "the key of the audit trail: the events up to now stay, but that nobody altered them cannot be verified",
}
_REASON = "The task ended because the server's master key was lost, and with it what the task had kept."


@dataclass(frozen=True)
class Loss:
    """Something that cannot be opened. `what` is a sentence's subject, such as: the account 'aws' (Accounts-1).

    `task_id`: it is nothing that people could enter again, but what that task had kept.
    """

    what: str
    space_id: str | None = None
    secrets: list[str] = field(default_factory=list)
    task_id: str | None = None

    def __str__(self) -> str:
        where = f" in {self.space_id}" if self.space_id else ""
        return f"{self.what}{where}: {', '.join(self.secrets)}" if self.secrets else f"{self.what}{where}"


def unreadable(database: Database) -> Iterator[Loss]:
    """Looks only."""
    for found in _unreadable(database):
        yield _told(found, database.vault)


def clear_unreadable(database: Database) -> Iterator[Loss]:
    """Takes away what does not open, row by row; begun anew after a crash, it goes on with what is left."""
    for found in _unreadable(database):
        loss = _told(found, database.vault)
        database.write_now(lambda session, found=found: _clear(session, found))  # type: ignore[misc]
        yield loss


def _unreadable(database: Database) -> Iterator[Found]:
    position: Position | None = Position()
    while position is not None:
        with database.read() as session:
            found, position = stretch(session.connection, places(session.connection, metadata), position)
        yield from (one for one in found if _is_closed(one, database.vault))


def _is_closed(found: Found, vault: Vault) -> bool:
    """In a document a text of somebody's own may look sealed, so only what is declared as a secret counts there."""
    closed: list[str] = []

    def look(sealed: str) -> str:
        if not found.place.opens(vault, sealed):
            closed.append(sealed)
        return sealed

    replace_sealed(found.text, look)
    kind = _kind_of(found.place.column.table) if closed else None
    return bool(closed) if kind is None else bool(_closed(kind.decoder.decode(found.text), vault))


def _closed(document: object, vault: Vault) -> list[str]:
    """The places of a document's secrets that do not open."""
    return [place for place, one in _named(document) if one.new_value and not vault.is_sealed(one.new_value)]


# -- what a server cannot do without


def forget_unreadable(session: Session) -> list[str]:
    """Takes away what the installation knows of itself and cannot read, so that it is made anew; the names."""
    names = list(_FACTS)
    closed = [name for name in names if not opens_fact(session, name)]
    forget_facts(session, closed)
    if AUDIT_KEY in closed:
        begin_anew(session)
    return closed


def lost_fact(name: str) -> Loss:
    return Loss(_FACTS.get(name, name))


# -- telling


def _told(found: Found, vault: Vault) -> Loss:
    table = found.place.column.table
    if (kind := _kind_of(table)) is not None:
        return _told_document(kind, found, vault)
    if table is installation_table:
        return lost_fact(found.key[0])
    if table in (server_task, task_activity):
        return Loss(f"what the task {found.key[0]} had kept", task_id=found.key[0])
    return Loss(f"{table.name} {'/'.join(map(str, found.key))}")


def _told_document(kind: Kind[Any], found: Found, vault: Vault) -> Loss:
    document = kind.decoder.decode(found.text)
    name = getattr(document, "name", None)
    label = f"the {kind.singular} '{name}' ({document.id})" if name else f"the {kind.singular} {document.id}"
    return Loss(label, getattr(document, "space_id", None), _closed(document, vault))


def _named(value: object, place: str = "") -> Iterator[tuple[str, SensitiveValue]]:
    """Every secret of a document with its place in words that people know, such as: Variables 'Password' Secret."""
    if isinstance(value, SensitiveValue):
        yield place.strip(), value
    elif isinstance(value, msgspec.Struct):
        name = getattr(value, "name", None)
        here = f"{place} '{name}'" if place and name else place
        for attribute in msgspec.structs.fields(value):
            yield from _named(getattr(value, attribute.name), f"{here} {attribute.encode_name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _named(item, f"{place} '{key}'")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _named(item, place)


def _kind_of(table: sa.FromClause) -> Kind[Any] | None:
    return next((kind for kind in kinds.values() if kind.table is table), None)


# -- clearing


def _clear(session: Session, found: Found) -> None:
    table = found.place.column.table
    if table is SIGNING_KEYS.table:
        session.delete(SIGNING_KEYS, found.key[0])  # it could sign nothing; the next one is made in time
    elif (kind := _kind_of(table)) is not None:
        _clear_document(session, kind, found)
    elif table is task_activity:
        queue.end(session, found.key[0], TaskState.FAILED, _REASON)
        keys = zip(table.primary_key.columns, found.key, strict=True)
        session.connection.execute(sa.delete(table).where(*(column == value for column, value in keys)))
    else:
        queue.end(session, found.key[0], TaskState.FAILED, _REASON)
        found.replace(session.connection, replace_sealed(found.text, lambda _sealed: "") or None)


def _clear_document(session: Session, kind: Kind[Any], found: Found) -> None:
    document = kind.decoder.decode(found.text)
    for _, secret in secrets_of(document):
        if secret.new_value is not None and not session.vault.is_sealed(secret.new_value):
            secret.has_value, secret.new_value = False, None
    found.replace(session.connection, msgspec.json.encode(document).decode())
    session.written.add(kind.name)
