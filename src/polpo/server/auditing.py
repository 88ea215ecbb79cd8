"""Verifying the audit trail of an installation from outside of its server, which may run meanwhile."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from polpo.features.events.chain import Chain, Link
from polpo.features.events.verifying import Verdict, verify
from polpo.features.serverinfo.installation import audit_key
from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import MasterKey
from polpo.server.keysource import KeySource
from polpo.server.opening import data_beside
from polpo.server.settings import Settings
from polpo.store.blobs import BlobStore
from polpo.store.database import Database


def verify_trail(settings: Settings, expected: Link | None = None) -> Verdict:
    """Reads all events, and writes nothing. Invalid when there is no data to verify, or the master key is missing."""
    with data_beside(settings, _required_key(settings)) as database:
        try:
            return verify(database, BlobStore.open(settings.blobs), *_chain(database), expected)
        except sa.exc.SQLAlchemyError as error:
            raise database.backend.explain(error) or error from error


def _required_key(settings: Settings) -> MasterKey:
    """What is not there is not made here."""
    address = sa.make_url(settings.database)
    if address.drivername == "sqlite" and not Path(address.database or "").is_file():
        raise Invalid(f"There is no database {address.database}; name the data folder of the server with --data-dir.")
    key = KeySource.of(settings).read()
    if key is None:
        raise Invalid(
            f"The audit trail cannot be verified without the master key, and there is no {settings.key_file}:"
            " set POLPO_MASTER_KEY, or name the data folder of the server with --data-dir."
        )
    return key


def _chain(database: Database) -> tuple[Chain, int]:
    """With the number of the last event before there was one."""
    with database.read() as session:
        if not sa.inspect(session.connection).has_table("event_chain") or (found := audit_key(session)) is None:
            raise Invalid(
                "This installation was never started with a version of Polpo that binds its events together;"
                " start the server once."
            )
    return Chain(found[0]), found[1]
