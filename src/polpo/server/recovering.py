"""Giving a user a new password from outside of the server, which rests meanwhile."""

from __future__ import annotations

import secrets
from pathlib import Path

import sqlalchemy as sa

from polpo.features.events.chain import Chain
from polpo.features.events.trail import Recorder
from polpo.features.users.passwords import argon2id, refuse_weak
from polpo.features.users.recovery import person_called, recover
from polpo.kernel.errors import Invalid
from polpo.server.datalock import DataLock
from polpo.server.opening import open_data
from polpo.server.settings import Settings


def reset_password(settings: Settings, username: str, password: str | None = None) -> str:
    """The password that the user has now, which is made up where none is given. The audit trail is told.

    Invalid when there is no data, when a server works with it, or when the password is a bad one.
    """
    _require_database(settings)
    lock = DataLock(settings.data)
    try:
        database, _, _ = open_data(settings, recording=lambda made: Recorder(Chain(made.audit_key)))
        try:
            with database.read() as session:
                user = person_called(session, username)
            chosen = password or secrets.token_urlsafe(15)
            refuse_weak(chosen, user)
            hashed = argon2id().hash(chosen)
            database.write_now(lambda session: recover(session, username, hashed))
            return chosen
        finally:
            database.close()
    finally:
        lock.release()


def _require_database(settings: Settings) -> None:
    """What is not there is not made here."""
    address = sa.make_url(settings.database)
    if address.drivername == "sqlite" and not Path(address.database or "").is_file():
        raise Invalid(f"There is no database {address.database}; name the data folder of the server with --data-dir.")
