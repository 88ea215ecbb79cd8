"""Opening the data of an installation: the key, the database and its schema, what it must hold, the blobs."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa
import structlog

from polpo.features.serverinfo.installation import Installation, blob_mark, load_installation, note_blob_mark
from polpo.kernel.clock import Clock
from polpo.kernel.errors import Invalid, NotFound, Unavailable
from polpo.kernel.secrets import SecretUnreadable, Vault, load_master_key
from polpo.server.bootstrap import FirstSignIn, prepare
from polpo.server.features import EQUIPMENT
from polpo.server.settings import Settings
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.migrations import migrate
from polpo.store.session import Session

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
    key_file = Path(settings.data) / "master.key"
    made_key = not settings.master_key and not key_file.exists()
    vault = Vault(load_master_key(key_file, settings.master_key or None))
    database = Database(settings.database, vault, clock, name)
    try:
        _when_there(database, lambda: migrate(database.engine))
        installation = database.write_now(load_installation)
        database.recorder = recording(installation) if recording else None
        return database, installation, prepare(database, settings, EQUIPMENT)
    except BaseException as error:
        database.close()
        if made_key and isinstance(error, SecretUnreadable):
            key_file.unlink()
            raise Invalid(
                "This node has no master key, and the database was written with one that is elsewhere: give it that key"
                " in POLPO_MASTER_KEY, or copy the file master.key of the first node into the data folder."
            ) from error
        raise


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


def _when_there(database: Database, work: Callable[[], None]) -> None:
    """A server may be started together with its database, which takes longer."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            work()
        except sa.exc.SQLAlchemyError as error:
            told = database.backend.explain(error)
            if told is None:
                raise
            if not isinstance(told, Unavailable) or database.backend.is_refusal(error) or time.monotonic() > deadline:
                raise told from error
            log.warning("the database cannot be used yet; trying again", reason=told.message)
            time.sleep(1)
        else:
            return
