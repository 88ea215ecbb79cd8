"""The signing keys over time: which one signs, which are published, when the next is made, and when one goes."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from functools import partial
from itertools import pairwise

from joserfc.jwk import RSAKey
from sqlalchemy.exc import IntegrityError

from polpo.features.subjecttokens.resource import SIGNING_KEYS, SigningKey
from polpo.kernel.errors import Conflict, TaskError
from polpo.store.database import Database
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

#: Whoever trusts the issuer asks for its keys now and then; a key must be known there before it signs, and until the
#: last token that it signed is of no use any more.
SIGNS = timedelta(days=30)
KNOWN_BEFORE = timedelta(days=1)
KNOWN_AFTER = timedelta(days=1)
_BITS = 2048
ALGORITHM = "RS256"


def published(session: Session) -> list[SigningKey]:
    """The keys that tokens may be signed with, now or soon or until just now; the oldest first."""
    now = session.clock.now()
    keys = session.all(SIGNING_KEYS)
    outdated = {
        key.id
        for key, after in pairwise(keys)
        if after.signs_from is not None and after.signs_from + KNOWN_AFTER <= now
    }
    return [key for key in keys if key.id not in outdated]


def signing(session: Session) -> SigningKey:
    """The key that signs now."""
    now = session.clock.now()
    ready = [key for key in session.all(SIGNING_KEYS) if key.signs_from is not None and key.signs_from <= now]
    if not ready:
        raise TaskError("There is no key yet that subject tokens could be signed with; try again.")
    return ready[-1]


async def ensure_key(database: Database) -> None:
    """Makes the first key; whoever is second finds the one of the first."""
    with database.read() as session:
        if session.count(SIGNING_KEYS):
            return
    await _add(database)


async def rotate(database: Database) -> None:
    """Makes the successor when its time has come, and deletes what is published no more.

    Where no token was ever asked for there are no keys, and none are made.
    """
    with database.read() as session:
        has_any, is_due = bool(session.count(SIGNING_KEYS)), _is_due(session)
    if has_any and is_due:
        await _add(database)
    await database.write(_forget)


def _is_due(session: Session) -> bool:
    keys = session.all(SIGNING_KEYS)
    if not keys:
        return True
    latest = keys[-1].signs_from
    return latest is not None and latest + SIGNS - KNOWN_BEFORE <= session.clock.now()


async def _add(database: Database) -> None:
    """The work of making a key is done outside the transaction, so somebody else may be there first."""
    made = await asyncio.to_thread(_generate)
    try:
        await database.write(partial(_keep, made=made))
    except (Conflict, IntegrityError):  # another node made the key of this number
        return


def _generate() -> RSAKey:
    key = RSAKey.generate_key(_BITS, {"use": "sig", "alg": ALGORITHM}, private=True)
    key.ensure_kid()
    return key


def _keep(session: Session, made: RSAKey) -> None:
    if not _is_due(session):
        return
    keys, now = session.all(SIGNING_KEYS), session.clock.now()
    key = SigningKey(
        number=keys[-1].number + 1 if keys else 1,
        public_key=json.dumps(made.as_dict(private=False)),
        private_key=SensitiveValue(has_value=True, new_value=json.dumps(made.as_dict(private=True))),
        signs_from=now + KNOWN_BEFORE if keys else now,
    )
    session.insert(SIGNING_KEYS, key)


def _forget(session: Session) -> None:
    kept = {key.id for key in published(session)}
    for key in session.all(SIGNING_KEYS):
        if key.id not in kept:
            session.delete(SIGNING_KEYS, key.id)
