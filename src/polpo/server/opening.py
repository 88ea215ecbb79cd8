"""Opening the data of an installation: the key, the database and its schema, what it must hold, the blobs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
import structlog

from polpo.features.masterkeys.ring import fits, note_key, vault_of
from polpo.features.serverinfo.installation import Installation, blob_mark, load_installation, note_blob_mark
from polpo.kernel.clock import Clock
from polpo.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from polpo.kernel.secrets import MasterKey, Vault
from polpo.server.bootstrap import FirstSignIn, prepare
from polpo.server.features import EQUIPMENT
from polpo.server.keysource import KeySource
from polpo.server.settings import Settings
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.migrations import is_newest, migrate
from polpo.store.session import Session

T = TypeVar("T")

log = structlog.get_logger("polpo.server")

_PATIENCE = 60.0  # seconds until a database that is not there stops a start
_MARK = "installation/mark"  # the key of the blob by which the store is known again


def open_data(
    settings: Settings,
    clock: Clock | None = None,
    name: str = "polpo",
    recording: Callable[[Installation], Callable[[Session], None]] | None = None,
) -> tuple[Database, Installation, FirstSignIn | None]:
    """The database, brought up to date. Invalid when the data is not ours or the key does not open it.

    `recording` makes what keeps the changes, from the first one on.
    """
    source = KeySource.of(settings)
    is_made = source.read() is None
    try:
        database = open_database(settings, source.choose, clock, name)
    except Conflict as error:  # another node has made its key a moment earlier
        if is_made:
            source.file.path.unlink()
        raise Invalid(f"{error.message} Give all nodes the same key.") from error
    try:
        installation = database.write_now(load_installation)
        database.recorder = recording(installation) if recording else None
        return database, installation, prepare(database, settings, EQUIPMENT)
    except BaseException:
        database.close()
        raise


def open_database(
    settings: Settings,
    choose: Callable[[Session], MasterKey],
    clock: Clock | None = None,
    name: str = "polpo",
    note: Callable[[Session, MasterKey], None] = note_key,
) -> Database:
    """With the schema of this version, and with the master key that `choose` names before anything is written.

    `note` then remembers it.
    """
    database = Database(settings.database, Vault(MasterKey.new()), clock, name)
    try:
        key = _when_there(database, lambda: _chosen(database, choose))
        _when_there(database, lambda: migrate(database.engine))
        database.write_now(lambda session: note(session, key))
        with database.read() as session:
            database.vault = vault_of(session, key)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def data_beside(settings: Settings, key: MasterKey) -> Iterator[Database]:
    """The data for reading, also while servers run; by the key, and by the older ones if it is the one."""
    database = Database(settings.database, Vault(key))
    try:
        with database.read() as session:
            if not is_newest(session.connection):
                raise Invalid("The data is of another version of Polpo; start the server of this version once.")
            if fits(session, key):
                database.vault = vault_of(session, key)
        yield database
    finally:
        database.close()


def _chosen(database: Database, choose: Callable[[Session], MasterKey]) -> MasterKey:
    with database.read() as session:
        return choose(session)


def open_blobs(settings: Settings, database: Database) -> BlobStore:
    """Where several nodes may share the data, Invalid when this is not the store that the others use."""
    blobs = BlobStore.open(settings.blobs)
    if not database.is_shared:
        return blobs
    try:
        present = blobs.get_now(_MARK).decode()
    except NotFound:
        present = ""
    with database.read() as session:
        known = blob_mark(session)
    if known is None:
        known = database.write_now(partial(note_blob_mark, mark=present))
        blobs.put_now(_MARK, known.encode())
    elif present != known:
        raise Invalid(
            "The blob store of this node is not the one that the other nodes of this database use, so packages and logs"
            " would be missing here and there: give all nodes the same --blob-url, such as a shared folder or s3://…."
        )
    return blobs


def _when_there(database: Database, work: Callable[[], T]) -> T:
    """A server may be started together with its database, which takes longer."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return work()
        except (sa.exc.SQLAlchemyError, Unavailable) as error:
            told = error if isinstance(error, Unavailable) else database.backend.explain(error)
            if told is None:
                raise
            is_refused = database.backend.is_refusal(error.__cause__ or error)
            if not isinstance(told, Unavailable) or is_refused or time.monotonic() > deadline:
                raise told from error
            log.warning("the database cannot be used yet; trying again", reason=told.message)
            time.sleep(1)
