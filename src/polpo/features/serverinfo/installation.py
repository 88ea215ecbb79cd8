"""Facts of this installation that live as long as its data: its id, and the certificate that agents trust."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from polpo.features.events.chain import last_number
from polpo.halibut.certificates import Identity
from polpo.store.kinds import metadata
from polpo.store.sealing import sealed
from polpo.store.session import Session

installation_table = sa.Table(
    "installation",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False, info=sealed("server-certificate", "audit-chain")),
)


CERTIFICATE = "certificate"
AUDIT_KEY = "audit-chain"  # the name of the fact, and the purpose that it is sealed for


@dataclass(frozen=True)
class Installation:
    """`identity` is the server's end of every agent connection; agents know it by its thumbprint.

    `audit_key` binds the events of the audit trail together.
    """

    id: str
    identity: Identity
    audit_key: bytes


def load_installation(session: Session) -> Installation:
    """Reads the facts, making them on the first start. The private key is sealed by the vault."""
    vault = session.vault.for_purpose("server-certificate")
    identity_id = _fact(session, "id")
    if identity_id is None:
        identity_id = _remember(session, "id", str(uuid.uuid4()))
    sealed = _fact(session, CERTIFICATE)
    if sealed is None:
        sealed = _remember(session, CERTIFICATE, vault.encrypt(Identity.generate("Polpo Server").to_pem()))
    return Installation(identity_id, Identity.from_pem(vault.decrypt(sealed)), _audit_key(session))


def audit_key(session: Session) -> tuple[bytes, int] | None:
    """The key, and the number of the last event before there was one: whoever has only the database can change neither.

    None for data that a server without a chain of events wrote.
    """
    sealed = _fact(session, AUDIT_KEY)
    if sealed is None:
        return None
    key, _, last = session.vault.for_purpose(AUDIT_KEY).decrypt(sealed).partition(" ")
    return base64.b64decode(key), int(last)


def _audit_key(session: Session) -> bytes:
    """Random, so that it outlives the master key that it is sealed under."""
    known = audit_key(session)
    if known is not None:
        return known[0]
    key = os.urandom(32)
    text = f"{base64.b64encode(key).decode()} {last_number(session)}"
    _remember(session, AUDIT_KEY, session.vault.for_purpose(AUDIT_KEY).encrypt(text))
    return key


def sealed_certificate(session: Session) -> str | None:
    """The certificate as it is kept; None before there is one. Also for a database without any schema."""
    return _fact(session, CERTIFICATE) if sa.inspect(session.connection).has_table("installation") else None


def opens_fact(session: Session, name: str) -> bool:
    """Whether it can be read, or is not there."""
    sealed = _fact(session, name)
    purpose = "server-certificate" if name == CERTIFICATE else AUDIT_KEY
    return sealed is None or session.vault.for_purpose(purpose).is_sealed(sealed)


def forget_facts(session: Session, names: Sequence[str]) -> None:
    """What the server cannot do without is made anew."""
    session.connection.execute(sa.delete(installation_table).where(installation_table.c.name.in_(names)))


def blob_mark(session: Session) -> str | None:
    """By what the installation knows its blob store again; None before it has one."""
    return _fact(session, "blobs")


def note_blob_mark(session: Session, mark: str) -> str:
    """Keeps the mark, or a new one when it is empty. The first one stands."""
    return _fact(session, "blobs") or _remember(session, "blobs", mark or str(uuid.uuid4()))


def _fact(session: Session, name: str) -> str | None:
    table = installation_table
    found = session.connection.execute(sa.select(table.c.value).where(table.c.name == name)).scalar_one_or_none()
    return None if found is None else str(found)


def _remember(session: Session, name: str, value: str) -> str:
    session.connection.execute(sa.insert(installation_table).values(name=name, value=value))
    return value
